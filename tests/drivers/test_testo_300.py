"""The traps of the testo 300 and its document."""

import json
from decimal import Decimal

import pytest

from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from drivers.combustion.testo_300.description import decode, identify, identify_datagram
from drivers.combustion.testo_300.dialogue import CONTROL, COUNT, GattDialogue, HttpDialogue
from drivers.kit.dialogue import (
    Act,
    ActEnded,
    FaultStated,
    FrameRejected,
    FuelStated,
    IdentityStated,
    Unmapped,
)
from drivers.kit.link import (
    AdvertisementSeen,
    CharacteristicRead,
    CharacteristicWritten,
    Failed,
    HttpAnswered,
    HttpGet,
    ReadCharacteristic,
    WriteCharacteristic,
)
from tests.drivers.conversing import readings

ANNOUNCEMENT = {
    "DeviceId": "300",
    "DeviceName": "testo 300",
    "FirmwareVersion": "1.09.5212",
    "HttpServerIPv4": "10.10.10.149",
    "HttpServerIPv6": "",
    "HttpServerPort": "55000",
    "Serial": "61349163",
    "SerialNumber": "61349163",
}


def channel(xmlid="O2", unit="UNIT_PERCENT", **value):
    return {
        "type": {"name": "AT", "xmlid": xmlid},
        "unit": {"name": "%", "xmlid": unit},
        "values": [{"value": 20.80000114440918, "exponent": 1, "description": "20,8", **value}],
    }


def document(*channels, **more) -> bytes:
    return json.dumps({"channels": list(channels), **more}).encode()


def only(body: bytes):
    [reading] = readings(decode(body))
    return reading


@pytest.mark.parametrize(
    "value",
    [
        {"value": 4294967295},
        {"value": None},
        {"value": 9.80908925027372e-45},
        {"value": 4.59e-41},
        {"description": "----"},
        {"description": "---"},
        {"status": "invalid"},
        {"status": "empty"},
        {"value": True},
        {"value": "20.8"},
    ],
)
def test_every_way_of_saying_no_value_is_not_measured(value):
    reading = only(document(channel(**value)))

    assert (None, Status.NOT_MEASURED) == (reading.value, reading.status)


@pytest.mark.parametrize(
    ("status", "expected"), [("overrange", Status.ABOVE_RANGE), ("underrange", Status.BELOW_RANGE)]
)
def test_out_of_range_is_told_apart(status, expected):
    assert expected is only(document(channel(status=status))).status


@pytest.mark.parametrize(
    ("value", "exponent", "text"),
    [
        (20.80000114440918, 1, "20.8"),
        (0, 0, "0"),
        (0, 2, "0.00"),
        (-0.009999999776482582, 2, "-0.01"),
        (118, 1, "118.0"),
        (20.80000114440918, None, "20.800001"),
        (20.80000114440918, -1, "20.800001"),
        (20.80000114440918, 40, "20.800001"),
        (1.0766664743423462, None, "1.0766665"),
    ],
)
def test_a_value_has_the_digits_displayed(value, exponent, text):
    assert text == str(only(document(channel(value=value, exponent=exponent))).value)


def test_the_description_is_never_read_as_the_value():
    assert Decimal("20.8") == only(document(channel(description="99,9"))).value


def test_a_localised_name_means_nothing_beside_an_xmlid():
    reading = only(document(channel("T_Flue", "UNIT_DEG_C", value=118.4)))

    assert Quantity.FLUE_GAS_TEMPERATURE is reading.quantity


def test_a_draught_may_come_in_millibar():
    reading = only(document(channel("P_Draft", "UNIT_MBAR", value=-0.01, exponent=2)))

    assert (Quantity.DRAUGHT, Unit.MILLIBAR) == (reading.quantity, reading.unit)


def test_a_channel_twice_in_several_units_is_read_once():
    body = document(
        channel("CO_Dil", "UNIT_MG_M3", value=29, exponent=0),
        channel("CO_Dil", "UNIT_PPM", value=23, exponent=0),
        channel("CO_Dil", "UNIT_MG_KWH", value=31, exponent=0),
    )

    assert [Decimal(23)] == [each.value for each in readings(decode(body))]
    assert 2 == sum(isinstance(each, Unmapped) for each in decode(body))


def test_the_same_quantity_stated_twice_is_reported():
    body = document(
        channel("P_Draft", "UNIT_PA", value=-8), channel("P_Draft", "UNIT_MBAR", value=-0.08)
    )

    assert 1 == len(readings(decode(body)))
    assert 1 == sum(isinstance(each, Unmapped) for each in decode(body))


@pytest.mark.parametrize("name", ["AT", "O₂", "o2", "CO"])
def test_without_xmlid_other_names_are_unmapped(name):
    body = document({"type": {"name": name}, "unit": {"name": "%"}, "values": [{"value": 1.0}]})

    assert [] == readings(decode(body))


def test_several_values_in_one_channel_are_not_chosen_from():
    several = channel()
    several["values"] *= 2

    assert [Unmapped("O2 UNIT_PERCENT")] == list(decode(document(several)))


@pytest.mark.parametrize(
    ("device", "serial"),
    [({"serial": 107}, "107"), ({"serial": "107"}, "107"), ([{"serial": 107}], "107"), ({}, None)],
)
def test_the_device_may_be_an_object_or_an_array(device, serial):
    [identity] = [
        e for e in decode(document(channel(), device=device)) if isinstance(e, IdentityStated)
    ]

    assert serial == identity.serial


def test_of_several_devices_none_is_named():
    body = document(channel(), device=[{"serial": 1}, {"serial": 2}])

    assert not [e for e in decode(body) if isinstance(e, IdentityStated)]


