"""What the guides for developers show, done as they show it."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

import releve
from drivers.generic.file import read

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

GUIDES = Path(__file__).parents[2] / "docs/how-to"


def blocks(guide: str) -> list[str]:
    """Return the indented blocks of a guide."""
    text = (GUIDES / guide).read_text()
    found = re.findall(r"^ {4}.*\n(?: {4}.*\n|\n)*", text, re.MULTILINE)
    return [textwrap.dedent(each) for each in found]


def test_the_worked_example_for_ci_passes(tmp_path: Path):
    example = next(each for each in blocks("simulate-in-ci.md") if each.startswith("def test_"))
    (tmp_path / "test_example.py").write_text(example)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", "."],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_the_guide_to_an_instrument_names_the_files_that_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    text = (GUIDES / "add-an-instrument.md").read_text()
    line = next(each for each in text.splitlines() if "releve new-instrument" in each)
    monkeypatch.chdir(tmp_path)
    words = line.split()[1:]
    done = CliRunner().invoke(releve.front("new-instrument"), words)
    written = {
        str(each.relative_to(tmp_path / "releve-acme"))
        for each in (tmp_path / "releve-acme").rglob("*")
        if each.is_file() and each.name != "__init__.py"
    }

    assert 0 == done.exit_code, done.output
    assert written == set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_the_described_instrument_is_one_and_its_bytes_are_read(tmp_path: Path):
    description, commands, *_ = blocks("describe-an-instrument.md")
    file = tmp_path / "acme-detector.toml"
    file.write_text(description)
    line = next(each for each in commands.splitlines() if "releve decode" in each)
    given = re.search(r'"([^"]+)"', line)
    assert given is not None
    done = CliRunner().invoke(
        releve.front("decode"),
        ["decode", "acme-detector", given[1], "--file", str(file), "--json"],
    )

    shorter = CliRunner().invoke(
        releve.front("decode"), ["decode", given[1], "--file", str(file), "--json"]
    )

    assert "acme-detector" == read(description, "x").slug
    assert 0 == done.exit_code, done.output
    assert '"value": "42"' in done.output
    assert done.output == shorter.output
