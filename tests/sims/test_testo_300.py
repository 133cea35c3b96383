"""The simulated testo 300 says what the protocol page says."""

import json
import math
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from firmware_sims import tjf
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.gatt import GattCharacteristic
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.quantities import Quantity
from firmware_sims.testo_300 import TOGGLE, FlueGasAnalyser
from firmware_sims.testo_300_lan import announcement, response

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
NO_VALUE = 4294967295


def analyser() -> FlueGasAnalyser:
    made = FlueGasAnalyser("61349163", Random(1))
    made.process(1.0, NOW)
    return made


def characteristics(instrument: FlueGasAnalyser) -> dict[int, GattCharacteristic]:
    return {
        each.uuid: each for service in instrument.services() for each in service.characteristics
    }


def read(instrument: FlueGasAnalyser, uuid: int) -> bytes:
    reader = characteristics(instrument)[uuid].read
    assert reader is not None
    return reader()


def read_document(instrument: FlueGasAnalyser) -> Any:
    count = int(read(instrument, 0x3000).decode("ascii"))
    pieces = [read(instrument, 0x3001 + at) for at in range(count)]
    return json.loads(b"".join(pieces).decode("utf-8"))


def channel(document: Any, xmlid: str, unit: str) -> Any:
    (found,) = (
        each
        for each in document["channels"]
        if (each["type"]["xmlid"], each["unit"]["xmlid"]) == (xmlid, unit)
    )
    (value,) = found["values"]
    return value


@pytest.mark.parametrize(
    ("shown", "decimals", "wire"),
    [
        ("20.8", 1, 20.80000114440918),
        ("19.1", 1, 19.100000381469727),
        ("35.1", 1, 35.10000228881836),
        ("-0.01", 2, -0.009999999776482582),
        ("0", 0, 0.0),
    ],
)
def test_a_value_is_the_float32_that_the_vendors_files_show(
    shown: str, decimals: int, wire: float
):
    assert wire == tjf.wire_value(Decimal(shown), decimals)


def test_the_values_of_the_vendors_example_come_out():
    instrument = analyser()
    instrument.set_values(
        {
            Quantity.OXYGEN: Decimal("20.8"),
            Quantity.CARBON_MONOXIDE: Decimal(0),
            Quantity.NITRIC_OXIDE: Decimal(0),
            Quantity.DRAUGHT: Decimal("10.8"),
            Quantity.COMBUSTION_AIR_TEMPERATURE: Decimal("26.6"),
        }
    )
    document = read_document(instrument)

    assert "1.0.5" == document["schemaVersion"]
    assert 20.80000114440918 == channel(document, "O2", "UNIT_PERCENT")["value"]
    assert 0 == channel(document, "CO_Dil", "UNIT_PPM")["value"]
    assert 0 == channel(document, "NO_Dil", "UNIT_PPM")["value"]
    assert math.isclose(10.8, channel(document, "P_Draft", "UNIT_PA")["value"], rel_tol=1e-6)
    assert math.isclose(26.6, channel(document, "T_Air", "UNIT_DEG_C")["value"], rel_tol=1e-6)


def test_what_is_displayed_is_the_wire_value_rounded_to_its_exponent():
    instrument = analyser()
    document = read_document(instrument)
    rows = {row.quantity: row for row in tjf.CHANNELS if row.quantity}

    for quantity, shown in instrument.display.current.values:
        row = rows[quantity]
        said = channel(document, row.xmlid, row.unit_xmlid)
        assert shown == Decimal(repr(said["value"])).quantize(Decimal(1).scaleb(-said["exponent"]))
        assert f"{shown}".replace(".", ",") == said["description"]


def test_names_are_the_trap_of_the_page():
    names = {
        (each["type"]["xmlid"], each["type"]["name"], each["type"]["description"])
        for each in read_document(analyser())["channels"]
    }

    assert ("T_Air", "AT", "VT") in names
    assert ("T_Flue", "FT", "AT") in names


def test_one_channel_occurs_twice_in_different_units():
    document = read_document(analyser())

    assert channel(document, "CO_Dil", "UNIT_PPM")
    assert channel(document, "CO_Dil", "UNIT_MG_M3")


def test_the_fuel_is_german_with_its_trailing_nul():
    (fuel,) = read_document(analyser())["properties"]

    assert ("Fuel", "Erdgas\0") == (fuel["name"], fuel["description"])
    assert ["O2Ref", "CO2Max"] == [value["id"] for value in fuel["values"]]


