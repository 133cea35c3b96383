"""A form that cannot work is refused before it is kept for ever."""

import json
from typing import Any

import pytest

from tests.gateway.edge import FORM
from tests.gateway.world import World


def changed(place: str, value: Any) -> Any:
    """Return the form with something else at one place of its schema."""
    form = json.loads(FORM.to_json())
    *way, last = place.split(".")
    at = form["schema"]
    for part in way:
        at = at[part]
    at[last] = value
    return form


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(depth):
        schema = {"not": schema}
    return schema


@pytest.mark.parametrize(
    ("place", "value", "field", "remedy"),
    [
        ("required", ["o2", "co"], "schema.required.1", "co is not among the properties"),
        ("properties.remark.pattern", "(", "schema.properties.remark.pattern", "no regular"),
        ("properties.remark.minLength", -1, "schema.properties.remark.minLength", "JSON Schema"),
        ("properties.remark.pattern", 5, "schema.properties.remark.pattern", "JSON Schema"),
        ("dependentRequired", 3, "schema.dependentRequired", "JSON Schema"),
        ("not", nested(150), "schema", "nested too deeply"),
        (
            "properties.o2.x-measure.unit",
            "bar",
            "schema.properties.o2.x-measure",
            "oxygen cannot be stated in bar",
        ),
    ],
)
async def test_a_form_that_cannot_work_is_refused_with_place_and_remedy(
    small_world: World, place: str, value: Any, field: str, remedy: str
) -> None:
    async with small_world.client() as client:
        refused = await client.post("/v1/forms", json=changed(place, value))
        held = await client.get("/v1/forms/boiler/1")

    [fault] = refused.json()["errors"]
    assert (422, 404) == (refused.status_code, held.status_code)
    assert field == fault["field"]
    assert remedy in fault["remedy"]
    assert "Value error" not in refused.text
    assert "Input should" not in refused.text


async def test_what_is_no_json_is_said_to_be_none_with_its_place(small_world: World) -> None:
    async with small_world.client() as client:
        refused = await client.post("/v1/forms", content=b'{"id": ')

    [fault] = refused.json()["errors"]
    assert "body" == fault["field"]
    assert fault["remedy"].startswith("is not JSON: ")
    assert "line 1 column 7" in fault["remedy"]
