"""The simulated BTHome sensors say, byte for byte, what the protocol page says."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from firmware_sims.air import RunningBench
from firmware_sims.bthome import BTHomeSensor, SealedSensor, sensor
from firmware_sims.bthome_objects import MODELS, Model
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.quantities import Quantity
from tests.sims.recorded import came
from tests.sims.set_ups import set_up

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ROOM_FOR_DATA = 24
"""Of 31 bytes: flags take three, the header of service data four."""

WARM = {"temperature": "25.06", "relative_humidity": "50.55"}
PRESSURE = {"absolute_pressure": "1008.83"}
VECTORS = [
    (0x40, (0x02, 0x03), WARM, "40 02 ca 09 03 bf 13"),
    (0x40, (0x04,), PRESSURE, "40 04 13 8a 01"),
    (
        0x40,
        (0x00, 0x01, 0x02, 0x03),
        {"battery_level": "93", "temperature": "23.97", "relative_humidity": "63.27"},
        "40 00 09 01 5d 02 5d 09 03 b7 18",
    ),
    (0x40, (0x12,), {"carbon_dioxide_ambient": "1250"}, "40 12 e2 04"),
    (0x40, (0x4B,), {"gas_volume": "1346.067"}, "40 4b 13 8a 14"),
    (0x40, (0x06,), {"mass": "80.3"}, "40 06 5e 1f"),
    (0x40, (0x0C,), {"voltage": "3.074"}, "40 0c 02 0c"),
    (0x42, (0x04,), PRESSURE, "42 b2 18 8d 38 c1 a4 04 13 8a 01"),
]
SEALED = "41 a4 72 66 c9 5f 73 00 11 22 33 78 23 72 14"
COUNTER = 0x33221100


class OfThePage(BTHomeSensor):
    """Has the address and the packet that the page's vectors have."""

    address = "A4:C1:38:8D:18:B2"


class SealedOfThePage(SealedSensor):
    address = "54:48:E6:8F:80:A5"
    bind_key = bytes.fromhex("231d39c1d7cc1ab1aee224cd096db932")


def displayed(instrument: BTHomeSensor) -> dict[str, str | None]:
    return {code: each["value"] for code, each in instrument.display.current.as_json().items()}


def set_to(instrument: BTHomeSensor, values: dict[str, str]) -> BTHomeSensor:
    instrument.set_values({Quantity(code): Decimal(value) for code, value in values.items()})
    return instrument


def made(model: str = "plain") -> BTHomeSensor:
    instrument = sensor(model, "254001", Random(1))
    instrument.process(1.0, NOW)
    return instrument


def on_the_air(instrument: BTHomeSensor) -> bytes:
    told = instrument.broadcast()
    assert told is not None
    assert 0xFCD2 == told.service
    return told.data


def second_by_second(instrument: BTHomeSensor, seconds: int) -> list[bytes]:
    frames: list[bytes] = []
    for _ in range(seconds):
        instrument.process(1.0, NOW)
        frames.append(on_the_air(instrument))
    return frames


def opened(instrument: BTHomeSensor, frame: bytes) -> bytes:
    """Decrypt as the page says, on its own."""
    assert instrument.bind_key is not None
    mac = bytes.fromhex(instrument.address.replace(":", ""))
    text, counter, tag = frame[1:-8], frame[-8:-4], frame[-4:]
    nonce = mac + b"\xd2\xfc" + frame[:1] + counter
    return AESCCM(instrument.bind_key, 4).decrypt(nonce, text + tag, None)


@pytest.mark.parametrize(("information", "objects", "values", "vector"), VECTORS)
def test_a_vector_of_the_page_comes_out(
    information: int, objects: tuple[int, ...], values: dict[str, str], vector: str
):
    model = Model(information=information, objects=objects)
    instrument = set_to(OfThePage(model, "1", Random(1)), values)
    instrument.counter = 9

    assert bytes.fromhex(vector) == instrument.frame()
    assert {code: Decimal(value) for code, value in values.items()} == {
        code: Decimal(value or "") for code, value in displayed(instrument).items()
    }


def test_the_encrypted_vector_of_the_page_comes_out():
    model = Model(information=0x41, objects=(0x02, 0x03))
    instrument = set_to(SealedOfThePage(model, "1", Random(1)), WARM)
    instrument.counter = COUNTER

    assert bytes.fromhex(SEALED) == instrument.frame()


def test_the_vectors_of_the_page_are_those_of_the_recordings():
    plain, encrypted = came("bthome", "plain"), came("bthome", "encrypted")

    assert [bytes.fromhex(vector) for *_, vector in VECTORS] == [data for _, data in plain]
    assert [bytes.fromhex(SEALED)] == [data for _, data in encrypted]


def test_what_is_displayed_has_the_digits_of_the_wire():
    values = {**WARM, "absolute_pressure": "1008.8301", "voltage": "3", "battery_level": "92.7"}
    shown = displayed(set_to(made(), values))

    assert ("1008.83", "3.000", "93") == (
        shown["absolute_pressure"],
        shown["voltage"],
        shown["battery_level"],
    )


def test_pressure_is_in_hectopascal():
    assert "hPa" == made().display.current.as_json()["absolute_pressure"]["unit"]


@pytest.mark.parametrize("model", MODELS)
def test_each_second_other_data_is_on_the_air_and_fits_into_an_advertisement(model: str):
    frames = second_by_second(made(model), 5)

    assert 5 == len(set(frames))
    assert max(len(frame) for frame in frames) <= ROOM_FOR_DATA
    assert {MODELS[model].information} == {frame[0] for frame in frames}


