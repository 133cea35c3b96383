"""A wired instrument, asked as over its cable."""

from datetime import UTC, datetime
from typing import TypeVar

from firmware_sims.kit.cable import Outlet
from firmware_sims.kit.check_value import crc16_modbus
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.kit.wired import WiredInstrument

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
Wired = TypeVar("Wired", bound=WiredInstrument)


def begun_on_a_line(instrument: Wired) -> Wired:
    """Plug it in and have it display once."""
    instrument.plugged_in()
    instrument.process(1.0, NOW)
    return instrument


def ask(instrument: WiredInstrument, request: bytes | str) -> list[bytes]:
    """Say it, and return what leaves, with what its faults do to it."""
    instrument.heard(request if isinstance(request, bytes) else bytes.fromhex(request))
    return Outlet(instrument).pieces()


def shown(instrument: WiredInstrument) -> dict[Quantity, str | None]:
    values = instrument.display.current.values
    return {quantity: None if value is None else str(value) for quantity, value in values}


def with_fault(instrument: Wired, fault: Fault) -> Wired:
    instrument.set_fault(fault, on=True)
    return instrument


def modbus_sealed(body: str) -> bytes:
    covered = bytes.fromhex(body)
    return covered + crc16_modbus(covered).to_bytes(2, "little")


def check_what_happens_on_the_way(instrument: WiredInstrument, question: bytes) -> None:
    """Assert what faults of the way do to an answer of one frame."""
    (whole,) = ask(instrument, question)
    for fault, expected in ((Fault.SILENCE, []), (Fault.DUPLICATE, [whole, whole])):
        assert expected == ask(with_fault(instrument, fault), question)
        instrument.set_fault(fault, on=False)
    pieces = ask(with_fault(instrument, Fault.SPLIT), question)
    assert len(pieces) > 1
    assert whole == b"".join(pieces)
    instrument.set_fault(Fault.SPLIT, on=False)
    if Fault.CORRUPT_BYTE in instrument.known_faults:
        (damaged,) = ask(with_fault(instrument, Fault.CORRUPT_BYTE), question)
        assert 1 == sum(a != b for a, b in zip(whole, damaged, strict=True))
        instrument.set_fault(Fault.CORRUPT_BYTE, on=False)
    _check_delay(instrument, question, whole)


def _check_delay(instrument: WiredInstrument, question: bytes, whole: bytes) -> None:
    outlet = Outlet(with_fault(instrument, Fault.DELAY))
    instrument.hold = True
    instrument.heard(question)
    assert [] == outlet.pieces()
    instrument.process(1.6, NOW)
    assert [whole] == outlet.pieces()
