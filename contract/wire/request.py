"""A request to fill fields, carried between a form engine and an agent: what is wanted, and how it goes."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contract.reading import Status
from contract.unit import Unit
from contract.wire.base import Bilingual, FieldName, Name, Number, Place, ShortText, WireModel


class RequestState(StrEnum):
    """Where a request to fill fields stands."""

    REQUESTED = "requested"
    WAITING = "waiting"
    """No instrument has said anything yet."""
    SAMPLING = "sampling"
    STABLE = "stable"
    """Every field has its value."""
    CAPTURED = "captured"
    """Signed, on its way to the disk."""
    ACCEPTED = "accepted"
    """On disk."""
    REJECTED = "rejected"
    EXPIRED = "expired"


ENDED = frozenset({RequestState.ACCEPTED, RequestState.REJECTED, RequestState.EXPIRED})


class FieldStatus(StrEnum):
    """Where one field of a request stands; nothing is saved unless all have their value."""

    WAITING = "waiting"
    SAMPLING = "sampling"
    SAMPLED = "sampled"
    REFUSED = "refused"


class CaptureOrder(WireModel):
    """Which fields to fill; ``instruments`` names the one for a field where several could serve."""

    intervention: Name
    report: Name
    group: Name | None = None
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=64)]
    instruments: dict[FieldName, ShortText] = Field(default_factory=dict[str, str])


class FieldProgress(WireModel):
    """How far one field is: the instrument, its last value in its own unit, and how steady that is."""

    state: FieldStatus
    instrument: ShortText | None = None
    vendor: ShortText | None = None
    model: ShortText | None = None
    serial: ShortText | None = None
    value: Number | None = None
    unit: Unit | None = None
    status: Status | None = None
    spread: Number | None = None
    """With ``stable``: how far the last values lie apart, in the field's unit."""
    reason: Bilingual | None = None


class RequestProgress(WireModel):
    """How a request goes."""

    state: RequestState
    reason: Bilingual | None = None
    fields: dict[FieldName, FieldProgress] = Field(default_factory=dict[str, FieldProgress])
    captures: tuple[Place, ...] = ()
