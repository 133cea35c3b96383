"""Scenarios: what a file may say, what is said of a bad one, and the visit of the documentation, played."""

import json
import subprocess
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from firmware_sims.air import RunningBench
from firmware_sims.cli import app
from firmware_sims.demo.children import releve as command
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.quantities import Quantity
from firmware_sims.scenario import Scenario, scenario
from firmware_sims.scenario_file import ScenarioError
from firmware_sims.scenario_player import Player
from firmware_sims.testing import Releve, bench

VISIT = Path(__file__).parents[2] / "docs" / "scenarios" / "boiler-visit.toml"
ANALYSER, PROBE, SCANNER = "61349163", "46512997", "1001"
INSTRUMENT = '[[instrument]]\nslug = "testo-330-1-ll"\nserial = "7"\n'
SCAN = '[[instrument]]\nslug = "scanner-line"\nserial = "8"\n'
STEP = '[[step]]\nat = 1\nsay = "one"\n'


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "visit.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


class Stage:
    """A scenario played without links."""

    def __init__(self, played: Scenario) -> None:
        self.lines: list[dict[str, Any]] = []
        self.by_serial = {each.serial: each for each in played.instruments}
        self.player = Player(
            RunningBench(instruments=played.instruments), played, self.lines.append
        )

    def shown(self, serial: str, quantity: Quantity) -> Decimal | None:
        return self.by_serial[serial].display.current.value(quantity)


# --- the visit of the documentation ---------------------------------------------------------------


def test_the_visit_shows_what_it_tells():
    stage = Stage(scenario(VISIT, 1))
    analyser = stage.by_serial[ANALYSER]

    stage.player.play_until(20.0)
    leak = stage.shown(ANALYSER, Quantity.OXYGEN)
    assert leak is not None
    assert leak > 14
    assert Decimal("2512.5") == pytest.approx(
        stage.shown(PROBE, Quantity.DIFFERENTIAL_PRESSURE), abs=5
    )
    stage.player.play_until(31.0)
    assert leak == stage.shown(ANALYSER, Quantity.OXYGEN)
    stage.player.play_until(32.0)
    assert Decimal("6.4") == stage.shown(ANALYSER, Quantity.OXYGEN)
    stage.player.play_until(48.0)
    assert Decimal("5.2") == stage.shown(ANALYSER, Quantity.OXYGEN)
    assert Fault.LINK_LOSS in analyser.faults
    stage.player.play_until(60.0)
    assert Fault.LINK_LOSS not in analyser.faults
    assert Decimal("5.2") == stage.shown(ANALYSER, Quantity.OXYGEN)
    assert [b"3760012345678\r\n"] == stage.by_serial[SCANNER].take_outgoing()
    assert not stage.player.over
    stage.player.play_until(70.0)
    assert stage.player.over
    assert None is stage.shown(ANALYSER, Quantity.OXYGEN)


@pytest.mark.parametrize("step", [0.05, 5.0])
def test_the_same_seed_displays_the_same_at_any_speed(step: float):
    def displays(seed: int, step: float) -> list[tuple[int, dict[str, dict[str, str | None]]]]:
        stage = Stage(scenario(VISIT, seed))
        for at in range(round(45 / step) + 1):
            stage.player.play_until(at * step)
        instruments = stage.by_serial.values()
        return [
            (each.display.current.counter, each.display.current.as_json()) for each in instruments
        ]

    assert displays(1, 45.0) == displays(1, step)
    assert displays(1, step) != displays(2, step)


