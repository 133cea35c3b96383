"""Request bodies, read as JSON by the contract's own strict models."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from gateway.api.problems import faults_of, invalid

Model = TypeVar("Model", bound=BaseModel)


def body(
    model: type[Model], *, extra: Literal["forbid"] | None = "forbid"
) -> Callable[[Request], Awaitable[Model]]:
    """Return a dependency that reads the body; FastAPI's own would refuse times and lists in a strict model.

    A person wrote it: a name that the model does not know is misspelt, unless ``extra`` leaves that to the model.
    """

    async def read(request: Request) -> Model:
        try:
            return model.model_validate_json(await request.body(), extra=extra)
        except ValidationError as error:
            raise invalid(faults_of(error)) from error

    return read


def documented(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the OpenAPI document says of such a body."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
