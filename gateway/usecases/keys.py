"""Making keys of programs, and knowing them again."""

import base64
from dataclasses import dataclass
from hashlib import sha256

from contract.topics import checked_name
from contract.wire.origin import checked_origin
from gateway.ports.chance import Chance, Clock
from gateway.ports.requests import ApiKey, ApiKeys

PREFIX = "rfk_"
"""Tells people, and scanners for leaked secrets, what it is: a key of a form engine for Relevé."""
SECRET_BYTES = 32


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

    async def opens(self, name: str) -> bool:
        """Tell whether the key of a name opens anything."""
        return any(
            each.name == name and each.revoked_at is None for each in await self.kept.keys()
        )

    async def origins(self) -> frozenset[str]:
        """Return every origin that some key is for."""
        keys = await self.kept.keys()
        return frozenset(
            origin for each in keys if each.revoked_at is None for origin in each.origins
        )


def digest(secret: str) -> str:
    """Return what is kept of a secret."""
    return sha256(secret.encode()).hexdigest()
