"""Where in a JSON text something stands. JSON is YAML, whose parser remembers the lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

Place = tuple[str, ...]
"""The keys that lead to something; items by their number from 0."""


@dataclass(frozen=True, slots=True)
class Text:
    """Where things stand in a JSON text."""

    lines: Mapping[Place, int]
    twice: tuple[Place, ...]
    """Keys that one object has more than once: of these the last one counts."""

    def line_of(self, place: Sequence[str]) -> int:
        """Return the line that the keys lead to, as far as the text goes; 1 where it goes nowhere."""
        for end in range(len(place), 0, -1):
            found = self.lines.get(tuple(place[:end]))
            if found is not None:
                return found
        return 1


def read(text: str) -> Text:
    """Return where things stand in a text that is JSON."""
    # A tab is white space in JSON, and none in YAML; in a JSON string it cannot stand as it is.
    try:
        root = yaml.compose(text.replace("\t", " "), Loader=yaml.SafeLoader)
    except (RecursionError, yaml.YAMLError):
        # YAML knows shorter keys and fewer characters than JSON: what it cannot read has no lines.
        return Text({}, ())
    found: dict[Place, int] = {}
    twice: list[Place] = []
    left: list[tuple[Place, yaml.Node | None]] = [((), root)]
    while left:
        place, node = left.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*place, str(key.value))
                if inner in found:
                    twice.append(inner)
                found[inner] = key.start_mark.line + 1
                left.append((inner, value))
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                inner = (*place, str(number))
                found[inner] = item.start_mark.line + 1
                left.append((inner, item))
    return Text(found, tuple(twice))
