"""The agent's Bluetooth over bleak, BlueZ and Linux: in a virtual machine, with simulated instruments on the air."""

import json
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.adapters.gatt import ANSWER_WITHIN
from drivers.catalog import BUILT_IN
from tests.system_parts import absent, require, require_that
from tests.vm import debian_kernel, machine
from tests.vm.in_guest import ANALYSER, BLUETOOTHD, FINDING, PROBE

pytestmark = [pytest.mark.vm, pytest.mark.timeout(300)]

HERE = Path(__file__).parent
SILENT_AFTER = BUILT_IN["testo-smart-probe"].silent_after
GUEST_SECONDS = 200
"""What the script may take; after that the guest ends it and powers off."""
MACHINE_SECONDS = 240
FIRMWARE_OF_THE_MACHINE = ("/usr/share/seabios/bios-256k.bin", "/usr/share/qemu/bios-256k.bin")


@dataclass(frozen=True, slots=True)
class Guest:
    """What the guest said."""

    said: str

    def found(self, step: str) -> dict[str, Any]:
        """Return what a step found; without it fail the test with what the guest said last."""
        for line in self.said.splitlines():
            if (
                line.startswith(FINDING)
                and step == (found := json.loads(line[len(FINDING) :]))["finding"]
            ):
                if "failed" in found:
                    break
                return found
        pytest.fail(
            f"{step} was not found; the guest said last:\n{self.said[-4000:]}", pytrace=False
        )


@pytest.fixture(scope="module")
def parts() -> debian_kernel.GuestParts:
    """Find what the guest is made of, the kernel in the cache or at Debian's."""
    require_that(platform.machine() == "x86_64", "a machine of the kind x86_64")
    require_that(os.geteuid() == 0, "root (the guest reads the whole disk)")
    require("qemu-system-x86_64")
    require("dbus-daemon")
    require_that(Path(BLUETOOTHD).exists(), "bluetoothd")
    require_that(any(Path(each).exists() for each in FIRMWARE_OF_THE_MACHINE), "seabios")
    try:
        return debian_kernel.obtain(HERE / ".cache")
    except debian_kernel.NotObtainableError as error:
        absent(f"a Debian kernel for the guest ({error})")


@pytest.fixture(scope="module")
def guest(parts: debian_kernel.GuestParts, tmp_path_factory: pytest.TempPathFactory) -> Guest:
    """Run the guest once for all tests."""
    script = [sys.executable, str(HERE / "in_guest.py"), str(GUEST_SECONDS)]
    return Guest(
        machine.run(
            parts,
            ["/bin/bash", str(HERE / "guest_init.sh"), *script],
            scratch=tmp_path_factory.mktemp("guest"),
            within=MACHINE_SECONDS,
        )
    )


def test_a_scan_finds_both_by_name(guest: Guest):
    found = guest.found("both_are_found")

    assert [["testo-300", ANALYSER], ["testo-smart-probe", PROBE]] == found["found"]
    assert {-58} == set(found["rssi"])


def test_the_probe_opens_and_streams(guest: Guest):
    found = guest.found("the_probe_streams")

    assert "001.101.0001" == found["firmware"]
    assert -4120 < float(found["values"]["differential_pressure"]) < -4080
    assert (0, []) == (found["rejected"], found["unmapped"])


def test_the_probe_acknowledges_its_zero(guest: Guest):
    found = guest.found("the_probe_is_zeroed")

    assert found["zeroed"]
    assert -20 < float(found["values"]["differential_pressure"]) < 20


def test_the_document_of_many_pieces_is_read_whole(guest: Guest):
    found = guest.found("the_analyser_is_read")

    assert "5.2" == found["values"]["oxygen"]
    assert 12 == len(found["values"])
    assert 0 == found["rejected"]


def test_a_lost_link_is_noticed_and_made_again(guest: Guest):
    found = guest.found("a_lost_link_is_made_again")

    assert "the link was lost" == found["reason"]
    assert found["seconds_to_notice"] < 2
    assert found["other_stayed"]


def test_an_instrument_let_go_is_free_again(guest: Guest):
    assert guest.found("a_link_let_go_ends")["seconds_to_be_seen"] < 10


def test_a_dead_bluetoothd_is_noticed_by_the_silence(guest: Guest):
    found = guest.found("a_dead_bluetoothd_is_noticed")

    assert ["silent", "silent"] == found["reasons"]
    # A request may be under way when the silence has lasted, and letting go may take as long again.
    most = SILENT_AFTER + 2 * ANSWER_WITHIN + 3
    assert max(found["seconds_to_give_up"]) < most


def test_a_radio_switched_off_loses_the_links_at_once(guest: Guest):
    found = guest.found("the_radio_is_switched_off")

    # A request under way fails in BlueZ's words.
    assert "silent" not in found["reasons"]
    assert "the link was lost" in found["reasons"]
    assert max(found["seconds_to_give_up"]) < SILENT_AFTER


@pytest.mark.parametrize(
    "step",
    [
        "a_lost_link_is_made_again",
        "a_link_let_go_ends",
        "a_bluetoothd_back_at_once_costs_seconds",
        "it_returns",
        "the_radio_is_switched_on",
    ],
)
def test_both_sessions_come_back_by_themselves(guest: Guest, step: str):
    assert guest.found(step)["seconds_to_both_speaking"] < 60


def test_the_script_ran_to_its_end(guest: Guest):
    assert f"{machine.ENDED}0" in guest.said.splitlines(), guest.said[-4000:]
