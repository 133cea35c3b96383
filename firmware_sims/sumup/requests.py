"""What a till asks for: bodies, and whether they can be followed."""

import json
from decimal import Decimal
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from firmware_sims.sumup.checkout import CURRENCIES, Checkout
from firmware_sims.sumup.refusal import cannot_be, wrong_shape


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class TotalAmount(_Body):
    """Whole minor units."""

    currency: str
    minor_unit: Annotated[int, Field(ge=0)]
    value: Annotated[int, Field(ge=0)]


class Affiliate(_Body):
    """Whose program asks, and its own reference."""

    app_id: Annotated[str, Field(min_length=1)]
    key: Annotated[str, Field(min_length=1)]
    foreign_transaction_id: Annotated[str | None, Field(min_length=1)] = None


class CheckoutBody(_Body):
    """What is asked of the reader; what it is asked beside that is not simulated."""

    total_amount: TotalAmount
    affiliate: Affiliate | None = None
    description: str | None = None
    return_url: str | None = None

    @property
    def reference(self) -> str:
        """The till's own; empty where it gave none."""
        return (self.affiliate and self.affiliate.foreign_transaction_id) or ""


def checkout_body(raw: bytes) -> CheckoutBody:
    """Return what is asked; raises Refusal, 400."""
    try:
        return CheckoutBody.model_validate_json(raw)
    except ValidationError as error:
        told = "; ".join(_in_words(each["loc"], each["msg"]) for each in error.errors())
        raise wrong_shape(told) from error


def check(body: CheckoutBody, currencies: frozenset[str]) -> None:
    """Do nothing where the body can be followed; raises Refusal, 422."""
    total = body.total_amount
    if total.currency not in currencies:
        raise cannot_be(f"the merchant has no {total.currency}", "INVALID_CURRENCY")
    if total.minor_unit != CURRENCIES[total.currency].minor_unit:
        raise cannot_be(f"{total.currency} has another minor_unit", "INVALID_MINOR_UNIT")
    if body.return_url is not None and not body.return_url.startswith("https://"):
        raise cannot_be("return_url is not of HTTPS", "INVALID_RETURN_URL")


def refund_amount(raw: bytes, checkout: Checkout) -> int | None:
    """Return what is asked back in minor units, None for all; raises Refusal, 400."""
    if not raw.strip():
        return None
    try:
        body: Any = json.loads(raw, parse_float=Decimal)
    except ValueError as error:
        raise wrong_shape("the body is no JSON") from error
    if not isinstance(body, dict):
        raise wrong_shape("the body is no object")
    asked = cast("dict[str, Any]", body).get("amount")
    if asked is None:
        return None
    if isinstance(asked, bool) or not isinstance(asked, int | Decimal) or asked <= 0:
        raise wrong_shape("amount: write a number above zero, in major units")
    minor = Decimal(asked).scaleb(checkout.minor_unit)
    if minor != minor.to_integral_value():
        raise wrong_shape(f"amount: {checkout.currency} has no such decimals")
    return int(minor)


def _in_words(place: tuple[int | str, ...], told: str) -> str:
    where = ".".join(str(each) for each in place) or "body"
    return f"{where}: {told}"
