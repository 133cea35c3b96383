"""Where readers of a paper reach the gateway, and the zone of the times on it."""

import pytest

from gateway.main import _papers
from gateway.settings import SettingsError, load


def test_times_are_those_of_paris_unless_told() -> None:
    assert ("Europe/Paris", None, frozenset()) == (
        load({}).time_zone,
        load({}).public_url,
        load({}).public_hosts,
    )


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://releve.example.net", "releve.example.net"),
        ("http://10.0.0.7:7400", "10.0.0.7:7400"),
        ("https://example.net/releve", "example.net"),
        ("http://[::1]:7400", "[::1]:7400"),
    ],
)
def test_the_name_of_the_public_address_is_one_of_ours(url: str, host: str) -> None:
    settings = load({"public_url": url})

    assert (url, {host}) == (settings.public_url, settings.public_hosts)


@pytest.mark.parametrize(
    "url",
    [
        "releve.example.net",
        "https://x/",
        "ftp://x",
        "https://x?y",
        "https://u@x",
        "https://x y",
        "",
    ],
)
def test_an_address_that_no_code_can_lead_to_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match=r"^public_url: must be an address as in https"):
        load({"public_url": url})


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "/etc/localtime"])
def test_a_zone_that_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(SettingsError, match=r"^time_zone: is no zone of the IANA database"):
        load({"time_zone": zone})


async def test_without_a_public_address_the_code_leads_to_where_it_listens() -> None:
    listens = "http://127.0.0.1:7411"

    untold = _papers(load({}), listens)
    told = _papers(load({"public_url": "https://releve.example.net"}), listens)

    assert listens == untold.public_url
    assert "https://releve.example.net" == told.public_url
    assert "Europe/Paris" == str(untold.zone)