@pytest.mark.integration
def test_the_visit_is_played_a_hundred_times_as_fast_and_ends():
    words = command("sim", "scenario", str(VISIT), "--speed", "100", "--once")
    began = time.monotonic()
    done = subprocess.run(
        words, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    ready, *lines = [json.loads(line) for line in done.stdout.splitlines()]

    assert (0, "") == (done.returncode, done.stderr)
    assert time.monotonic() - began < 9
    links = {each["serial"]: each["link"] for each in ready["instruments"]}
    assert {ANALYSER: "ble", PROBE: "ble", SCANNER: "pty"} == links
    assert [0, 5, 12, 20, 32, 40, 48, 58, 70] == [line["at"] for line in lines]
    assert {
        "at": 5.0,
        "say": "The appliance is identified by its label.",
        "instrument": SCANNER,
        "act": "scan",
        "text": "3760012345678",
    } == lines[1]
    assert not [line for line in lines if "refused" in line]


@pytest.fixture
def releve_of_tests(tmp_path: Path, socket_enabled: None):
    with bench(tmp_path) as made:
        yield made


@pytest.mark.integration
def test_the_fixture_plays_it_and_looks_at_the_displays(releve_of_tests: Releve):
    simulators = releve_of_tests.scenario(VISIT, "--speed", "100", "--seed", "3")
    assert {ANALYSER, PROBE, SCANNER} == set(simulators)

    deadline = time.monotonic() + 5
    while simulators[ANALYSER].displayed()["oxygen"] is not None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    pressure = simulators[PROBE].displayed()["differential_pressure"]
    assert 2512.5 == pytest.approx(float(pressure or "nan"), abs=50)


@pytest.mark.integration
def test_radio_pty_and_tcp_hang_on_one_bench(releve_of_tests: Releve, file: Callable[[str], Path]):
    path = file(
        '[[instrument]]\nslug = "testo-300"\nserial = "1"\nlink = "http"\n'
        '[[instrument]]\nslug = "testo-300"\nserial = "2"\n'
        '[[instrument]]\nslug = "testo-350"\nserial = "3"\n'
        '[[instrument]]\nslug = "keller-gauge"\nserial = "4"\nlink = "tcp"\n'
        '[[instrument]]\nslug = "ateq-f6"\nserial = "5"\nfaults = ["split"]\n' + STEP
    )
    simulators = releve_of_tests.scenario(path)

    links = {serial: each.ready["link"] for serial, each in simulators.items()}
    assert {"1": "http", "2": "ble", "3": "tcp", "4": "tcp", "5": "pty"} == links
    assert simulators["3"].port != simulators["4"].port


# --- what a file may say --------------------------------------------------------------------------


def test_what_a_hand_cannot_do_then_is_in_the_line(file: Callable[[str], Path]):
    act = 'instrument = "5"\nact = "toggle_measurement"\n'
    path = file(f'[[instrument]]\nslug = "ateq-f6"\nserial = "5"\n[[step]]\nat = 2\n{act}')
    stage = Stage(scenario(path, 1))
    stage.player.play_until(3.0)

    (line,) = stage.lines
    assert "while a cycle runs" in line["refused"]


def test_a_step_sets_values_before_it_holds(file: Callable[[str], Path]):
    step = 'instrument = "7"\nset = {oxygen = "9.9"}\nhold = true\nfault = {busy = true}\n'
    stage = Stage(scenario(file(f"{INSTRUMENT}[[step]]\nat = 0\n{step}"), 1))
    stage.player.play_until(5.0)

    assert Decimal("9.9") == stage.shown("7", Quantity.OXYGEN)
    assert {Fault.BUSY} == stage.by_serial["7"].faults
    assert [
        {
            "at": 0.0,
            "instrument": "7",
            "set": {"oxygen": "9.9"},
            "hold": True,
            "fault": {"busy": True},
        }
    ] == (stage.lines)


# --- bad files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[instrument]", ("is no TOML",)),
        (STEP, ("instrument is missing",)),
        (INSTRUMENT, ("step is missing",)),
        ("instrument = []\nstep = []\n", ("instrument", "step", "at least one")),
        (f"speed = 3\n{INSTRUMENT}{STEP}", ("no key 'speed'", "instrument, step")),
        (f"{INSTRUMENT}colour = 1\n{STEP}", ("instrument 1:", "no key 'colour'", "slug")),
        (f"{INSTRUMENT}{STEP}fualt = 1\n", ("step 1:", "did you mean 'fault'")),
        (f"{INSTRUMENT}{STEP}[[step]]\nsay = 'x'\n", ("step 2: at is missing",)),
        (f"{INSTRUMENT}{STEP}[[step]]\nat = -1\nsay = 'x'\n", ("step 2: at", "not before 0")),
        (f"{INSTRUMENT}{STEP}[[step]]\nat = 'noon'\n", ("step 2: at", "seconds")),
        (f"{INSTRUMENT}{STEP}[[step]]\nat = inf\n", ("step 2: at", "seconds")),
        (f"{INSTRUMENT}{STEP}set = {{oxygen = 5.2}}\n", ("step 1: set.oxygen", "in quotes")),
        (f"{INSTRUMENT}{STEP}fault = {{busy = 1}}\n", ("step 1: fault.busy", "true or false")),
        (f"{INSTRUMENT}{STEP}hold = 'yes'\n", ("step 1: hold", "true or false")),
        (f"instrument = 3\n{STEP}", ("instrument", "[[")),
        (f"instrument = [3]\n{STEP}", ("instrument 1", "[[")),
        ("[[instrument]]\nserial = '1'\n" + STEP, ("instrument 1: slug is missing",)),
        (
            "[[instrument]]\nslug = 'testo-301'\n" + STEP,
            ("instrument 1:", "testo-301", "testo-300"),
        ),
        (INSTRUMENT + INSTRUMENT + STEP, ("instrument 2:", "'7' is used twice", "its own")),
        (f"{INSTRUMENT}link = 'ble'\n{STEP}", ("instrument 1:", "link 'ble'", "pty, tcp")),
        (f"{INSTRUMENT}model = 'XL'\n{STEP}", ("instrument 1:", "model 'XL'", "one-block")),
        (f"{INSTRUMENT}setup = 'dirty'\n{STEP}", ("instrument 1:", "setup 'dirty'", "air-leak")),
        (f"{SCAN}setup = 'dirty'\n{STEP}", ("instrument 1:", "leave it out")),
        (f"{INSTRUMENT}faults = ['low_battery']\n{STEP}", ("instrument 1:", "fault", "busy")),
        (
            "[[instrument]]\nslug = 'testo-350'\nserial = 'A1'\n" + STEP,
            ("instrument 1:", "number"),
        ),
        (
            "[[instrument]]\nslug = 'testo-300'\nserial = 'a:b'\n" + STEP,
            ("instrument 1:", "letters"),
        ),
        (
            f"{INSTRUMENT}[[step]]\nat = 5\nsay = 'x'\n{STEP}",
            ("step 2: its time 1 goes back behind 5",),
        ),
        (f"{INSTRUMENT}[[step]]\nat = 1\n", ("step 1: it says and does nothing",)),
        (f"{INSTRUMENT}{STEP}hold = true\n", ("step 1: it names no instrument", "7")),
        (f"{INSTRUMENT}{STEP}instrument = '9'\n", ("step 1: no instrument", "'9'", "known are 7")),
        (
            f"{INSTRUMENT}{STEP}instrument = '7'\nset = {{mass = '1'}}\n",
            ("step 1: it has no quantity to set 'mass'", "oxygen"),
        ),
        (
            f"{INSTRUMENT}{STEP}instrument = '7'\nset = {{oxygen = '5,2'}}\n",
            ("step 1: '5,2' is no oxygen", "-12.5"),
        ),
        (
            f"{INSTRUMENT}{STEP}instrument = '7'\nfault = {{low_battery = true}}\n",
            ("step 1: it has no fault 'low_battery'", "busy"),
        ),
        (
            f"{INSTRUMENT}{STEP}instrument = '7'\nact = 'scan'\n",
            ("step 1: it has no act 'scan'", "toggle_measurement"),
        ),
        (
            f"{INSTRUMENT}{STEP}instrument = '7'\nact = 'toggle_measurement'\ntext = 'x'\n",
            ("step 1: text is what is scanned",),
        ),
        (f"{SCAN}{STEP}instrument = '8'\nact = 'scan'\n", ("step 1: it cannot scan ''", "text")),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_a_remedy(
    file: Callable[[str], Path], text: str, words: tuple[str, ...]
):
    path = file(text)
    with pytest.raises(ScenarioError) as refusal:
        scenario(path, 1)

    assert all(line.startswith(f"{path}:") for line in str(refusal.value).splitlines())
    for each in words:
        assert each in str(refusal.value)


def test_everything_that_is_wrong_is_said_at_once(file: Callable[[str], Path]):
    path = file(f"{INSTRUMENT}{STEP}hold = true\n[[step]]\nat = 0\nact = 'x'\ninstrument = '7'\n")
    printed = CliRunner().invoke(app, ["scenario", str(path)])

    assert 2 == printed.exit_code
    assert 3 == len(printed.stderr.splitlines())
    assert "" == printed.stdout


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[[instrument]]\nserial = '1'\n" + STEP, ["instrument 1: slug is missing; write it"]),
        (
            "[[instrument]]\nslug = 5\n" + STEP,
            ['instrument 1: slug: write it in quotes, as "testo-300"'],
        ),
        (
            f"{INSTRUMENT}faults = [3]\n{STEP}",
            ['instrument 1: faults.1: write it in quotes, as "silence"'],
        ),
        (
            f"{INSTRUMENT}{STEP}set = {{oxygen = 5.2}}\nact = 1\n",
            [
                'step 1: set.oxygen: write it in quotes, as "5.2"',
                'step 1: act: write it in quotes, as "press_button"',
            ],
        ),
        (
            f"{INSTRUMENT}colour = 1\n[[step]]\nsay = 'x'\n",
            [
                "instrument 1: there is no key 'colour'; known are faults, link, model, serial, setup, slug",
                "step 1: at is missing; write it",
            ],
        ),
        (
            f"instrument = [3]\n{STEP}",
            ["instrument 1: it is no table; write each under [[instrument]]"],
        ),
        (
            f"instrument = []\n{STEP}",
            ["instrument is empty; write at least one, each under [[instrument]]"],
        ),
        (
            INSTRUMENT.replace("[[instrument]]", "[instrument]") + STEP,
            ["instrument has another shape; write at least one, each under [[instrument]]"],
        ),
    ],
)
def test_of_a_fault_the_truth_is_told_and_nothing_else(
    file: Callable[[str], Path], text: str, lines: list[str]
):
    path = file(text)
    with pytest.raises(ScenarioError) as refusal:
        scenario(path, 1)

    assert [f"{path}: {line}" for line in lines] == str(refusal.value).splitlines()


def test_a_file_that_is_not_in_utf8_is_refused_with_the_line_and_the_remedy(tmp_path: Path):
    path = tmp_path / "visit.toml"
    path.write_bytes(b"# one\n# \xff\xfe\n")
    with pytest.raises(ScenarioError) as refusal:
        scenario(path, 1)

    assert f"{path}: line 2 is not in UTF-8; save the file as text in UTF-8" == str(refusal.value)
