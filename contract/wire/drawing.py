"""A hand-drawn signature: strokes in a box, as the pen went."""

from typing import Annotated

from pydantic import Field, model_validator

from contract.wire.base import WireModel

MOST_POINTS = 5_000
"""Keeps a signature within what one message of the wire may hold."""
SIDE = 4_096

Coordinate = Annotated[int, Field(ge=0, le=SIDE)]
Point = tuple[Coordinate, Coordinate]
"""``x`` to the right and ``y`` down, from the upper left corner of the box."""
Stroke = Annotated[tuple[Point, ...], Field(min_length=1, max_length=MOST_POINTS)]


class Drawing(WireModel):
    """What somebody drew; the box has no unit, only its proportions count."""

    width: Annotated[int, Field(ge=1, le=SIDE)]
    height: Annotated[int, Field(ge=1, le=SIDE)]
    strokes: Annotated[tuple[Stroke, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _in_the_box(self) -> "Drawing":
        points = [point for stroke in self.strokes for point in stroke]
        if len(points) > MOST_POINTS:
            raise ValueError(f"has {len(points)} points: draw with at most {MOST_POINTS}")
        if any(x > self.width or y > self.height for x, y in points):
            raise ValueError("a point lies outside of the box: width and height hold them all")
        return self

    @property
    def path(self) -> str:
        """The strokes as the data of an SVG path; a stroke of one point is a dot."""
        return " ".join(_path(stroke) for stroke in self.strokes)


def _path(stroke: tuple[Point, ...]) -> str:
    (x, y), *others = stroke
    return " ".join([f"M{x} {y}", *(f"L{x} {y}" for x, y in others or [(x, y)])])
