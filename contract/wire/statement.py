"""The statement of a capture: what the edge says, in the very bytes that are hashed.

v1. Fields are only ever added, and optional; an unknown field is ignored, an unknown ``v`` or ``kind`` is refused.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from contract.payment.money import Money
from contract.payment.stated import Doubt, Operation, Why
from contract.payment.stated import Entry as CardEntry
from contract.unit import Unit
from contract.wire.base import (
    FieldName,
    Hash,
    LongText,
    Name,
    Place,
    ShortText,
    Time,
    WireModel,
)
from contract.wire.captured import (
    CapturedInstrument,
    CapturedReading,
    ClockReading,
    Technician,
)
from contract.wire.complaint import complaint
from contract.wire.drawing import Drawing
from contract.wire.payment import (
    AttemptId,
    CapturedTerminal,
    Currency,
    LastFour,
    MinorUnits,
    PaymentState,
    SettledBy,
)


class Kind(StrEnum):
    """Kinds of capture."""

    MEASUREMENT = "measurement"
    ENTRY = "entry"
    TRANSITION = "transition"
    SCAN = "scan"
    NOTE = "note"
    IMPORT = "import"
    STEP = "step"
    DECISION = "decision"
    SIGNATURE = "signature"
    PAYMENT = "payment"


class _Statement(WireModel):
    v: Literal[1] = 1
    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    """Keeps the hash of an erased statement from being guessed."""
    intervention: Name
    by: Technician
    at: Time
    clock: ClockReading
    replaces: tuple[Place, ...] = ()
    """Earlier captures of the same agent that this one takes the place of."""


class _OfReport(_Statement):
    report: Name
    group: Name | None = None
    """The occurrence of a repeated group."""


class Measurement(_OfReport):
    """Readings of one instrument, taken together."""

    kind: Literal[Kind.MEASUREMENT] = Kind.MEASUREMENT
    instrument: CapturedInstrument
    readings: Annotated[tuple[CapturedReading, ...], Field(min_length=1, max_length=64)]


class Entry(_OfReport):
    """An answer typed or chosen by a person; with a quantity and a unit it stands for a reading."""

    kind: Literal[Kind.ENTRY] = Kind.ENTRY
    field: FieldName
    value: LongText | bool | None = None
    """None clears the field. A number is written as text."""
    unit: Unit | None = None
    reason: ShortText | None = None


class Action(StrEnum):
    """Steps of an intervention that a technician takes."""

    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


class Transition(_Statement):
    """A step of the intervention."""

    kind: Literal[Kind.TRANSITION] = Kind.TRANSITION
    action: Action
    up_to: tuple[Place, ...] = ()
    """With ``close``: the last capture of each epoch. The intervention completes when all up to them have arrived."""


class Scan(_OfReport):
    """A code read by a scanner."""

    kind: Literal[Kind.SCAN] = Kind.SCAN
    field: FieldName
    text: LongText
    symbology: ShortText | None = None
    """Symbology identifier of ISO/IEC 15424, where the scanner states it: ``]C1``."""
    element: ShortText | None = None
    """GS1 application identifier of the element that ``text`` is the value of."""
    code: LongText | None = None
    """The whole code, where ``text`` is an element of it."""
    instrument: CapturedInstrument


class ImportedFile(WireModel):
    """A file that readings were taken over from, and which of its measurements."""

    name: ShortText
    sha256: Hash
    format: Name
    measurement: Annotated[int, Field(ge=1)] = 1
    """Counts from 1, in the order of the file."""
    mapping_sha256: Hash | None = None
    """Of the text of the mapping, in UTF-8, where the file needed one to be read."""


class Import(_OfReport):
    """Readings that a person took over from a file.

    Nobody watched the instrument: what the file says of it and of the moment is only stated, and there is no state of
    calibration. ``at`` is when the person took them over.
    """

    kind: Literal[Kind.IMPORT] = Kind.IMPORT
    file: ImportedFile
    stated_vendor: ShortText | None = None
    stated_model: ShortText | None = None
    stated_serial: ShortText | None = None
    stated_at: ShortText | None = None
    """The moment as the file says it, with a zone or without."""
    readings: Annotated[tuple[CapturedReading, ...], Field(min_length=1, max_length=64)]


class StepEvent(StrEnum):
    """What happened to a step of a procedure."""

    BEGUN = "begun"
    DONE = "done"
    ACKNOWLEDGED = "acknowledged"
    """The technician acknowledged what the step says."""
    RESTARTED = "restarted"
    """The procedure begins again, from this step; what was done of it before counts no more."""


class Step(_OfReport):
    """What happened to a step of a procedure that the report's form leads through; fills no field."""

    kind: Literal[Kind.STEP] = Kind.STEP
    procedure: Name
    step: Name
    event: StepEvent


