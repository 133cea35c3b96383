"""`releve new-instrument` begins something that works: as a package of one's own, found by its entry points."""

import os
import re
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


def written_by(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


def pages_named_in(folder: Path) -> set[tuple[str, str]]:
    """Return each file that names a protocol page, with the page."""
    return {
        (name, page)
        for name in written_by(folder)
        for page in re.findall(r"docs/[\w/.-]+\.md", (folder / name).read_text())
    }


@pytest.mark.parametrize("link", LINKS)
def test_the_files_of_a_package_name_the_page_that_was_written(tmp_path: Path, link: str):
    words = ("acme-x1", "--vendor", "Acme", "--model", "X1", "--link", link)
    begun(*words, "--into", str(tmp_path))

    assert {
        ("recordings/first.toml", "docs/acme-x1.md"),
        ("releve_acme_x1/driver.py", "docs/acme-x1.md"),
        ("releve_acme_x1/simulator.py", "docs/acme-x1.md"),
    } == pages_named_in(tmp_path)
    assert (tmp_path / "docs/acme-x1.md").is_file()


@pytest.mark.parametrize("link", LINKS)
def test_the_files_of_a_checkout_name_the_page_that_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drivers").mkdir()
    (tmp_path / "drivers/catalog.py").touch()
    begun("acme-x1", "--vendor", "Acme", "--model", "X1", "--link", link)

    assert {
        ("tests/fixtures/recordings/acme_x1/first.toml", "docs/protocols/acme-x1.md"),
        ("drivers/probe/acme_x1.py", "docs/protocols/acme-x1.md"),
        ("firmware_sims/acme_x1.py", "docs/protocols/acme-x1.md"),
    } == pages_named_in(tmp_path)
    assert (tmp_path / "docs/protocols/acme-x1.md").is_file()


def test_the_page_is_titled_with_the_maker_and_the_model(tmp_path: Path):
    begun("acme-x1", "--vendor", "Acme", "--model", "X1", "--into", str(tmp_path))

    [title, *_] = (tmp_path / "docs/acme-x1.md").read_text().splitlines()
    assert "# Acme X1 (`acme-x1`)" == title


def test_what_is_there_is_never_written_over(tmp_path: Path):
    mine = tmp_path / "new/pyproject.toml"
    mine.parent.mkdir()
    mine.write_text("mine")
    done = begun("acme-x", "--vendor", "A", "--model", "B", "--into", str(tmp_path / "new"))

    assert 2 == done.exit_code
    assert "mine" == mine.read_text()
    assert {"pyproject.toml"} == written_by(tmp_path / "new")
    assert (
        f"releve: nothing was written: {mine} exists; choose another folder with --into, or remove it\n"
    ) == done.stderr


def test_a_second_run_names_what_exists_and_the_remedy(tmp_path: Path):
    words = ("acme-x", "--vendor", "A", "--model", "B", "--into", str(tmp_path))
    begun(*words)
    again = begun(*words)

    assert 2 == again.exit_code
    assert again.stderr.endswith(
        "test_acme_x.py exist; choose another folder with --into, or remove them\n"
    )


def test_outside_of_a_checkout_a_folder_must_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    outside = begun("acme-x", "--vendor", "A", "--model", "B")
    (tmp_path / "drivers").mkdir()
    (tmp_path / "drivers/catalog.py").touch()
    inside = begun("acme-x", "--vendor", "A", "--model", "B", "--family", "leak")

    again = begun("acme-x", "--vendor", "A", "--model", "B", "--family", "leak")

    assert 2 == outside.exit_code
    assert 0 == inside.exit_code
    assert 2 == again.exit_code
    assert "acme_x.py exist; choose another slug, or remove them" in again.stderr
    assert {
        "docs/protocols/acme-x.md",
        "drivers/leak/acme_x.py",
        "tests/fixtures/recordings/acme_x/first.toml",
        "firmware_sims/acme_x.py",
    } <= {str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*.*")}
