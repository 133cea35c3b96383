"""An intervention as it is sent to the technician."""

from enum import StrEnum
from typing import Annotated, cast

from pydantic import BeforeValidator, StringConstraints, model_validator

from contract.wire.base import FieldName, LongText, Name, ShortText, Time, WireModel
from contract.wire.payment import Currency


class Stage(StrEnum):
    """Where an intervention stands."""

    CREATED = "created"
    PLANNED = "planned"
    ASSIGNED = "assigned"
    STARTED = "started"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    """Closed by the technician; captures are still on their way."""
    COMPLETED = "completed"
    VALIDATED = "validated"
    CANCELLED = "cancelled"


AmountDue = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d{0,11})(\.\d{1,4})?$")]
"""As people write it; how many digits its currency has, the gateway checks."""


class FormReference(WireModel):
    """One immutable version of a form."""

    id: Name
    version: int


def _texts(said: object) -> object:
    """Complain once of a fact that is neither a text nor a yes or no, and by its name."""
    _check_texts(said)
    return said


def _check_texts(said: object) -> None:
    facts = cast("dict[object, object]", said) if isinstance(said, dict) else {}
    for name, fact in facts.items():
        if not isinstance(fact, str | bool):
            raise ValueError(  # noqa: TRY004 - pydantic takes no other
                f"{name}: write it as text, a number too, or as true or false"
            )


Facts = Annotated[dict[FieldName, LongText | bool], BeforeValidator(_texts)]
"""What the office knows, by the name of what it is; a number is written as text."""


class Appliance(WireModel):
    """What is worked on: a boiler, a refrigeration circuit."""

    id: Name
    name: ShortText
    facts: Facts | None = None
    last_visit: Facts | None = None
    """What its last report said."""


class Report(WireModel):
    """One form to fill, for one appliance; its id never changes."""

    id: Name
    appliance: Name
    form: FormReference


class Intervention(WireModel):
    """One visit for one work order."""

    id: Name
    title: ShortText
    customer: ShortText | None = None
    address: ShortText | None = None
    starts: Time | None = None
    instructions: LongText | None = None
    company_facts: Facts | None = None
    """Who does the visit: name, address, registration."""
    customer_facts: Facts | None = None
    site_facts: Facts | None = None
    appliances: tuple[Appliance, ...] = ()
    reports: tuple[Report, ...] = ()
    amount_due: AmountDue | None = None
    """What the customer is to pay, as in ``125.00``."""
    currency: Currency | None = None

    @model_validator(mode="after")
    def _whole_amount(self) -> "Intervention":
        if (self.amount_due is None) is not (self.currency is None):
            raise ValueError("amount_due and currency go together")
        return self

    def report(self, report: str) -> Report | None:
        """Return one of the reports, None when there is no such one."""
        return next((each for each in self.reports if each.id == report), None)

    def appliance_of(self, report: str) -> Appliance | None:
        """Return the appliance that a report is about, None when there is no such one."""
        found = self.report(report)
        about = found.appliance if found is not None else None
        return next((each for each in self.appliances if each.id == about), None)
