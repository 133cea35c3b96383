"""Which terminals there are, and which are ours to be paid with."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.ports import Clock
from agent.usecases.payments.journal import PairedTerminal, TerminalRecords
from agent.usecases.payments.line import AskTotals, TerminalLine
from agent.usecases.work import UnknownError, WorkError
from contract.wire.captured import Technician
from contract.wire.payment import CapturedTerminal
from contract.words import Words
from drivers.payment.kinds import TerminalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A terminal that the settings name."""

    name: str
    kind: TerminalKind
    address: str
    line: TerminalLine
    partial: bool
    """Whether less than was asked for may be paid."""
    totals: AskTotals | None = None
    """Has it say the totals of its day."""


class Terminals:
    """The terminals of the settings, and a person's word that they are ours."""

    def __init__(
        self, known: Mapping[str, Terminal], records: TerminalRecords, clock: Clock
    ) -> None:
        self._known = known
        self._records = records
        self._clock = clock

    def all(self) -> list[Terminal]:
        """Return every terminal of the settings, by name."""
        return [self._known[each] for each in sorted(self._known)]

    def get(self, name: str) -> Terminal | None:
        """Return a terminal of the settings, None when they do not name it any more."""
        return self._known.get(name)

    def one(self, name: str) -> Terminal:
        """Return a terminal of the settings; raises UnknownError."""
        found = self._known.get(name)
        if found is None:
            raise UnknownError(
                "terminal", Words("the settings name no terminal {name}", name=name)
            )
        return found

    async def pairing(self, terminal: Terminal) -> PairedTerminal | None:
        """Return a person's word for a terminal; None where nobody gave it, or gave it for another place or kind."""
        for each in await self._records.terminals():
            if each.name == terminal.name:
                same = (each.kind, each.address) == (terminal.kind.slug, terminal.address)
                return each if same else None
        return None

    async def paired(self, name: str) -> Terminal:
        """Return a terminal that may be sent an amount; raises WorkError."""
        terminal = self.one(name)
        if await self.pairing(terminal) is None:
            raise WorkError(
                "terminal",
                Words("{name} is not paired: pair it where terminals are listed", name=name),
            )
        return terminal

    async def pair(self, name: str, by: Technician) -> Terminal:
        """Write down that a terminal is ours, as it is set up now; raises UnknownError."""
        terminal = self.one(name)
        await self._records.keep_terminal(
            PairedTerminal(
                name=name,
                kind=terminal.kind.slug,
                address=terminal.address,
                paired_by=by,
                paired_at=self._clock.now(),
            )
        )
        return terminal

    async def unpair(self, name: str) -> None:
        """Send no more amounts to a terminal; raises UnknownError."""
        if not await self._records.drop_terminal(name):
            self.one(name)


def captured(terminal: Terminal) -> CapturedTerminal:
    """Return a terminal as captures name it."""
    return CapturedTerminal(
        name=terminal.name,
        kind=terminal.kind.slug,
        address=terminal.address,
        grade=terminal.kind.grade,
    )
