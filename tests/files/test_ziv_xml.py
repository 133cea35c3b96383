"""XML in the chimney sweeps' vocabulary, from a synthetic file: no export of a real instrument was seen."""

from decimal import Decimal
from pathlib import Path

import pytest

from contract.quantity import Quantity
from contract.unit import Unit
from drivers.files import ziv_xml
from drivers.files.measured import MOST_MEASUREMENTS, MOST_VALUES, FileRefusedError

SYNTHETIC = Path(__file__).parents[1] / "fixtures/files/ziv_synthetic.xml"


def measured(inside):
    body = f"<X><Customer><Fireplace><CombustionMeasurement>{inside}</CombustionMeasurement></Fireplace></Customer></X>"
    [only] = ziv_xml.read(body.encode()).measurements
    return only


def said(one):
    return {each.quantity: (str(each.value), each.unit) for each in one.readings}


def test_every_measurement_of_every_customer_and_fireplace_is_found_in_its_order():
    places = [each.place for each in ziv_xml.read(SYNTHETIC.read_bytes()).measurements]

    assert [
        "Customer 17 / Fireplace 1 / CombustionMeasurement",
        "Customer 17 / Fireplace 1 / Uni10389_1Measurement",
        "Customer 18 / Fireplace 2 / Uni10389_2Measurement",
    ] == places


def test_known_elements_in_known_units_are_readings_with_their_digits():
    first, _, third = ziv_xml.read(SYNTHETIC.read_bytes()).measurements

    assert {
        Quantity.OXYGEN: ("5.20", Unit.PERCENT),
        Quantity.CARBON_DIOXIDE: ("8.8", Unit.PERCENT),
        Quantity.FLUE_GAS_TEMPERATURE: ("61.5", Unit.CELSIUS),
        Quantity.COMBUSTION_AIR_TEMPERATURE: ("-3.0", Unit.CELSIUS),
    } == said(first)
    assert {Quantity.SMOKE_NUMBER: ("0.5", Unit.ONE)} == said(third)


def test_what_no_source_explains_is_named_and_never_guessed():
    first, second, third = ziv_xml.read(SYNTHETIC.read_bytes()).measurements

    assert {
        "CO_Norm UNIT_MG_M3", "NOx_Norm UNIT_MG_M3", "T_Boiler UNIT_DEG_C", "Q_Flue UNIT_PERCENT"
    } == set(first.unmapped)  # fmt: skip
    assert ((), ("O2 UNIT_PPM", "CO2 UNIT_VOL_PERCENT: '8,8' is no number")) == (
        second.readings,
        second.unmapped,
    )
    assert ("OilDeriv",) == third.unmapped
    assert ("Export/Customer/Fireplace/Draught",) == ziv_xml.read(SYNTHETIC.read_bytes()).unmapped


def test_instrument_and_moment_are_as_the_file_says_them():
    first, second, _ = ziv_xml.read(SYNTHETIC.read_bytes()).measurements

    stated = first.instrument
    assert ("Wöhler", "A 450", "0815") == (stated.vendor, stated.model, stated.serial)
    assert ("2024-11-05 14:33:00", "2024-11-05") == (first.at, second.at)


def test_neither_the_root_nor_its_namespace_matters():
    text = SYNTHETIC.read_text("utf-8").replace('xmlns="urn:synthetic"', "")

    assert ziv_xml.read(SYNTHETIC.read_bytes()).measurements == (
        ziv_xml.read(text.encode()).measurements
    )


def test_of_a_quantity_stated_twice_none_is_chosen():
    only = measured("<SootNumber>1</SootNumber><SootNumber>2</SootNumber>")

    assert ((), ("SootNumber: smoke_number is stated twice",)) == (only.readings, only.unmapped)


def test_control_a_quantity_stated_once_is_taken():
    assert Decimal(1) == measured("<SootNumber>1</SootNumber>").readings[0].value


@pytest.mark.parametrize("unit", ["", ' Unit=""', ' Unit="unit_vol_percent"', ' Unit="%"'])
def test_a_unit_that_is_not_said_or_not_known_leaves_a_value_unmapped(unit):
    assert () == measured(f"<O2{unit}>5</O2>").readings


@pytest.mark.parametrize("text", ["", " ", "5,2", "1e3", "NaN", "5<b/>", "٥", "5.", "9" * 40])
def test_a_text_that_is_no_number_is_no_value(text):
    only = measured(f'<O2 Unit="UNIT_VOL_PERCENT">{text}</O2>')

    assert () == only.readings


BOMBS = {
    "laughs": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
    "outside": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x">%a;]><x/>',
    "type": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=list(BOMBS))
def test_a_document_that_declares_types_or_entities_is_refused_before_it_is_read(body):
    with pytest.raises(FileRefusedError, match="document type or entities"):
        ziv_xml.read(body)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"<a>\n <b></a>", "line 2, column 7"),
        (b"", "not XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding|not XML"),
        (
            b'<?xml version="1.0" encoding="shift_jis"?><a/>',
            "encoding|not XML|CombustionMeasurement",
        ),
        (b"<a/>", "CombustionMeasurement"),
        (b"<a><Customer/></a>", "CombustionMeasurement"),
        (b"<a>" * 200_000, "not XML"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "stand in each other"),
        (b"<a>" * 100 + b"</a>" * 100, "CombustionMeasurement"),
    ],
)
def test_what_holds_no_measurement_is_refused_by_its_place(body, named):
    with pytest.raises(FileRefusedError, match=named):
        ziv_xml.read(body)


def test_more_measurements_than_a_person_chooses_from_are_refused():
    many = "<CombustionMeasurement/>" * (MOST_MEASUREMENTS + 1)
    body = f"<X><Customer><Fireplace>{many}</Fireplace></Customer></X>"

    with pytest.raises(FileRefusedError, match="split it"):
        ziv_xml.read(body.encode())


@pytest.mark.parametrize("name", ["Customer", "Fireplace", "a"])
def test_a_measurement_beside_elements_that_stand_deep_in_each_other_is_refused(name):
    deep = f"<{name}>" * 2000 + f"</{name}>" * 2000
    inside = '<CombustionMeasurement><O2 Unit="UNIT_VOL_PERCENT">5</O2></CombustionMeasurement>'
    body = f"<X><Customer><Fireplace>{inside}</Fireplace>{deep}</Customer></X>"

    with pytest.raises(FileRefusedError, match="more than 100 elements stand in each other"):
        ziv_xml.read(body.encode())


def test_more_values_than_there_is_room_for_are_refused():
    many = "".join(f"<a{each}/>" for each in range(100))
    body = f"<CombustionMeasurement>{many}</CombustionMeasurement>" * (MOST_VALUES // 100 + 1)

    with pytest.raises(FileRefusedError, match=f"more than {MOST_VALUES} readings: split it"):
        ziv_xml.read(f"<X><Customer><Fireplace>{body}</Fireplace></Customer></X>".encode())


def test_of_a_text_that_is_no_number_only_the_start_is_told():
    [told] = measured(f'<O2 Unit="UNIT_VOL_PERCENT">{"x" * 50}</O2>').unmapped

    assert f"O2 UNIT_VOL_PERCENT: '{'x' * 20}' is no number" == told
