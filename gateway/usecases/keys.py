"""Making keys of programs, and knowing them again."""

import base64
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from contract.topics import checked_name
from gateway.ports.chance import Chance, Clock
from gateway.ports.requests import ApiKey, ApiKeys

PREFIX = "rfk_"
"""Tells people, and scanners for leaked secrets, what it is: a key of a form engine for Relevé."""
SECRET_BYTES = 32


class OriginError(ValueError):
    """A text is not the origin of a page."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of programs."""

    kept: ApiKeys
    clock: Clock
    chance: Chance

    async def add(self, name: str, origins: tuple[str, ...]) -> str:
        """Make a key and return its secret, which is told only once.

        Raises TopicNameError for the name, OriginError, ConflictError.
        """
        key = ApiKey(
            name=checked_name(name),
            origins=tuple(sorted({checked_origin(each) for each in origins})),
            created_at=self.clock().isoformat(),
        )
        secret = PREFIX + base64.urlsafe_b64encode(self.chance(SECRET_BYTES)).decode().rstrip("=")
        await self.kept.add(key, digest(secret))
        return secret

    async def known(self, secret: str) -> ApiKey | None:
        """Return the key of a secret, None for one that opens nothing."""
        return await self.kept.found(digest(secret)) if secret.startswith(PREFIX) else None

    async def origins(self) -> frozenset[str]:
        """Return every origin that some key is for."""
        keys = await self.kept.keys()
        return frozenset(
            origin for each in keys if each.revoked_at is None for origin in each.origins
        )


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def checked_origin(text: str) -> str:
    """Return an origin as browsers send it; raises OriginError that says how one is written."""
    try:
        parts = urlsplit(text)
        whole = f"{parts.scheme}://{parts.netloc}"
        usual = {("http", 80), ("https", 443)}
        fits = parts.scheme in {"http", "https"} and parts.hostname and text == whole.lower()
        if fits and "@" not in parts.netloc and (parts.scheme, parts.port) not in usual:
            return text
    except ValueError:  # a port that is none
        pass
    raise OriginError(
        f"{text!r} is no origin: write it as in https://forms.example.net or http://localhost:8080, "
        "in small letters, without a path and without the usual port"
    )
