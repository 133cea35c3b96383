"""Why a form has something: who wants it, and where that stands."""

from enum import StrEnum

from pydantic import model_validator

from contract.forms.part import FormPart
from contract.wire.base import ShortText


class Origin(StrEnum):
    """Who wants it."""

    LEGAL = "legal"
    """A text of law."""
    TRADE = "trade"
    """The practice of the trade."""
    PROPOSED = "proposed"
    """Whoever wrote the form."""


class Basis(FormPart):
    """Why a form has a field, or a procedure; a law and a practice are named with where they say so."""

    origin: Origin
    source: ShortText | None = None

    @model_validator(mode="after")
    def _sourced(self) -> "Basis":
        if self.source is None and self.origin is not Origin.PROPOSED:
            raise ValueError(f"source is needed: say where the {self.origin} basis stands")
        return self
