"""Run other people's programs, each in an environment of its own, and return what they made of it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.system_parts import require_that

HERE = Path(__file__).parent


def told(script: str, *words: str, said: object = None) -> Any:
    """Return the JSON that a script prints, which runs where somebody else's program is installed.

    ``script`` is in the folder of that program, as "telium/client.py"; it reads ``said`` as JSON.
    """
    path = HERE / script
    python = path.parent / ".venv/bin/python"
    require_that(
        python.exists(), f"what `make setup` installs into tests/peers/{path.parent.name}"
    )
    done = subprocess.run(
        [python, "-Es", path, *words],
        input=json.dumps(said),
        capture_output=True,
        text=True,
        check=False,
        timeout=40,
    )
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)
