"""The parts every simulated instrument is made of."""

import math
import struct
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sims.kit import float32
from firmware_sims.kit.check_value import crc16_modbus
from firmware_sims.kit.display import Display
from firmware_sims.kit.faults import damage, slices
from firmware_sims.kit.fixed import Fixed
from firmware_sims.kit.instrument import static_address
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import UNITS, Quantity
from firmware_sims.kit.sfloat import NOT_A_NUMBER, Sfloat

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


def test_check_value_of_the_catalogues_nine_digits():
    assert 0x4B37 == crc16_modbus(b"123456789")


@given(FLOAT32)
def test_every_float32_comes_out_as_the_processor_writes_it(number: float):
    assert struct.pack("<f", number) == float32.to_bytes(number)
    assert number == float32.from_bytes(float32.to_bytes(number))


@given(st.floats(min_value=-3e38, max_value=3e38))
def test_a_double_becomes_the_nearest_float32(number: float):
    assert struct.pack("<f", number) == float32.to_bytes(number)


@given(FLOAT32)
def test_the_shortest_decimal_reads_back_as_the_same_float32(number: float):
    shortest = float32.shortest(number)

    assert struct.pack("<f", abs(number)) == struct.pack("<f", abs(float(shortest)))
    assert "E" not in str(f"{shortest:f}")


@pytest.mark.parametrize(
    ("number", "shortest"),
    [
        (5.199999809265137, "5.2"),
        (-4086.25, "-4086.25"),
        (92.39381408691406, "92.393814"),
        (16777216.0, "16777216"),
        (0.0, "0"),
        (-0.0, "0"),
        (100.0, "100"),
        (1e-3, "0.001"),
        (3.4028234663852886e38, "340282350000000000000000000000000000000"),
    ],
)
def test_a_float32_is_displayed_in_as_few_digits_as_tell_it_apart(number: float, shortest: str):
    assert shortest == f"{float32.shortest(number):f}"


def test_a_number_beyond_float32_is_refused():
    with pytest.raises(ValueError, match="out of the range"):
        float32.to_bytes(4e38)


def test_a_sensor_just_set_is_exactly_there():
    sensor = Sensor(Behaviour(level=1.0, noise=1.0, drift=1.0))
    sensor.process(1.0, Random(1))

    sensor.move_to(5.2)

    assert 5.2 == sensor.value


def test_the_same_seed_gives_the_same_physics():
    def run(seed: int) -> list[float]:
        sensor, chance = Sensor(Behaviour(level=20.0, noise=0.1, drift=0.1)), Random(seed)
        values: list[float] = []
        for _ in range(20):
            sensor.process(0.5, chance)
            values.append(sensor.value)
        return values

    assert run(7) == run(7)
    assert run(7) != run(8)


def test_drift_stays_around_the_level_and_within_the_range():
    sensor, chance = Sensor(Behaviour(level=0.5, noise=0.5, drift=0.1, low=0.0)), Random(3)
    values: list[float] = []
    for _ in range(5000):
        sensor.process(1.0, chance)
        values.append(sensor.value)

    assert 0.0 <= min(values)
    assert math.isclose(0.6, sum(values) / len(values), abs_tol=0.4)


def test_the_display_keeps_the_last_five_hundred_sets_and_counts_on():
    display = Display()
    for number in range(600):
        display.show({Quantity.OXYGEN: Decimal(number)}, NOW)

    kept = display.last(1000)
    assert 500 == len(kept)
    assert list(range(101, 601)) == [shown.counter for shown in kept]
    assert Decimal(599) == display.current.value(Quantity.OXYGEN)


def test_damage_changes_exactly_one_byte():
    frame = bytes(range(40))
    for seed in range(200):
        damaged = damage(frame, Random(seed))
        assert 1 == sum(a != b for a, b in zip(frame, damaged, strict=True))


def test_split_frames_come_in_pieces_of_one_to_seven_bytes():
    frame = bytes(range(200))
    pieces = list(slices(frame, 20, Random(1)))

    assert frame == b"".join(pieces)
    assert {1, 2, 3, 4, 5, 6, 7} == {len(piece) for piece in pieces[:-1]}


def test_unsplit_frames_are_cut_only_where_the_link_ends():
    assert [20, 20, 5] == [len(piece) for piece in slices(bytes(45), 20, None)]


def test_an_address_is_random_static_and_belongs_to_the_serial():
    address = static_address("testo-300", "61349163")

    assert address == static_address("testo-300", "61349163")
    assert address != static_address("testo-300", "61349164")
    assert 0b11 == int(address[:2], 16) >> 6


def test_every_quantity_has_a_unit():
    assert set(Quantity) == set(UNITS)


@given(st.sampled_from([1, 2, 3, 4]), st.integers(0, 3), st.booleans(), st.floats(-1e9, 1e9))
def test_what_is_shown_with_a_fixed_point_reads_back_and_is_no_end_of_the_range(
    size: int, decimals: int, signed: bool, value: float
):
    number = Fixed(size, decimals, signed=signed)
    shown = number.shown(value)
    wire = number.wire(shown)

    read = int.from_bytes(wire, "little", signed=signed)
    assert size == len(wire)
    assert Decimal(read).scaleb(-decimals) == shown
    assert -decimals == shown.as_tuple().exponent
    assert read != (-(1 << 8 * size - 1) if signed else (1 << 8 * size) - 1)


@pytest.mark.parametrize(
    ("shown", "wire"),
    [
        ("2", "02 00"),
        ("2.0", "14 f0"),
        ("2.00", "c8 e0"),
        ("2E+1", "02 10"),
        ("2E+2", "02 20"),
        ("1234", "d2 04"),
        ("-1234", "2e 0b"),
    ],
)
def test_an_sfloat_is_that_of_its_published_table(shown: str, wire: str):
    assert bytes.fromhex(wire) == Sfloat().wire(Decimal(shown))


def test_no_number_is_not_a_number():
    assert NOT_A_NUMBER == Sfloat().wire(Decimal("NaN"))


@given(st.floats(-2e10, 2e10), st.integers(0, 8))
def test_an_sfloat_is_within_half_a_step_of_what_was_sensed(value: float, decimals: int):
    shown = Sfloat(decimals).shown(value)
    _, digits, exponent = shown.as_tuple()

    assert isinstance(exponent, int)
    assert abs(shown - Decimal(str(value))) <= Decimal(5).scaleb(exponent - 1)
    assert int("".join(map(str, digits))) <= 2045
