"""Retained caches and live values: what the pages show of an agent and its instruments. Never evidence."""

from typing import Annotated, Literal

from pydantic import Field

from contract.instrument import Grade
from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from contract.wire.base import Name, Number, ShortText, Time, WireModel
from contract.wire.captured import Calibrated, ClockReading, Technician
from contract.wire.event import Event


class AgentState(WireModel):
    """How an agent is. The broker says ``online: false`` in its place when the link is lost."""

    online: bool
    version: ShortText | None = None
    clock: ClockReading | None = None
    outbox: Annotated[int, Field(ge=0)] | None = None
    """Captures that wait for a receipt."""
    signed_in: Technician | None = None


class AgentStateEvent(Event):
    """The topic ``state``, retained."""

    type: Literal["releve.agent.state.v1"] = "releve.agent.state.v1"
    data: AgentState


class InstrumentDescriptor(WireModel):
    """What a paired instrument is."""

    id: ShortText
    slug: Name
    vendor: ShortText
    model: ShortText
    serial: ShortText | None = None
    address: ShortText | None = None
    firmware: ShortText | None = None
    role: ShortText | None = None
    grade: Grade
    quantities: tuple[Quantity, ...]
    calibration: Calibrated
    paired_by: Technician
    paired_at: Time


class InstrumentDescriptorEvent(Event):
    """The topic ``instrument/{id}/descriptor``, retained; an empty message takes it back."""

    type: Literal["releve.instrument.descriptor.v1"] = "releve.instrument.descriptor.v1"
    data: InstrumentDescriptor


class InstrumentState(WireModel):
    """How a paired instrument is now."""

    id: ShortText
    connected: bool
    reason: ShortText | None = None
    """Why it is not connected, or cannot measure."""
    zeroed: bool | None = None
    battery: Number | None = None
    """Percent."""
    last_seen: Time | None = None


class InstrumentStateEvent(Event):
    """The topic ``instrument/{id}/state``, retained."""

    type: Literal["releve.instrument.state.v1"] = "releve.instrument.state.v1"
    data: InstrumentState


class LiveReading(WireModel):
    """One current value."""

    quantity: Quantity
    value: Number | None = None
    unit: Unit
    status: Status
    substance: ShortText | None = None


class Live(WireModel):
    """Current values of one instrument: a preview, not kept anywhere."""

    id: ShortText
    at: Time
    readings: tuple[LiveReading, ...]


class LiveEvent(Event):
    """The topic ``instrument/{id}/live``, QoS 0, not retained."""

    type: Literal["releve.instrument.live.v1"] = "releve.instrument.live.v1"
    data: Live
