"""Recordings as bytes alone: what came, and over which way."""

import tomllib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fixtures" / "recordings"


def came(folder: str, name: str) -> list[tuple[str, bytes]]:
    """Return the events of a recording: where each came from (a UUID's first half), and its bytes."""
    text = (FOLDER / folder / f"{name}.toml").read_text(encoding="utf-8")
    return [(_whence(each), _bytes(each)) for each in tomllib.loads(text)["event"]]


def _whence(event: dict[str, str]) -> str:
    for way in ("read", "notified", "service_data", "registers"):
        if way in event:
            return event[way]
    return "line"


def _bytes(event: dict[str, str]) -> bytes:
    return event["text"].encode() if "text" in event else bytes.fromhex(event["data"])
