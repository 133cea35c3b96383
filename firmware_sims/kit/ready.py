"""The line that says a process is ready."""

import json
import sys
from typing import Any


def say_ready(line: dict[str, Any]) -> None:
    """Print one JSON line at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
