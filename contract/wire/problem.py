"""Problem documents (RFC 9457): what both APIs answer when something cannot be done."""

from contract.wire.base import WireModel

MEDIA_TYPE = "application/problem+json"


class Fault(WireModel):
    """One thing that is wrong, and what to do about it."""

    field: str
    remedy: str


class Problem(WireModel):
    """The body of every error."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: tuple[Fault, ...] = ()
