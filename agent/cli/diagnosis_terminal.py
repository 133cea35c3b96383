"""Look at payment terminals, without asking any of them for money."""

from collections.abc import Mapping

from agent.cli.diagnosis import Finding
from agent.usecases.payments.terminals import Terminal
from contract.payment.money import Money
from contract.payment.stated import Operation, Unsent
from drivers.payment.dialogue import AboutToSend, Asked, NotSent, PaymentEvent, Rejected

_PROBE = Asked(Operation.CHARGE, Money(1, "EUR"), "0000000000")
"""Never sent: the conversation is ended before its first byte that could move money."""
_REMEDIES: Mapping[Unsent, str] = {
    Unsent.NO_CONNECTION: "switch it on; look at cable, network and address",
    Unsent.NO_ANSWER: "on the terminal switch the connection to a till on, with this protocol and port",
    Unsent.BUSY: "end what it shows, then look again",
    Unsent.NOT_REGISTERED: "compare the password, or the key, with the terminal's",
}


class _ReachedError(Exception):
    """The terminal would take a request now; none is made."""


async def findings(terminals: Mapping[str, Terminal]) -> list[Finding]:
    """Speak with each terminal up to where it would take an amount, and tell how it went."""
    return [await _finding(each) for each in terminals.values()]


async def _finding(terminal: Terminal) -> Finding:
    about = f"{terminal.name} ({terminal.kind.called}, {terminal.address})"
    unsent: Unsent | None = None
    nonsense: str | None = None

    async def told(event: PaymentEvent) -> None:
        nonlocal unsent, nonsense
        match event:
            case AboutToSend():
                raise _ReachedError
            case NotSent(why=why):
                unsent = why
            case Rejected(reason=reason):
                nonsense = reason
            case _:
                pass

    try:
        await terminal.line.operate(_PROBE, told)
    except _ReachedError:
        return Finding(about=about, good=True, found="it is there, and would take a request")
    why = unsent or Unsent.NO_ANSWER
    found = why.replace("_", " ") if nonsense is None else f"it answers otherwise: {nonsense}"
    return Finding(
        about=about, good=False, found=found, remedy=_REMEDIES.get(why, "look at its display")
    )
