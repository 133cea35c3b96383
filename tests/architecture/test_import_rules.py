"""The import rules of pyproject.toml hold, and each of them can fail."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "pyproject.toml"
TOOL = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))["tool"]["importlinter"]
PACKAGES: list[str] = TOOL["root_packages"]

# Contract -> a module put into a copy of the product, and the import that breaks it.
VIOLATIONS = {
    "layers": ("contract/planted.py", "import drivers"),
    "pure": ("drivers/kit/planted.py", "import time"),
    "pydantic-in-contract": ("contract/planted.py", "import pydantic"),
    "pydantic-in-drivers": ("drivers/kit/planted.py", "import pydantic"),
    "gateway-knows-no-instrument": ("gateway/planted.py", "import drivers.kit"),
    "agent-without-server-store": ("agent/planted.py", "import sqlalchemy"),
    "sims-outward": ("firmware_sims/planted.py", "import contract"),
    "sims-inward": ("agent/planted.py", "import firmware_sims"),
    "families": ("drivers/probe/planted.py", "import drivers.combustion"),
    "kit": ("drivers/kit/planted.py", "import drivers.catalog"),
    "agent": ("agent/planted.py", ""),
    "gateway": ("gateway/planted.py", ""),
    "acyclic": ("firmware_sims/planted/one/__init__.py", "import firmware_sims.planted.two"),
}
ELSEWHERE = {"acyclic": ("firmware_sims/planted/two.py", "import firmware_sims.planted.one")}


def lint_imports(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache", *options], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        # Only what imports: pages and vendored scripts stay behind.
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=lambda folder, names: [
                name
                for name in names
                if name == "__pycache__"
                or (Path(folder, name).is_file() and not name.endswith(".py"))
            ],
        )
    shutil.copy(SETTINGS, tmp_path)
    return tmp_path


def plant(root: Path, path: str, text: str) -> None:
    module = root / path
    module.parent.mkdir(parents=True, exist_ok=True)
    for folder in module.relative_to(root).parents:
        if folder != Path():
            (root / folder / "__init__.py").touch()
    module.write_text(f"{text}\n", encoding="utf-8")


@pytest.mark.timeout(60)
def test_every_import_goes_the_way_it_should() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


def test_every_rule_has_a_violation_that_proves_it() -> None:
    assert {contract["id"] for contract in TOOL["contracts"]} == set(VIOLATIONS)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("rule", VIOLATIONS)
def test_a_rule_refuses_what_breaks_it(rule: str, copy: Path) -> None:
    plant(copy, *VIOLATIONS[rule])
    if rule in ELSEWHERE:
        plant(copy, *ELSEWHERE[rule])

    result = lint_imports(copy, "--contract", rule)

    assert result.returncode == 1, result.stdout + result.stderr
    assert "planted" in result.stdout
