"""Every driver, setting and command is listed, documented and, where it claims so, backed by evidence."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
import typer

import agent.settings
import gateway.settings
import releve
from agent.settings import Settings as AgentSettings
from contract.instrument import Grade
from drivers import combustion, leak, probe, scanner
from drivers.catalog import INSTRUMENTS
from drivers.kit.description import Instrument
from gateway.settings import Settings as GatewaySettings
from scripts.generate_docs import _attribute_docs
from tests import recordings

ROOT = Path(__file__).parents[2]
SHARED = {"code", "tjf"}
"""Modules of a family that several instruments share."""
BEST = list(Grade)


def test_every_driver_module_is_in_the_catalogue():
    made = [
        each
        for family in (combustion, leak, probe, scanner)
        for module in pkgutil.iter_modules(family.__path__)
        if module.name not in SHARED
        for each in instruments_of(f"{family.__name__}.{module.name}")
    ]

    assert sorted(each.slug for each in INSTRUMENTS) == sorted(each.slug for each in made)


def instruments_of(module):
    found = [each for each in vars(import_module(module)).values() if isinstance(each, Instrument)]
    assert found, f"{module} makes no instrument"
    return found


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.slug)
def test_every_instrument_has_a_protocol_page_that_names_its_sources(instrument):
    page = (ROOT / "docs/protocols" / f"{instrument.protocol_page}.md").read_text()

    assert f"`{instrument.slug}`" in page
    assert "Sources" in page or instrument.grade is Grade.SYNTHETIC


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.slug)
def test_no_driver_claims_more_than_its_best_recording(instrument):
    grades = [each.source for each in recordings.ALL if each.slug == instrument.slug]

    assert grades
    assert BEST.index(instrument.grade) >= min(BEST.index(each) for each in grades)


@pytest.mark.parametrize("settings", [AgentSettings, GatewaySettings])
def test_every_setting_says_what_it_means(settings):
    assert set(settings.model_fields) == {
        name
        for name, text in _attribute_docs(settings).items()
        if text and name in settings.model_fields
    }


ROOMS = [("agent", agent.settings), ("gateway", gateway.settings)]


@pytest.mark.parametrize(("room", "settings"), ROOMS)
@pytest.mark.parametrize("nonsense", [object(), "", "x", "70000", -1, 1.5, [1], {"a": 1}])
def test_whatever_is_wrong_with_a_setting_is_said_in_our_words(room, settings, nonsense):
    """A library's own say "should", and show patterns and types."""
    said = [refusal(room, settings, {name: nonsense}) for name in settings.Settings.model_fields]

    assert any(said)
    assert [] == [each for each in said if re.search(r"should|valid|\bclass|\^\[", each)]


def refusal(room, settings, flags):
    try:
        settings.load(None, {"name": "v"} | flags) if room == "agent" else settings.load(flags)
    except settings.SettingsError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("room", "settings"), ROOMS)
def test_a_refusal_can_name_the_flag_of_every_setting_that_has_one(room, settings):
    command = typer.main.get_command(releve.front(room)).commands[room]
    flags = {each.opts[0] for each in command.params} - {"--config", "--json", "--log-level"}

    assert flags == set(settings.FLAGS.values())
    assert set(settings.FLAGS) <= set(settings.Settings.model_fields)


def leaves(command):
    inner = getattr(command, "commands", {})
    return [command] if not inner else [each for sub in inner.values() for each in leaves(sub)]


@pytest.mark.parametrize("name", releve.COMMANDS)
def test_every_command_has_help_with_an_example(name):
    command = typer.main.get_command(releve.front(name)).commands[name]

    for each in leaves(command):
        told = (each.help or "") + (getattr(each, "epilog", None) or "")
        assert "Example" in told, each.name


def test_every_adr_is_numbered_and_listed():
    records = sorted((ROOT / "docs/adr").glob("0*.md"))

    assert list(range(1, len(records) + 1)) == [int(each.name[:4]) for each in records]
    listed = (ROOT / "docs/architecture.md").read_text()
    assert [] == [each.name for each in records if each.name not in listed]


@pytest.mark.parametrize("vendor", ["Kane", "Afriso", "Seitron", "Inficon", "Fieldpiece", "testo"])
def test_what_has_no_public_protocol_is_listed_as_such_with_the_way_that_remains(vendor):
    _, without = (ROOT / "docs/supported.md").read_text().split("## No public protocol")
    rows = [line.split("|") for line in without.splitlines() if line.startswith(f"| {vendor}")]

    assert rows
    assert all(row[4].strip() for row in rows)
