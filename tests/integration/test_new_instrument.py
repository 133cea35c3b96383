"""`releve new-instrument` begins something that works: as a package of one's own, found by its entry points."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import releve

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]

LINKS = ("serial", "modbus", "ble")


def begun(*words: str):
    return CliRunner().invoke(releve.front("new-instrument"), ["new-instrument", *words])


def slug_of(link: str) -> str:
    return f"acme-{link}1"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three packages, made and installed into a folder of their own."""
    folder = tmp_path_factory.mktemp("kit")
    for link in LINKS:
        words = (slug_of(link), "--vendor", "Acme", "--model", f"X{link}", "--link", link)
        done = begun(*words, "--into", str(folder / link))
        assert 0 == done.exit_code, done.output
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--no-index"),
                *("--no-build-isolation", "--no-deps", "--target", str(folder / "site")),
                str(folder / link),
            ],
            check=True,
        )
    return folder


def with_site(folder: Path, *words: str, cwd: Path | None = None):
    environment = {**os.environ, "PYTHONPATH": str(folder / "site")}
    return subprocess.run(
        [sys.executable, *words],
        check=False,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_the_new_instruments_are_known_to_every_command(site: Path):
    listed = with_site(site, "-P", "-m", "releve", "instruments").stdout
    simulated = with_site(site, "-P", "-m", "releve", "sim", "list").stdout

    for link in LINKS:
        assert slug_of(link) in listed
        assert slug_of(link) in simulated


@pytest.mark.parametrize("link", LINKS)
def test_the_tests_it_comes_with_pass(site: Path, link: str):
    done = with_site(
        site,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "tests",
        cwd=site / link,
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_a_package_that_fails_to_load_is_reported_and_the_others_work(site: Path, tmp_path: Path):
    broken = tmp_path / "broken-1.dist-info"
    broken.mkdir()
    (broken / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1\n")
    (broken / "entry_points.txt").write_text(
        "[releve.drivers]\nbroken = no_such_module:X\n[releve.sims]\nbroken = no_such_module:X\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{site / 'site'}"}
    for words in (("instruments",), ("sim", "list")):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "releve", *words],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert 0 == done.returncode
        assert "not loaded" in done.stderr
        assert "no_such_module" in done.stderr
        assert slug_of("serial") in done.stdout


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("Acme X", "--vendor", "A", "--model", "B"), "a slug is small letters"),
        (("testo-300", "--vendor", "A", "--model", "B"), "is taken"),
        (("acme-x", "--vendor", 'A"', "--model", "B"), "--vendor"),
        (("acme-x", "--vendor", "A", "--model", "B${x}"), "--model"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, words, complaint):
    done = begun(*words, "--into", str(tmp_path / "new"))

    assert 2 == done.exit_code
    assert complaint in done.stderr
    assert not (tmp_path / "new").exists()


def test_what_is_there_is_never_written_over(tmp_path: Path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new/pyproject.toml").write_text("mine")
    done = begun("acme-x", "--vendor", "A", "--model", "B", "--into", str(tmp_path / "new"))

    assert 2 == done.exit_code
    assert ["pyproject.toml"] == [each.name for each in (tmp_path / "new").iterdir()]


def test_outside_of_a_checkout_a_folder_must_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    outside = begun("acme-x", "--vendor", "A", "--model", "B")
    (tmp_path / "drivers").mkdir()
    (tmp_path / "drivers/catalog.py").touch()
    inside = begun("acme-x", "--vendor", "A", "--model", "B", "--family", "leak")

    assert 2 == outside.exit_code
    assert 0 == inside.exit_code
    assert {
        "docs/protocols/acme-x.md",
        "drivers/leak/acme_x.py",
        "tests/fixtures/recordings/acme_x/first.toml",
        "firmware_sims/acme_x.py",
    } <= {str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*.*")}
