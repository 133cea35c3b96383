"""Names that nobody guesses, and that nobody else has."""

import secrets


def new_secret() -> str:
    """Return 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_id() -> str:
    """Return 24 hexadecimal digits."""
    return secrets.token_hex(12)
