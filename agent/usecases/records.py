"""What the agent keeps beside captures: technicians, pairings, assignments, forms, commands."""

from datetime import date, datetime
from typing import Annotated, Protocol

from pydantic import Field, StringConstraints

from contract.forms.form import Form
from contract.instrument import Calibration, Grade, InstrumentIdentity, called
from contract.wire.base import Name, ShortText, Time, WireModel
from contract.wire.captured import Technician
from contract.wire.down import Assignment, Command, CommandOutcome
from contract.words import Words

MAX_SHORT = 200
"""Characters in a ShortText."""


BindKey = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}){1,32}$")]
"""In hexadecimal."""


class Pairing(WireModel):
    """A person's statement that this instrument is theirs to measure with."""

    instrument: ShortText
    slug: Name
    vendor: ShortText
    model: ShortText
    serial: ShortText | None = None
    address: ShortText | None = None
    stated_serial: ShortText | None = None
    """What it said over the link, where it does not say a serial before one speaks with it."""
    medium: ShortText
    firmware: ShortText | None = None
    grade: Grade
    role: ShortText | None = None
    calibrated_on: date | None = None
    calibration_due: date | None = None
    certificate: ShortText | None = None
    bind_key: BindKey | None = Field(default=None, repr=False)
    """What its advertisements are encrypted with, in hexadecimal. Secret: it leaves this store nowhere."""
    paired_by: Technician
    paired_at: Time

    @property
    def secret_key(self) -> bytes | None:
        return None if self.bind_key is None else bytes.fromhex(self.bind_key)

    @property
    def called(self) -> Words:
        """What people call the instrument."""
        return called(self.vendor, self.model)

    def known_serial(self, *, confirmed: bool) -> str | None:
        """Return the serial; one that was said over the link counts where it was ``confirmed`` in this session."""
        return self.serial or (self.stated_serial if confirmed else None)

    @property
    def calibration(self) -> Calibration:
        return Calibration(
            on=self.calibrated_on,
            due=self.calibration_due,
            certificate=self.certificate,
            stated_by=self.paired_by.name,
        )

    def mistrusts(self, identity: InstrumentIdentity, medium: str) -> str | None:
        """Return why an instrument that shows itself under our id is not the one that was paired, None when it is."""
        if self.slug != identity.slug or self.serial != identity.serial:
            return Words("another serial")
        if medium == self.medium == "ble" and identity.address != self.address:
            return Words(
                "the same serial at another address, {address}: pair again if it is yours",
                address=identity.address,
            )
        return None


class TechnicianRecords(Protocol):
    """Who may sign in."""

    async def technicians(self) -> list[Technician]: ...
    async def pin_hash(self, technician: str) -> str | None: ...
    async def keep_technician(
        self, technician: Technician, pin_hash: str, *, refunds: bool | None = None
    ) -> None:
        """Let somebody sign in; ``refunds``: whether they may give money back, None: as before, at first not."""
        ...


class PairingRecords(Protocol):
    """Which instruments are ours."""

    async def pairings(self) -> list[Pairing]: ...
    async def keep_pairing(self, pairing: Pairing) -> None: ...
    async def drop_pairing(self, instrument: str) -> bool: ...


class WorkRecords(Protocol):
    """What there is to do."""

    async def assignments(self) -> list[Assignment]: ...
    async def keep_assignment(self, assignment: Assignment) -> bool:
        """Keep it unless the same or a later revision is kept already; tell whether it was kept."""
        ...

    async def form(self, form: str, version: int) -> Form | None: ...
    async def keep_form(self, form: Form) -> bool:
        """Keep a version; False, and nothing is changed, when another content is kept under it."""
        ...


class CommandRecords(Protocol):
    """Which commands were taken on."""

    async def take_on(self, command: Command) -> bool:
        """Write the command down before it is run; False when it was taken on before."""
        ...

    async def end(self, command: str, outcome: CommandOutcome, detail: str | None) -> None: ...


def short(stated: str) -> str | None:
    """Return what an instrument or a library stated as a ShortText, cut if need be; None when nothing is left."""
    kept = stated.encode(errors="replace").decode()[:MAX_SHORT]
    # Words that need no cut stay words, which another language can be made from.
    return (stated if kept == stated else kept) or None


def today(now: datetime) -> date:
    """Return the day calibration is judged on: the local one."""
    return now.astimezone().date()
