"""What commands print: lines for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, NoReturn

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]


def line(text: str) -> None:
    """Print one line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def json_line(document: Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    line(json.dumps(document, ensure_ascii=False, default=str))


def warn(message: str) -> None:
    """Say on standard error what a person should know; the command goes on."""
    sys.stderr.write(f"releve: {message}\n")


def fail(message: str) -> NoReturn:
    """Say on standard error what failed, and leave with 1."""
    sys.stderr.write(f"releve: {message}\n")
    raise typer.Exit(1)


def misused(message: str) -> NoReturn:
    """Say on standard error what was wrong with the call, and leave with 2."""
    sys.stderr.write(f"releve: {message}\n")
    raise typer.Exit(2)


def document(
    what: dict[str, object], sentence: Callable[[dict[str, object]], str], *, as_json: bool
) -> None:
    """Print a document, as JSON or as the sentence it makes."""
    json_line(what) if as_json else line(sentence(what))
