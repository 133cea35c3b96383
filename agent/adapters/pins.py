"""PINs at rest."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Argon2id with 19 MiB, two passes, one lane: OWASP's setting for little memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_pin(pin: str) -> str:
    """Return what is kept of a PIN."""
    return _HASHER.hash(pin)


def verify_pin(kept: str, pin: str) -> bool:
    """Tell whether a PIN is the one that was kept."""
    try:
        return _HASHER.verify(kept, pin)
    except (VerificationError, InvalidHashError):
        return False


def new_pin() -> str:
    """Return six digits by chance."""
    return f"{secrets.randbelow(10**6):06}"
