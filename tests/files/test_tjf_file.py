"""A TJF document as a file: what it says, and nothing that it does not."""

import json
from decimal import Decimal

import pytest

from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from drivers.files import tjf_file
from drivers.files.measured import FileRefusedError
from tests.recordings import ALL

SAMPLES = {each.name: each for each in ALL if each.slug == "testo-300" and each.medium == "lan"}
HTTP = SAMPLES["light_oil_over_http"]


def document(**changes):
    return json.dumps({**json.loads(HTTP.data), **changes}).encode()


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=str)
def test_a_published_sample_says_what_the_vendor_says_it_does(sample):
    [measured] = tjf_file.read(sample.data).measurements

    assert sample.readings == measured.readings


def test_the_instrument_is_the_one_that_the_document_names_and_no_vendor_is_made_up():
    [measured] = tjf_file.read(HTTP.data).measurements

    stated = measured.instrument
    assert (None, "t300", "107") == (stated.vendor, stated.model, stated.serial)


def test_a_moment_without_a_zone_stays_without_one():
    assert "2020-06-18T13:56:14" == tjf_file.read(HTTP.data).measurements[0].at


def test_milliseconds_since_1970_are_said_as_the_utc_they_count():
    old = SAMPLES["natural_gas_schema_1_0_0"]

    assert "2016-12-19T08:41:08.218Z" == tjf_file.read(old.data).measurements[0].at


@pytest.mark.parametrize(
    ("stamp", "said"),
    [
        (1482136868, "2016-12-19T08:41:08Z"),
        ("2020-06-18T13:56:14+02:00", "2020-06-18T13:56:14+02:00"),
        (None, None),
        (True, None),
        (1.5, None),
        (10**30, str(10**30)),
        (-5, "-5"),
        ("\0", None),
    ],
)
def test_a_moment_is_as_the_document_says_it_or_is_not_said(stamp, said):
    assert said == tjf_file.read(document(timeStamp=stamp)).measurements[0].at


def test_what_no_source_explains_is_named_and_fills_nothing():
    channel = {
        "type": {"name": "?", "xmlid": "CO_Dil"},
        "unit": {"name": "", "xmlid": "UNIT_MG_M3"},
        "values": [{"value": 5, "exponent": 0}],
    }
    [measured] = tjf_file.read(document(channels=[channel])).measurements

    assert ((), ("CO_Dil UNIT_MG_M3",)) == (measured.readings, measured.unmapped)


def test_a_value_that_was_not_measured_is_no_zero():
    [measured] = tjf_file.read(HTTP.data).measurements

    assert (
        Reading(Quantity.FLUE_GAS_TEMPERATURE, None, Unit.CELSIUS, Status.NOT_MEASURED)
        in measured.readings
    )
    assert Decimal("20.8") in {each.value for each in measured.readings}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b'{"channels": [\n  1,,]}', "line 2, column 5: not a JSON document"),
        (b"\xff\xfe\xfa", "not UTF-8"),
        (b"[]", "no object"),
        (b"{}", "without channels"),
        (b'{"errors": [{"errorcode": 2}]}', "there are no results; measure again"),
        (b'{"errors": [{"errorcode": "{x}"}]}', "error {x}"),
    ],
)
def test_a_document_without_a_measurement_is_refused_by_its_place_and_with_the_remedy(body, named):
    with pytest.raises(FileRefusedError, match=r".") as refused:
        tjf_file.read(body)

    assert named in str(refused.value)
