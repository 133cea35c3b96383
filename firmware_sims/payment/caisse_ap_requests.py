"""Which requests of Caisse-AP are well formed; docs/protocols/caisse-ap.md, §4."""

from firmware_sims.payment.order import Kind

VERSIONS = frozenset(("0300", "0310", "0320"))
KINDS = {"0": Kind.DEBIT, "1": Kind.CREDIT, "2": Kind.CANCELLATION}
MANDATORY = ("CJ", "CA", "CB", "CD", "CE")
"""Of a payment."""
SIZES = {"CJ": (12, 12), "CA": (1, 2), "CB": (2, 12), "CE": (3, 3), "CF": (1, 99)}
NOT_DONE, BAD_FORMAT = "01", "09"


def missing(fields: dict[str, str]) -> bool:
    """Whether a field is missing that what is asked for needs."""
    needed = MANDATORY if fields.get("CD", "0") in KINDS else ("CD",)
    return any(tag not in fields for tag in needed)


def well_formed(fields: dict[str, str]) -> bool:
    """Whether nothing is missing, and what is there has the shape of §4."""
    if missing(fields) or fields["CZ"] not in VERSIONS:
        return False
    if fields["CD"] not in KINDS:
        return len(fields["CD"]) == 1
    sized = all(
        low <= len(fields[tag]) <= high for tag, (low, high) in SIZES.items() if tag in fields
    )
    numbers = all(fields[tag].isascii() and fields[tag].isdigit() for tag in ("CA", "CB", "CE"))
    if not sized or not numbers or fields.get("BA", "0") not in {"0", "1"}:
        return False
    return int(fields["CB"]) > 0


def malformed(before: dict[str, str]) -> dict[str, str]:
    """Return the answer to what cannot be read."""
    version = before.get("CZ", "")
    version = version if version in VERSIONS else min(VERSIONS)
    return {"CZ": version, "AE": NOT_DONE, "AF": BAD_FORMAT}


def two_digits(amount: int) -> str:
    """§4: return an amount in at least two digits."""
    return str(amount).zfill(2)