class Decision(_OfReport):
    """What the technician chose in a step of a procedure; fills no field."""

    kind: Literal[Kind.DECISION] = Kind.DECISION
    procedure: Name
    step: Name
    choice: ShortText


class Signature(_OfReport):
    """Somebody's hand under a report as it was shown; ``by`` held the device. Fills no field."""

    kind: Literal[Kind.SIGNATURE] = Kind.SIGNATURE
    signatory: FieldName
    """Which of the form's signatures it is."""
    name: ShortText
    """Of whoever signed."""
    capacity: ShortText | None = None
    """As what they signed: the owner, a tenant."""
    drawing: Drawing
    report_sha256: Hash
    """Of the report as it was shown, by ``contract.forms.digest``."""


class Payment(_Statement):
    """How an attempt to take or give back money stands; ``by`` asked for it, or settled it. Fills no field.

    A later one of the same attempt takes the place of an earlier one.
    """

    kind: Literal[Kind.PAYMENT] = Kind.PAYMENT
    attempt: AttemptId
    operation: Operation
    of: AttemptId | None = None
    """The attempt whose money goes back."""
    state: PaymentState
    asked_minor_units: MinorUnits
    paid_minor_units: MinorUnits | None = None
    """With ``approved``: what really moved."""
    currency: Currency
    terminal: CapturedTerminal
    begun: Time
    settled_by: SettledBy | None = None
    """None while it is unknown."""
    reason: ShortText | None = None
    doubt: Doubt | None = None
    """Why it is, or was, unknown."""
    why: Why | None = None
    code: ShortText | None = None
    """The terminal's own code of ``why``."""
    authorisation: ShortText | None = None
    receipt: ShortText | None = None
    trace: ShortText | None = None
    stated_at: ShortText | None = None
    last_four: LastFour | None = None
    application: ShortText | None = None
    entry: CardEntry | None = None
    ticket: LongText | None = None
    """The customer's, without anything of a card but its last four digits."""

    @property
    def asked(self) -> Money:
        """What the terminal was asked for."""
        return Money(self.asked_minor_units, self.currency)

    @property
    def moved(self) -> Money | None:
        """What really moved, None while or where nothing did."""
        return Money(self.paid_minor_units, self.currency) if self.paid_minor_units else None


class Note(_Statement):
    """Free text."""

    kind: Literal[Kind.NOTE] = Kind.NOTE
    text: LongText


Statement = Annotated[
    Measurement
    | Entry
    | Transition
    | Scan
    | Note
    | Import
    | Step
    | Decision
    | Signature
    | Payment,
    Field(discriminator="kind"),
]

STATEMENT: TypeAdapter[Statement] = TypeAdapter(Statement)


class StatementError(ValueError):
    """A statement cannot be understood by this version."""


OfReport = Measurement | Entry | Scan | Import
"""Statements that fill fields of a report."""

OfProcedure = Step | Decision
"""Statements that carry a procedure of a report on."""


def parse(text: str) -> Statement:
    """Return the statement written in ``text``; raises StatementError that names the field."""
    try:
        return STATEMENT.validate_json(text)
    except ValidationError as error:
        raise StatementError(explain(error)) from error


def explain(error: ValidationError) -> str:
    """Return the first fault of a message as ``field: what is wrong``."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "message"
    return f"{place}: {complaint(first)}"
