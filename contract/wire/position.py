"""Where in a TOML text something stands, so that a complaint can point at it."""

import re
from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contract.wire.complaint import complaint

_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
MOST_SHOWN = 20
"""Of the faults of one text: whoever corrects these has it read again."""
_KEY = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_.-]+))\s*=""")


def line_of(text: str, place: Sequence[str | int]) -> int:
    """Return the number of the line that a path of keys leads to, as far as the text goes; 1 when it goes nowhere."""
    found, depth = 1, 0
    counts: dict[str, int] = {}
    table: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if (head := _TABLE.match(line)) is not None:
            table = _entered(head[1], head[2], counts)
            path = table
        elif (key := _KEY.match(line)) is not None:
            path = (*table, *(key[1] or key[2] or key[3]).split("."))
        else:
            continue
        if len(path) > depth and tuple(place[: len(path)]) == path:
            found, depth = number, len(path)
    return found


def _entered(bracket: str, name: str, counts: dict[str, int]) -> tuple[str | int, ...]:
    keys = tuple(each.strip().strip("\"'") for each in name.split("."))
    whole = ".".join(keys)
    if bracket == "[[":
        counts[whole] = counts.get(whole, -1) + 1
    path: list[str | int] = []
    for end in range(1, len(keys) + 1):
        path.append(keys[end - 1])
        if (index := counts.get(".".join(keys[:end]))) is not None:
            path.append(index)
    return tuple(path)


def complaints(error: ValidationError, text: str, name: str) -> str:
    """Return a line for each fault of a TOML text: the file, the line, the key, and what is wrong.

    Of very many only the first are told, and how many there are.
    """
    found = sorted((line_of(text, each["loc"]), _said(each)) for each in _own(error))
    told = [f"{name}:{line}: {said}" for line, said in found[:MOST_SHOWN]]
    if len(found) > MOST_SHOWN:
        told.append(f"{name}: and {len(found) - MOST_SHOWN} more: correct these first")
    return "\n".join(told)


def _said(fault: ErrorDetails) -> str:
    return f"{_keys(fault['loc'])}{complaint(fault)}"


def _own(error: ValidationError) -> list[ErrorDetails]:
    """Return the faults, without those that a table only has because of what is in it."""
    found = error.errors(include_url=False)
    places = [each["loc"] for each in found]
    return [
        each
        for each in found
        if not any(
            len(place) > len(each["loc"]) and place[: len(each["loc"])] == each["loc"]
            for place in places
        )
    ]


def _keys(place: tuple[int | str, ...]) -> str:
    words = [str(each + 1) if isinstance(each, int) else each for each in place]
    return f"{'.'.join(words)}: " if words else ""
