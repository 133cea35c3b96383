"""Terminals in the settings: each kind and place, and every mistake named with its field and its remedy."""

import json

import pytest

from agent import settings
from agent.paying import terminals
from agent.settings import SettingsError
from drivers.payment.kinds import KINDS, Can
from drivers.payment.profile import SumupProfile, ZvtProfile

SECRET = "canary-of-a-secret"
SUMUP = {
    "name": "air",
    "kind": "sumup",
    "at": "rdr_1",
    "options": {"merchant": "M1", "app": "releve"},
    "secrets": {"api_key": SECRET, "affiliate_key": SECRET},
}
ZVT = {"name": "z", "kind": "zvt", "at": "10.0.0.7", "secrets": {"password": "271828"}}


def loaded(*said):
    return settings.load(None, {"name": "van-7", "terminals": [*said]})


def fitted(*said):
    return terminals(loaded(*said))


def complaint(*said) -> str:
    with pytest.raises(SettingsError) as error:
        fitted(*said)
    return str(error.value)


def test_every_kind_is_fitted():
    found = fitted(
        {"name": "c", "kind": "concert-v2", "at": "/dev/ttyACM0", "line": "9600 7E1"},
        {"name": "ap", "kind": "caisse-ap", "at": "10.0.0.9"},
        ZVT,
        SUMUP,
    )

    assert {"c", "ap", "z", "air"} == set(found)
    assert set(KINDS) == {each.kind.slug for each in found.values()}
    assert ("10.0.0.9:8888", "10.0.0.7:20007", "rdr_1") == tuple(
        found[each].address for each in ("ap", "z", "air")
    )
    assert {Can.CANCEL, Can.TELL_STATE, Can.TELL_TOTALS} == set(found["z"].line.can)


@pytest.mark.parametrize(
    ("said", "field", "remedy"),
    [
        ({"name": "x", "kind": "nexo", "at": "h"}, "terminals.0.kind", "known are"),
        ({"name": "x", "kind": "concert-v2", "at": "host"}, "terminals.0.at", "port"),
        ({"name": "x", "kind": "caisse-ap", "at": "h:0"}, "terminals.0.at", "65535"),
        ({"name": "x", "kind": "caisse-ap", "at": "h:http"}, "terminals.0.at", "65535"),
        (
            {"name": "x", "kind": "caisse-ap", "at": "h", "line": "9600 8N1"},
            "terminals.0.line",
            "leave it out",
        ),
        (
            {"name": "x", "kind": "concert-v2", "at": "/dev/t", "options": {"answer": "1"}},
            "terminals.0.options.answer",
            "leave it at 0",
        ),
        (
            {"name": "x", "kind": "concert-v2", "at": "/dev/t", "options": {"handshake": False}},
            "terminals.0.options.handshake",
            "leave it out",
        ),
        (
            {"name": "x", "kind": "caisse-ap", "at": "h", "options": {"colour": "red"}},
            "terminals.0.options.colour",
            "it has",
        ),
        (
            {"name": "x", "kind": "caisse-ap", "at": "h", "options": {"echoes": "no"}},
            "terminals.0.options.echoes",
            "true or false",
        ),
        ({**ZVT, "secrets": {}}, "terminals.0.secrets.password", "six digits"),
        ({**ZVT, "secrets": {"password": "12345"}}, "terminals.0.secrets.password", "six digits"),
        (
            {**ZVT, "secrets": {}, "options": {"password": "271828"}},
            "terminals.0.options.password",
            "under secrets",
        ),
        ({**ZVT, "secrets": {"pin": "1"}}, "terminals.0.secrets.pin", "secrets of this kind"),
        (
            {**SUMUP, "secrets": {"api_key": SECRET}},
            "terminals.0.secrets.affiliate_key",
            "without",
        ),
        ({**SUMUP, "options": {"app": "a"}}, "terminals.0.options.merchant", "without"),
        ({**SUMUP, "at": "rdr/../x"}, "terminals.0.at", "id of the reader"),
        (
            {**SUMUP, "options": {**SUMUP["options"], "url": "http://elsewhere.example"}},
            "terminals.0.options.url",
            "https://",
        ),
        ({**SUMUP, "line": "9600 8N1"}, "terminals.0.line", "leave it out"),
    ],
)
def test_a_mistake_is_named_with_its_field_and_its_remedy(said, field, remedy):
    found = complaint(said)

    assert found.startswith(f"{field}: ")
    assert remedy in found
    assert SECRET not in found


def test_two_in_one_place_or_of_one_name_are_refused():
    one = {"name": "x", "kind": "caisse-ap", "at": "10.0.0.9"}

    assert "terminals.1.name" in complaint(one, {**one, "at": "10.0.0.8"})
    assert "terminals.1.at" in complaint(one, {**one, "name": "y", "at": "10.0.0.9:8888"})


def test_secrets_are_in_nothing_that_is_printed():
    said = loaded(SUMUP, ZVT)

    for text in (repr(said), str(said), json.dumps(said.model_dump(mode="json"))):
        assert SECRET not in text
        assert "271828" not in text
    for profile in (
        ZvtProfile(password="271828"),
        SumupProfile(merchant="M1", api_key=SECRET, app="a", affiliate_key=SECRET),
    ):
        assert SECRET not in repr(profile)
        assert "271828" not in repr(profile)
