"""The wheel, installed in a clean environment outside the checkout, is the whole product.

Nothing is fetched: the clean environment sees this one's dependencies through a path file. What a
path file adds is not searched for path files itself, so the editable install here stays unseen.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "contract", "drivers", "firmware_sims", "gateway")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

pytestmark = pytest.mark.timeout(60)


def run(*command: str | Path, cwd: Path) -> str:
    """Return what a command prints; it inherits nothing that could point into the checkout."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    }
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT),
        cwd=folder,
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clean environment with the wheel in it."""
    environment = tmp_path_factory.mktemp("clean")
    venv.create(environment, with_pip=False, symlinks=True)
    run(
        *(sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install"),
        *("--quiet", "--no-index", "--no-deps", wheel),
        cwd=environment,
    )
    [packages] = environment.glob("lib/python*/site-packages")
    dependencies = sysconfig.get_path("purelib")
    (packages / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
    return environment


def test_the_wheel_holds_every_module_and_data_file(wheel: Path) -> None:
    expected = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    } | {"releve.py"}

    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert expected == held


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_that_it_is_typed(package: str, wheel: Path) -> None:
    assert f"{package}/py.typed" in zipfile.ZipFile(wheel).namelist()


def test_the_installed_product_is_not_the_checkout(clean: Path, tmp_path: Path) -> None:
    names = ("releve", *PACKAGES)
    script = f"import json; print(json.dumps([__import__(name).__file__ for name in {names!r}]))"

    files = json.loads(run(clean / "bin" / "python", "-P", "-c", script, cwd=tmp_path))

    assert [] == [file for file in files if not Path(file).is_relative_to(clean)]


def test_the_installed_command_tells_its_version(clean: Path, tmp_path: Path) -> None:
    assert PROJECT["version"] in run(clean / "bin" / "releve", "--version", cwd=tmp_path)


def test_the_installed_command_explains_decode(clean: Path, tmp_path: Path) -> None:
    help_text = run(clean / "bin" / "releve", "decode", "--help", cwd=tmp_path)

    assert "decode" in help_text
    assert "--json" in help_text


@pytest.mark.integration
@pytest.mark.timeout(150)
def test_the_installed_product_passes_its_own_acceptance(clean: Path, tmp_path: Path) -> None:
    command = clean / "bin" / "releve"
    outcome = json.loads(run(command, "demo", "--check", "--json", cwd=tmp_path))

    assert outcome["held"], outcome["steps"]
    assert outcome["seconds"] < 60
    assert 12 == len(outcome["steps"])
    assert 15 == len([each for each in outcome["fields"] if each["equal"]])
    assert (1, 0, 0) == tuple(
        outcome["counts"][name] for name in ("absorbed", "outbox_after", "quarantined")
    )
    assert outcome["counts"]["outbox_while_down"] >= 3
