"""The simulated Smart Probes say, byte for byte, what the protocol page says."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.gatt import WriteRefusedError
from firmware_sims.kit.quantities import Quantity
from firmware_sims.testo_smart_probe import SmartProbe, checked
from firmware_sims.testo_smart_probe_models import MODELS

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs" / "protocols" / "testo-smart-probe.md"
VECTORS = PAGE.read_text(encoding="utf-8").split("## 5. Vectors")[1].split("## 6.")[0]
LABELLED = re.compile(r"^(?P<label>\S.*?) {2,}(?P<bytes>(?:[0-9a-f]{2} ?)+)(?: {2,}.*)?$", re.M)
PRESSURE = re.compile(r"^\| (?P<value>[−0-9.]+) Pa \| `(?P<bytes>[0-9a-f ]+)` \|$", re.M)
PRESSURE_HEAD = bytes.fromhex("10 80 20 00 00 00 08 95 14 00 00 00") + b"DifferentialPressure"

FRAMES = {hit["label"]: bytes.fromhex(hit["bytes"]) for hit in LABELLED.finditer(VECTORS)}
PRESSURES = [
    (hit["value"].replace("−", "-"), bytes.fromhex(hit["bytes"]))
    for hit in PRESSURE.finditer(VECTORS)
]
WRITES = [label for label, frame in FRAMES.items() if frame[0] not in {0x03, 0x07, 0x10}]


def probe(model: str = "T549i") -> SmartProbe:
    made = SmartProbe(model, "46512997", Random(1))
    made.process(0.5, NOW)
    return made


def streaming(model: str = "T549i") -> SmartProbe:
    made = probe(model)
    for label in ("open", "query", "start"):
        write(made, FRAMES[label])
    made.take_outgoing()
    return made


def write(to: SmartProbe, request: bytes) -> list[bytes]:
    """Write as the page says: 20 bytes, then the rest."""
    for at in range(0, len(request), 20):
        to.written(request[at : at + 20])
    return to.take_outgoing()


def test_the_page_was_read_whole():
    assert 20 == len(FRAMES)
    assert 10 == len(PRESSURES)
    assert 10 == len(WRITES)


@pytest.mark.parametrize("label", FRAMES)
def test_all_check_values_of_the_page_are_right(label: str):
    frame = FRAMES[label]

    assert checked(frame[:6]) == frame[:8]
    assert len(frame) == 8 or checked(frame[8:-2]) == frame[8:]


@pytest.mark.parametrize(("value", "tail"), PRESSURES)
def test_a_pressure_comes_out_as_recorded(value: str, tail: bytes):
    instrument = streaming()
    instrument.set_values({Quantity.DIFFERENTIAL_PRESSURE: Decimal(value)})

    assert PRESSURE_HEAD + tail == instrument.measurement(instrument.model.measured[0])
    shown = instrument.display.current.value(Quantity.DIFFERENTIAL_PRESSURE)
    assert Decimal(value) == shown


def test_a_line_temperature_comes_out_as_recorded():
    instrument = streaming("T115i")
    # The page's label is rounded: cb 4d 9e 41 is 19.787985.
    instrument.set_values({Quantity.LINE_TEMPERATURE: Decimal("19.787985")})

    assert FRAMES["19.788 °C, T115i"] == instrument.measurement(instrument.model.measured[0])


@pytest.mark.parametrize("value", ["100.0", "92.393814"])
def test_a_battery_level_comes_out_as_recorded(value: str):
    instrument = streaming()
    instrument.set_values({Quantity.BATTERY_LEVEL: Decimal(value)})

    assert FRAMES[f"battery {value} %"] == instrument.battery()


def test_a_pressed_button_is_an_event_and_its_release_another():
    instrument = streaming("T805i")
    instrument.do(Act.PRESS_BUTTON, "")

    assert [FRAMES["button pressed"], FRAMES["button released"]] == instrument.take_outgoing()


def test_an_idle_t805i_says_so():
    instrument = streaming("T805i")
    for _ in range(70):
        instrument.process(0.5, NOW)

    assert FRAMES["idle"] in instrument.take_outgoing()


@pytest.mark.parametrize(
    ("request_label", "reply_label", "model"),
    [
        ("open", "acknowledgement", "T549i"),
        ("query", "reply to query", "T549i"),
        ("get FirmwareVersion", "firmware 001.101.0001", "T549i"),
        ("start", "acknowledgement", "T549i"),
        ("zero", "acknowledgement", "T549i"),
        ("emission 0.95", "acknowledgement", "T805i"),
    ],
)
def test_a_request_of_the_page_gets_the_reply_of_the_page(
    request_label: str, reply_label: str, model: str
):
    instrument = probe(model)
    write(instrument, FRAMES["open"])

    assert [FRAMES[reply_label]] == write(instrument, FRAMES[request_label])


@pytest.mark.parametrize(
    ("request_label", "sequence"),
    [("query, sequence 1", 1), ("start, sequence 3", 3), ("start, sequence 4", 4)],
)
def test_a_reply_echoes_the_sequence(request_label: str, sequence: int):
    instrument = probe()
    write(instrument, FRAMES["open"])

    (reply,) = write(instrument, FRAMES[request_label])
    assert (0x07, sequence) == (reply[0], reply[1])
    assert checked(reply[:6]) == reply[:8]


def test_temperature_compensation_is_told_with_the_sequence_of_the_page():
    instrument = probe()
    write(instrument, FRAMES["open"])
    name = b"TempCompensationActive"
    payload = checked(bytes((len(name), 0, 0, 0)) + name)
    request = checked(bytes((0x04, 3, len(payload), 0, 0, 0))) + payload

    assert [FRAMES["reply, sequence 3"]] == write(instrument, request)


def test_the_reply_to_measurement_cycle_was_never_captured_and_does_not_come():
    instrument = probe()
    write(instrument, FRAMES["open"])

    assert [] == write(instrument, FRAMES["get MeasurementCycle"])


@pytest.mark.parametrize(
    ("model", "header"),
    [
        ("T805i", "10 80 1e 00 00 00 05 7d"),
        ("T405i", "10 80 17 00 00 00 06 e1"),
    ],
)
def test_headers_the_page_gives_alone(model: str, header: str):
    instrument = streaming(model)

    frame = instrument.measurement(instrument.model.measured[0])
    assert bytes.fromhex(header) == frame[:8]


def test_the_header_of_a_velocity():
    instrument = streaming("T405i")

    frame = instrument.measurement(instrument.model.measured[1])
    assert bytes.fromhex("10 80 14 00 00 00 06 a5") == frame[:8]


def test_nothing_is_answered_before_open():
    assert [] == write(probe(), FRAMES["query"])
    assert [] == write(probe(), FRAMES["start"])


def test_a_write_of_more_than_twenty_bytes_is_refused():
    with pytest.raises(WriteRefusedError):
        probe().written(FRAMES["zero"])


def test_a_damaged_request_is_not_answered_and_the_next_one_is():
    instrument = probe()
    broken = bytes((FRAMES["open"][0] ^ 1,)) + FRAMES["open"][1:]

    assert [] == write(instrument, broken)
    assert [FRAMES["acknowledgement"]] == write(instrument, FRAMES["open"])


def test_unzeroed_it_reads_about_four_thousand_off_and_zeroed_about_nothing():
    instrument = streaming()
    assert -4200 < instrument.sensors[Quantity.DIFFERENTIAL_PRESSURE].value < -4000

    write(instrument, FRAMES["zero"])
    instrument.process(0.5, NOW)

    assert abs(instrument.sensors[Quantity.DIFFERENTIAL_PRESSURE].value) < 10


def test_a_measurement_comes_every_half_second_and_is_what_is_displayed():
    instrument = streaming()
    frames: list[bytes] = []
    for _ in range(41):
        instrument.process(0.05, NOW)
        frames += instrument.take_outgoing()

    assert 4 == len(frames)
    assert frames[-1] == instrument.measurement(instrument.model.measured[0])


def test_the_battery_is_told_every_so_often():
    instrument = streaming()
    for _ in range(125):
        instrument.process(0.5, NOW)

    names = [frame[12:24] for frame in instrument.take_outgoing()]
    assert 2 == names.count(b"BatteryLevel")


def test_hold_freezes_the_display_and_what_is_sent():
    instrument = streaming()
    instrument.set_values({Quantity.DIFFERENTIAL_PRESSURE: Decimal("0.1")})
    instrument.hold = True
    counter = instrument.display.current.counter
    for _ in range(5):
        instrument.process(0.5, NOW)

    assert counter == instrument.display.current.counter
    assert 1 == len(set(instrument.take_outgoing()))


def test_streaming_ends_with_the_link():
    instrument = streaming()
    instrument.disconnected()
    instrument.process(0.5, NOW)

    assert [] == instrument.take_outgoing()
    assert "idle" == instrument.state


def test_silence_answers_nothing_and_sends_nothing():
    instrument = streaming()
    instrument.set_fault(Fault.SILENCE, on=True)
    instrument.process(0.5, NOW)

    assert [] == write(instrument, FRAMES["query"])


def test_a_wrong_status_is_none_that_was_recorded():
    instrument = streaming()
    instrument.set_fault(Fault.WRONG_STATUS, on=True)

    frame = instrument.measurement(instrument.model.measured[0])
    assert frame[-4:-2] not in {b"\x00\x00", b"\x01\x00"}
    assert checked(frame[8:-2]) == frame[8:]


def test_a_corrupt_byte_breaks_each_frame():
    instrument = streaming()
    instrument.set_fault(Fault.CORRUPT_BYTE, on=True)
    instrument.process(0.5, NOW)

    (frame,) = instrument.take_outgoing()
    assert frame != instrument.measurement(instrument.model.measured[0])


def test_a_defect_sensor_shows_no_value():
    instrument = streaming()
    instrument.set_fault(Fault.SENSOR_DEFECT, on=True)

    assert instrument.display.current.value(Quantity.DIFFERENTIAL_PRESSURE) is None


def test_a_low_battery_is_told():
    instrument = streaming()
    instrument.set_fault(Fault.LOW_BATTERY, on=True)

    assert Decimal(4) == instrument.display.current.value(Quantity.BATTERY_LEVEL)


@pytest.mark.parametrize(
    ("model", "name"), [("T549i", "T549i SN:46512997"), ("T805i", "T805i"), ("T405i", None)]
)
def test_the_local_name_is_as_the_page_says(model: str, name: str | None):
    assert (name or "T405i SN:46512997") == probe(model).name


def test_the_serial_characteristic_of_a_t405i_holds_a_text():
    (_, information) = probe("T405i").services()
    (_, serial) = information.characteristics

    assert serial.read is not None
    assert b"Serial Number" == serial.read()


@pytest.mark.parametrize("model", MODELS)
def test_every_model_streams_what_its_table_says(model: str):
    instrument = streaming(model)
    instrument.process(0.5, NOW)

    assert len(MODELS[model].measured) == len(instrument.take_outgoing())
