"""Ed25519 signatures and the records that say whose key is whose.

The algorithm belongs to the key record, never to the message.
"""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "ed25519"


class SignatureError(ValueError):
    """A signature is not that of the key it claims."""


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A public key and its owner: an agent's name, or ``gateway``."""

    owner: str
    public: str
    """Base64 of the 32 raw bytes."""

    @property
    def id(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of the raw key."""
        return key_id(self.public)


def key_id(public: str) -> str:
    """Return the id of a public key given in base64; raises SignatureError if it is none."""
    return sha256(_raw_public(public)).hexdigest()[:16]


class SigningKey:
    """A private key, kept in memory."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        raw = private.public_key().public_bytes_raw()
        self.public = base64.b64encode(raw).decode()
        self.id = key_id(self.public)

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """Make the key of a 32-byte seed."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def sign(self, text: str) -> str:
        """Return the signature of ``text`` in UTF-8, in base64."""
        return base64.b64encode(self._private.sign(text.encode())).decode()


class VerifyingKey:
    """A public key, ready to check signatures."""

    def __init__(self, public: str) -> None:
        self.id = key_id(public)
        self._public = Ed25519PublicKey.from_public_bytes(_raw_public(public))

    def check(self, text: str, signature: str) -> None:
        """Raise SignatureError unless ``signature`` is this key's over ``text``."""
        try:
            self._public.verify(base64.b64decode(signature, validate=True), text.encode())
        except (InvalidSignature, binascii.Error, ValueError) as error:
            raise SignatureError("the signature does not fit the text and the key") from error


def _raw_public(public: str) -> bytes:
    try:
        raw = base64.b64decode(public, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureError("a public key is 32 bytes in base64") from error
    if len(raw) != 32:
        raise SignatureError("a public key is 32 bytes in base64")
    return raw