def test_times_know_no_zone():
    document = read_document(analyser())

    assert datetime.fromisoformat(document["timeStamp"]).tzinfo is None
    assert NOW.astimezone().replace(tzinfo=None).isoformat() == document["timeStamp"]


def test_a_dead_oxygen_cell_leaves_no_value_in_all_that_needs_it():
    instrument = analyser()
    instrument.set_fault(Fault.SENSOR_DEFECT, on=True)
    document = read_document(instrument)

    for xmlid, unit in [("O2", "UNIT_PERCENT"), ("CO2", "UNIT_PERCENT"), ("Lambda", "UNIT_NONE")]:
        value = channel(document, xmlid, unit)
        assert (NO_VALUE, "----") == (value["value"], value["description"])
    assert NO_VALUE != channel(document, "T_Flue", "UNIT_DEG_C")["value"]
    assert instrument.display.current.value(Quantity.OXYGEN) is None


def test_stopped_it_gives_the_error_document_and_started_again_values():
    instrument = analyser()
    command = characteristics(instrument)[0x3100].write
    assert command is not None

    command(TOGGLE)
    stopped = read_document(instrument)
    command(TOGGLE)

    assert "channels" not in stopped
    assert [2] == [error["errorcode"] for error in stopped["errors"]]
    assert read_document(instrument)["channels"]


def test_another_command_does_nothing():
    instrument = analyser()
    command = characteristics(instrument)[0x3100].write
    assert command is not None
    command(b"START_MEASUREMENT")

    assert "measuring" == instrument.state


def test_its_own_key_stops_it_too():
    instrument = analyser()
    instrument.do(Act.TOGGLE_MEASUREMENT, "")

    assert "stopped" == instrument.state


def test_pieces_hold_five_hundred_bytes_and_stay_until_the_count_is_read_again():
    instrument = analyser()
    count = int(read(instrument, 0x3000))
    first = [read(instrument, 0x3001 + at) for at in range(count)]
    instrument.set_values({Quantity.OXYGEN: Decimal("11.1")})

    assert {500} == {len(piece) for piece in first[:-1]}
    assert first == [read(instrument, 0x3001 + at) for at in range(count)]
    assert b"" == read(instrument, 0x3019)
    assert 25 == sum(0x3001 <= uuid <= 0x3019 for uuid in characteristics(instrument))


def test_split_the_document_fills_all_pieces_and_cuts_characters():
    instrument = analyser()
    instrument.set_fault(Fault.SPLIT, on=True)

    assert 24 <= int(read(instrument, 0x3000)) <= 25
    assert "1.0.5" == read_document(instrument)["schemaVersion"]


def test_a_corrupt_document_is_no_utf8():
    instrument = analyser()
    instrument.set_fault(Fault.CORRUPT_BYTE, on=True)

    with pytest.raises(UnicodeDecodeError):
        read_document(instrument)


def test_the_content_of_the_status_is_not_published():
    assert b"" == read(analyser(), 0x3101)


def test_a_fault_it_cannot_have_is_refused_with_those_it_can():
    with pytest.raises(ControlError) as refusal:
        analyser().set_fault(Fault.WRONG_STATUS, on=True)

    assert "silence" in refusal.value.allowed


def test_the_display_changes_each_second():
    instrument = analyser()
    for _ in range(100):
        instrument.process(0.05, NOW)

    assert 6 == instrument.display.current.counter


def test_http_gives_the_document_and_the_device_info_of_the_page():
    instrument = analyser()
    head, body = response(instrument, "GET /data HTTP/1.1").split(b"\r\n\r\n", 1)
    info = response(instrument, "GET /deviceInfo HTTP/1.1").split(b"\r\n\r\n", 1)[1]

    assert head.startswith(b"HTTP/1.1 200 OK")
    assert instrument.document() == body
    assert (
        b'{"Branch":"local version","app":"t300","local_version":true,'
        b'"version":"9.22.0.0","version_hash":0}' == info
    )


def test_http_has_no_side_effect_on_what_is_not_published():
    assert response(analyser(), "POST /o HTTP/1.1").startswith(b"HTTP/1.1 404")


def test_the_announcement_has_the_fields_of_the_page_all_text():
    said = json.loads(announcement(analyser(), 55000))

    assert [
        "DeviceId",
        "DeviceName",
        "FirmwareVersion",
        "HttpServerIPv4",
        "HttpServerIPv6",
        "HttpServerPort",
        "Serial",
        "SerialNumber",
    ] == list(said)
    assert {str} == {type(value) for value in said.values()}
    assert ("55000", "61349163") == (said["HttpServerPort"], said["SerialNumber"])
