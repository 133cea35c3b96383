"""The block ``x-prefill`` of a form field: which fact that the office knew before the visit stands in it."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from contract.forms.part import FormPart
from contract.wire.base import FieldName


class Source(StrEnum):
    """Where in an intervention a fact stands."""

    COMPANY = "company"
    """Who does the visit."""
    CUSTOMER = "customer"
    SITE = "site"
    APPLIANCE = "appliance"
    VISIT = "visit"
    """The appointment; it knows its ``day``."""
    LAST_VISIT = "last_visit"
    """What the last report of the appliance said."""


class Prefill(FormPart):
    """A fact of the intervention. What anybody states during the visit always wins over it."""

    model_config = ConfigDict(populate_by_name=True)

    source: Annotated[Source, Field(alias="from")]
    key: FieldName | None = None
    """Its name there; None: that of the field."""
    confirm: bool = False
    """Whether it is only proposed: the field stays empty until somebody says it again."""