@pytest.mark.parametrize("stamp", ["2020-06-18T13:56:14", 1482136868218, 1482136818.061, "", None])
def test_all_forms_of_time_are_taken(stamp):
    assert Decimal("20.8") == only(document(channel(timeStamp=stamp), timeStamp=stamp)).value


@pytest.mark.parametrize(("code", "words"), [(1, "no instrument"), (2, "no results"), (77, "77")])
def test_an_error_document_states_a_fault(code, words):
    body = json.dumps({"errors": [{"errorcode": code, "name": "x", "description": "Messgerät"}]})

    [fault] = decode(body.encode())
    assert isinstance(fault, FaultStated)
    assert words in fault.reason


def test_a_byte_order_mark_is_skipped():
    assert Decimal("20.8") == only(b"\xef\xbb\xbf" + document(channel())).value


def test_the_last_service_is_no_calibration():
    for event in decode(document(channel(), device={"serial": 1, "lastServiceDate": "01.01.18"})):
        assert "01.01.18" not in str(event)


@pytest.mark.parametrize("pieces", ["0", "26", "", "six", "-1", "1e1", "٣", "1" * 40])
def test_an_impossible_number_of_pieces_is_rejected_and_polled_again(pieces):
    talk = GattDialogue()
    talk.connection_made(0.0)
    list(talk.out.requests())
    talk.receive(CharacteristicRead(COUNT, pieces.encode()), 5.0)

    assert isinstance(next(talk.out.events()), FrameRejected)
    assert [] == list(talk.out.requests())
    talk.timer_fired(talk.next_timer)
    assert [ReadCharacteristic(COUNT)] == list(talk.out.requests())


def test_a_piece_may_end_inside_a_character():
    body = json.dumps(json.loads(document(channel(description="20,8 °C ₂"))), ensure_ascii=False)
    data = body.encode()
    cut = data.index("₂".encode()) + 1
    talk = GattDialogue()
    talk.connection_made(0.0)
    for piece in (b"2", data[:cut], data[cut:]):
        [request] = talk.out.requests()
        talk.receive(CharacteristicRead(request.uuid, piece), 0.0)

    assert [Decimal("20.8")] == [each.value for each in readings(talk.out.events())]


def test_the_measurement_is_toggled_once_and_only_when_asked():
    talk = GattDialogue()
    talk.connection_made(0.0)
    list(talk.out.requests())
    talk.act(Act.TOGGLE_MEASUREMENT, 1.0)

    assert [WriteCharacteristic(CONTROL, b"TOGGLE_MEASUREMENT")] == list(talk.out.requests())
    talk.receive(CharacteristicWritten(CONTROL), 1.1)
    assert [ActEnded(Act.TOGGLE_MEASUREMENT, done=True)] == list(talk.out.events())


def test_a_toggle_that_failed_is_not_sent_again():
    talk = GattDialogue()
    talk.connection_made(0.0)
    list(talk.out.requests())
    talk.act(Act.TOGGLE_MEASUREMENT, 1.0)
    [request] = talk.out.requests()
    talk.receive(Failed(request, "the link was lost"), 1.1)

    [ended] = talk.out.events()
    assert not ended.done
    assert [] == [each for each in talk.out.requests() if isinstance(each, WriteCharacteristic)]


@pytest.mark.parametrize(
    "answer", [HttpAnswered("/data", 500, b""), Failed(HttpGet("/data"), "timed out")]
)
def test_a_poll_that_fails_is_reported_and_repeated(answer):
    talk = HttpDialogue()
    talk.connection_made(0.0)
    list(talk.out.requests())
    talk.receive(answer, 3.0)

    assert isinstance(next(talk.out.events()), FrameRejected)
    talk.timer_fired(talk.next_timer)
    assert [HttpGet("/data")] == list(talk.out.requests())


def test_both_ports_are_tried_the_announced_one_first():
    sighting = identify_datagram(json.dumps(ANNOUNCEMENT).encode(), "10.0.0.9")

    assert ("10.10.10.149", (55000, 54000)) == (sighting.host, sighting.ports)
    assert ("61349163", "1.09.5212") == (sighting.identity.serial, sighting.identity.firmware)


@pytest.mark.parametrize("port", ["", "0", "99999", "x", "54000"])
def test_a_port_that_makes_no_sense_leaves_the_documented_one(port):
    stated = {**ANNOUNCEMENT, "HttpServerPort": port, "HttpServerIPv4": ""}
    sighting = identify_datagram(json.dumps(stated).encode(), "10.0.0.9")

    assert ("10.0.0.9", (54000,)) == (sighting.host, sighting.ports)


@pytest.mark.parametrize(
    "change",
    [
        {"DeviceId": "400"},
        {"SerialNumber": "../x", "Serial": ""},
        {"SerialNumber": 5, "Serial": 5},
    ],
)
def test_another_device_on_the_network_is_left_alone(change):
    assert identify_datagram(json.dumps({**ANNOUNCEMENT, **change}).encode(), "10.0.0.9") is None


def test_a_testo_300_is_known_by_its_name():
    assert "61349163" == identify(AdvertisementSeen("testo 300 61349163")).serial
    assert identify(AdvertisementSeen("testo 330 61349163")) is None


def test_the_fuel_is_said_as_the_instrument_writes_it_without_the_nul_at_its_end():
    body = document(
        channel(), properties=[{"name": "Fuel", "description": "Erdgas\0", "values": []}]
    )

    assert FuelStated("Erdgas") in list(decode(body))


@pytest.mark.parametrize(
    "properties", [None, 3, [3], [{"name": "Fuel"}], [{"name": "Colour", "description": "x"}]]
)
def test_without_a_fuel_none_is_said(properties):
    assert not [
        each
        for each in decode(document(channel(), properties=properties))
        if isinstance(each, FuelStated)
    ]
