"""The simulated testo 300 writes documents as the vendor's extended schema 1.0.5 (testo/tjf) has them."""

import json
from datetime import UTC, datetime
from random import Random

import pytest

from firmware_sims.catalogue import entry
from firmware_sims.kit.entry import begun

NUMBER, TEXT, LIST, OBJECT = (int, float), str, list, dict
DOCUMENT = {
    "schemaVersion": (TEXT, False),
    "channels": (LIST, True),
    "device": ((LIST, OBJECT), True),
    "properties": (LIST, True),
    "timeStamp": ((TEXT, *NUMBER), True),
    "type": (OBJECT, True),
    "additionalMeasurementInformation": (LIST, False),
    "errors": (LIST, False),
}
"""``errors`` and a ``firmwareVersion`` are not in the schema, but in the vendor's own sample of a testo 300."""
PARTS = {
    "channels": {"type": (OBJECT, True), "unit": (OBJECT, True), "values": (LIST, True)},
    "unit": {"name": (TEXT, True), "xmlid": (TEXT, False)},
    "values": {
        "description": (TEXT, True),
        "value": (NUMBER, True),
        "exponent": (int, False),
        "timeStamp": ((TEXT, *NUMBER), True),
        "additionalData": (LIST, False),
    },
    "properties": {
        "id": (NUMBER, False),
        "name": (TEXT, True),
        "description": (TEXT, True),
        "values": (LIST, True),
    },
    "device": {
        "name": (TEXT, True),
        "serial": ((TEXT, *NUMBER), True),
        "deviceIdentifier": (TEXT, False),
        "firmwareVersion": (TEXT, False),
        "lastServiceDate": (TEXT, False),
    },
}
NAMED = {"name": (TEXT, True), "description": (TEXT, False), "xmlid": (TEXT, False)}
OF_PROPERTY = {
    "name": (TEXT, True),
    "value": (NUMBER, True),
    "description": (TEXT, True),
    "id": (TEXT, False),
}


def faults(said, keys, place):
    """Yield what an object says against its description: a key it must not have, or lacks, or of another type."""
    yield from (f"{place}: {key} is not known" for key in said.keys() - keys.keys())
    yield from (
        f"{place}: {key} is missing" for key, (_, must) in keys.items() if must and key not in said
    )
    yield from (
        f"{place}: {key} is {value!r}"
        for key, value in said.items()
        if key in keys and (not isinstance(value, keys[key][0]) or isinstance(value, bool))
    )


def faults_of_document(document):
    yield from faults(document, DOCUMENT, "document")
    yield from faults(document["type"], NAMED | {"id": (TEXT, False)}, "type")
    for number, channel in enumerate(document["channels"]):
        place = f"channel {number}"
        yield from faults(channel, PARTS["channels"], place)
        yield from faults(channel["type"], NAMED, f"{place} type")
        yield from faults(channel["unit"], PARTS["unit"], f"{place} unit")
        yield from ([] if channel["values"] else [f"{place}: no value"])
        for value in channel["values"]:
            yield from faults(value, PARTS["values"], f"{place} value")
    for each in document["properties"]:
        yield from faults(each, PARTS["properties"], "property")
        for value in each["values"]:
            yield from faults(value, OF_PROPERTY, "property value")
    devices = document["device"] if isinstance(document["device"], list) else [document["device"]]
    for each in devices:
        yield from faults(each, PARTS["device"], "device")


def documents(setup):
    found = entry("testo-300")
    instrument = begun(found.make("", found.serial, Random(3)), found.setups[setup])
    instrument.process(1.0, datetime(2026, 11, 2, 12, tzinfo=UTC))
    characteristics = {
        each.uuid: each for service in instrument.services() for each in service.characteristics
    }
    count = int(characteristics[0x3000].read())
    return b"".join(characteristics[0x3001 + at].read() for at in range(count))


@pytest.mark.parametrize("setup", list(entry("testo-300").setups))
def test_a_document_has_the_objects_and_keys_of_the_vendors_schema(setup):
    document = json.loads(documents(setup))

    assert [] == list(faults_of_document(document))


def test_control_what_the_schema_does_not_have_is_found():
    document = json.loads(documents("air-leak"))
    document["colour"] = "red"
    del document["channels"][0]["unit"]["name"]
    document["channels"][1]["values"][0]["value"] = None

    assert 3 == len(list(faults_of_document(document)))
