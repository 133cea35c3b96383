"""`releve import readings` with a running agent: from the file to the chain, and what the agent refuses."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.cli.export import opened
from agent.settings import Settings
from contract.wire.down import Assignment
from firmware_sims.demo.http import Api, waited
from tests.agent.making import INTERVENTION
from tests.agent.test_importing import FORM, TJF

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]
COMMAND = Path(sys.executable).with_name("releve")
FOLDER = Path(__file__).parents[1] / "fixtures/files"


@dataclass(frozen=True)
class Running:
    """An agent in a process, with one intervention, and the PIN of its technician."""

    data: Path
    port: str
    pin: str
    imports: Path

    def run(self, *words: str | Path, pin: str | None = None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [COMMAND, "import", "readings", *words, "--http-port", self.port],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env={"RELEVE_PIN": pin or self.pin},
        )
        assert "Traceback" not in done.stderr
        return done


async def _prepare(data: Path) -> None:
    async with opened(Settings(name="van-7", data=data)) as store:
        await store.records.keep_form(FORM)
        await store.records.keep_assignment(
            Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
        )


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Running]:
    data, imports = tmp_path / "agent", tmp_path / "imports"
    imports.mkdir()
    base = [str(COMMAND), "agent", "--name", "van-7", "--data", str(data)]
    made = subprocess.run(
        [*base, "technician", "amira", "Amira Benali", "--json"], capture_output=True, check=True
    )
    asyncio.run(_prepare(data))
    process = subprocess.Popen(
        [*base, "--http-port", "0", "--broker-port", "1", "--log-level", "ERROR", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env={"RELEVE_AGENT_BLE": "false", "RELEVE_AGENT_IMPORT_FOLDER": str(imports)},
    )
    try:
        assert process.stdout is not None
        address = json.loads(process.stdout.readline())["address"]
        yield Running(data, address.rpartition(":")[2], json.loads(made.stdout)["pin"], imports)
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture
def boiler(tmp_path: Path) -> Path:
    (tmp_path / "boiler.tjf").write_bytes(TJF)
    return tmp_path / "boiler.tjf"


TARGET = ("--intervention", "i-1", "--report", "r-1", "--technician", "amira")


def test_a_measurement_ends_in_the_chain_and_what_is_refused_does_not(
    agent: Running, boiler: Path
) -> None:
    filled = agent.run(boiler, *TARGET, "--field", "o2", "--field", "air", "--json")
    again = agent.run(boiler, *TARGET, "--field", "o2")
    calibrated = agent.run(boiler, *TARGET, "--field", "o2_calibrated")
    stranger = agent.run(boiler, *TARGET, "--field", "draught", pin="000000")
    table = FOLDER / "analyser.csv"
    without = agent.run(table, *TARGET)
    second = agent.run(
        table,
        *TARGET,
        "--mapping",
        FOLDER / "analyser.toml",
        "--field",
        "flue",
        "--measurement",
        "2",
    )

    assert (0, "import") == (filled.returncode, json.loads(filled.stdout)["kind"])
    assert [1, 1, 1, 1] == [each.returncode for each in (again, calibrated, stranger, without)]
    assert "there already" in again.stderr
    assert "proves no calibration" in calibrated.stderr
    assert "PIN" in stranger.stderr
    assert "mapping" in without.stderr
    assert (0, "analyser.csv: saved as capture 2\n") == (second.returncode, second.stdout)


def test_without_an_agent_the_command_says_what_to_do(boiler: Path) -> None:
    nobody = Running(boiler.parent, "9", "271828", boiler.parent)
    done = nobody.run(boiler, *TARGET)

    assert 1 == done.returncode
    assert "no agent answers at http://127.0.0.1:9" in done.stderr


def test_a_technician_whose_name_is_no_text_is_two_and_says_so(boiler: Path) -> None:
    nobody = Running(boiler.parent, "9", "271828", boiler.parent)
    done = nobody.run(boiler, *TARGET[:-1], "\udcff")

    assert 2 == done.returncode
    assert "has characters that are not Unicode" in done.stderr


def test_what_lies_in_the_folder_is_read_by_itself(agent: Running, boiler: Path) -> None:
    (agent.imports / "boiler.tjf").write_bytes(boiler.read_bytes())
    with closing(Api(f"http://127.0.0.1:{agent.port}")) as api:
        signed = api.post("/v1/session", {"technician": "amira", "pin": agent.pin})
        api.sign(signed["token"])
        listed = waited("the file", lambda: api.get("/v1/files")["items"], within=15)
        assert ["boiler.tjf"] == [each["name"] for each in listed]

        # What one file does to a parser is no matter to the next.
        for name, body in (("deep.xml", b"<a>" * 2000 + b"</a>" * 2000), ("next.tjf", b"[")):
            (agent.imports / name).write_bytes(body)
        waited("both", lambda: len(api.get("/v1/files")["items"]) == 3, within=15)
