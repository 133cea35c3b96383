"""The pages of payments: what a customer may look at, and what the technician does about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from agent.api import models_payments
from agent.api.guard import By, Uses
from agent.api.models import Json
from agent.api.pages_writing import Writer
from agent.api.services import Services
from agent.ports import Saved
from agent.usecases.work import InterventionView

Page = Annotated[Writer, Depends()]

shell = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
fragments = APIRouter(
    prefix="/pages", include_in_schema=False, default_response_class=HTMLResponse
)

_PAYMENTS = ("payment",)
LATEST = 50
"""Payments on the page of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """What the page of an intervention shows of payments."""

    standing: Json | None
    """What is due and was paid; None where there is neither."""
    payments: list[Json]
    """Newest first."""
    terminals: list[str]
    """Those that may be sent an amount."""
    known: bool
    """Whether the settings name any terminal."""
    after: str
    """The latest payment that is shown, empty where there is none."""
    open: Json | None
    proposed: str
    """What is still to be paid, empty where nobody knows."""
    currency: str

    @property
    def shown(self) -> bool:
        """Whether there is anything to show."""
        return self.known or bool(self.payments) or self.standing is not None


async def paying(uses: Services, view: InterventionView, captures: Iterable[Saved]) -> Paying:
    """Return what the page of an intervention shows of payments."""
    standing = models_payments.of_intervention(view.intervention, captures)
    attempts = await uses.payments.all(view.intervention.id)
    payments = [models_payments.payment(uses.payments, each) for each in reversed(attempts)]
    known = uses.payments.terminals
    left = str(standing["difference"] or "") if standing else ""
    return Paying(
        standing=standing,
        payments=payments,
        terminals=[each.name for each in known.all() if await known.pairing(each)],
        known=bool(known.all()),
        after=str(payments[0]["id"]) if payments else "",
        open=next((each for each in payments if not each["settled"]), None),
        proposed="" if left.startswith("-") or not left.strip("0.") else left,
        currency=view.intervention.currency or "EUR",
    )


@shell.get("/payments")
async def payments_shell(page: Page) -> HTMLResponse:
    """Give the shell of the payments."""
    return page.shell("payments", "/pages/payments", _PAYMENTS)


@shell.get("/payments/{id}")
async def payment_shell(page: Page, id: str) -> HTMLResponse:
    """Give the shell of one payment."""
    return page.shell("payments", page.path("pages", "payments", id), _PAYMENTS)


@fragments.get("/payments")
async def payments(page: Page, uses: Uses, _: By) -> HTMLResponse:
    """Show the terminals, the latest payments, and answers of terminals that fit none."""
    known = uses.payments.terminals
    latest = (await uses.payments.all())[-LATEST:]
    return page.fragment(
        "payments.html",
        terminals=[
            models_payments.terminal(each, await known.pairing(each)) for each in known.all()
        ],
        payments=[models_payments.payment(uses.payments, each) for each in reversed(latest)],
        compared={
            name: models_payments.comparison(each) for name, each in uses.payments.compared.items()
        },
        unmatched=[models_payments.orphan(each) for each in await uses.payments.orphans()],
    )


@fragments.get("/payments/{id}")
async def payment(page: Page, uses: Uses, by: By, id: str) -> HTMLResponse:
    """Show one payment: its amount and how it stands, large, and below what the technician may do."""
    attempt = await uses.payments.one(id)
    return page.fragment(
        "payment.html",
        payment=models_payments.payment(uses.payments, attempt),
        history=await uses.payments.history(id),
        back=models_payments.going_back(await uses.payments.may_go_back(attempt, by)),
        latest=(await uses.payments.all(attempt.intervention))[-1].id,
    )