def test_the_packet_id_rises_and_begins_again_after_a_byte():
    instrument = made()
    frames = second_by_second(instrument, 260)

    assert [(each + 2) % 256 for each in range(260)] == [frame[2] for frame in frames]


def test_within_a_second_the_same_is_on_the_air():
    instrument = made()
    before = on_the_air(instrument)
    for _ in range(3):
        instrument.process(0.3, NOW)

    assert before == on_the_air(instrument)


def test_held_the_values_stay_and_the_packet_id_rises():
    instrument = set_to(made(), WARM)
    instrument.hold = True
    frames = second_by_second(instrument, 3)

    assert 1 == len({frame[3:] for frame in frames})
    assert 3 == len({frame[2] for frame in frames})


def test_the_address_is_in_the_data_last_byte_first():
    instrument = made("addressed")

    assert instrument.address == ":".join(
        f"{each:02X}" for each in reversed(on_the_air(instrument)[1:7])
    )


# --- encryption -----------------------------------------------------------------------------------


def test_the_key_opens_what_is_displayed_and_the_counter_rises():
    instrument = made("encrypted")
    instrument.hold = True
    set_to(instrument, {})
    frames = second_by_second(instrument, 3)
    plain = {opened(instrument, frame) for frame in frames}

    assert {instrument.objects()} == plain
    assert [2, 3, 4] == [int.from_bytes(frame[-8:-4], "little") for frame in frames]


def test_the_key_belongs_to_the_serial_and_has_nothing_of_the_address():
    one, same, other = (sensor("encrypted", serial, Random(1)) for serial in ("1", "1", "2"))

    assert one.bind_key is not None
    assert 16 == len(one.bind_key)
    assert one.bind_key == same.bind_key != other.bind_key
    assert one.bind_key[1:6].hex().upper() != one.address.replace(":", "")[2:]


def test_the_ready_line_tells_the_key_of_the_one_that_has_one():
    plain, encrypted = made(), made("encrypted")
    bench = RunningBench(instruments=(plain, encrypted))

    assert encrypted.bind_key is not None
    assert encrypted.bind_key.hex() == bench.about(encrypted)["bind_key"]
    assert "bind_key" not in bench.about(plain)


# --- set-ups and faults ---------------------------------------------------------------------------


def test_a_stuffy_room():
    instrument = begun(sensor("plain", "1", Random(1)), set_up("bthome", "stuffy-room"))

    assert Decimal(2140) == instrument.display.current.value(Quantity.CARBON_DIOXIDE_AMBIENT)


@pytest.mark.parametrize(
    ("model", "quantity", "identifier"),
    [
        ("plain", Quantity.TEMPERATURE, 0x02),
        ("scale", Quantity.MASS, 0x06),
        ("gas-meter", Quantity.GAS_VOLUME, 0x4B),
    ],
)
def test_a_defect_sensor_leaves_its_object_out(model: str, quantity: Quantity, identifier: int):
    instrument = made(model)
    begun(instrument, set_up("bthome", "sensor-fault"))
    (frame,) = second_by_second(instrument, 1)

    assert instrument.display.current.value(quantity) is None
    assert bytes((0x00, 2, 0x01)) == frame[1:4]
    assert len(frame) == 5 or frame[5] != identifier


def test_a_low_battery_is_told():
    instrument = made()
    begun(instrument, set_up("bthome", "low-battery"))

    assert "4" == displayed(instrument)["battery_level"]
    assert b"\x01\x04" == second_by_second(instrument, 1)[0][3:5]


@pytest.mark.parametrize("model", ["plain", "encrypted"])
def test_in_silence_nothing_is_on_the_air_though_it_has_a_radio(model: str):
    instrument = sensor(model, "1", Random(1))
    instrument.set_fault(Fault.SILENCE, on=True)
    instrument.process(1.0, NOW)

    assert instrument.broadcast() is None
    assert instrument.has_radio


@pytest.mark.parametrize(("model", "number"), [("plain", 2), ("encrypted", -8)])
def test_sent_twice_a_frame_comes_again_behind_its_successor(model: str, number: int):
    instrument = made(model)
    first = second_by_second(instrument, 4)
    instrument.set_fault(Fault.DUPLICATE, on=True)
    twice = second_by_second(instrument, 6)
    instrument.set_fault(Fault.DUPLICATE, on=False)
    (after,) = second_by_second(instrument, 1)

    sent = [*first, *twice, after]
    assert [2, 3, 4, 5, 4, 6, 5, 7, 6, 8, 9] == [frame[number] for frame in sent]
    assert [first[2], first[3], twice[1]] == [twice[0], twice[2], twice[4]]


def test_a_wrong_tag_stands_behind_a_right_text():
    instrument = made("encrypted")
    instrument.set_fault(Fault.WRONG_CHECK, on=True)
    (frame,) = second_by_second(instrument, 1)
    with pytest.raises(InvalidTag):
        opened(instrument, frame)

    instrument.set_fault(Fault.WRONG_CHECK, on=False)
    assert frame[:-4] == instrument.frame()[:-4]


def test_a_corrupt_byte_does_not_open():
    instrument = made("encrypted")
    instrument.set_fault(Fault.CORRUPT_BYTE, on=True)
    for frame in second_by_second(instrument, 40):
        with pytest.raises(InvalidTag):
            opened(instrument, frame)


@pytest.mark.parametrize("fault", [Fault.WRONG_CHECK, Fault.CORRUPT_BYTE])
def test_what_has_no_check_value_knows_no_damage(fault: Fault):
    with pytest.raises(ControlError):
        made().set_fault(fault, on=True)
