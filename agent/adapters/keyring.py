"""The agent's private key, in a file that only its user can read."""

import os
import secrets
from pathlib import Path

from contract.signing import SigningKey

SEED_BYTES = 32


class KeyFileError(Exception):
    """The key file cannot be used; the message says why and what to do."""


def load_or_make(path: Path) -> SigningKey:
    """Return the key in ``path``, made there at the first start; raises KeyFileError."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, secrets.token_bytes(SEED_BYTES))
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"{path} can be read by others: chmod 600 {path}")
    seed = path.read_bytes()
    if len(seed) != SEED_BYTES:
        raise KeyFileError(f"{path} holds no key of {SEED_BYTES} bytes: restore it from a copy")
    return SigningKey.from_seed(seed)


def _write(path: Path, seed: bytes) -> None:
    """Write the seed beside and put it in place whole, on disk, before it is used."""
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, seed)
        os.fsync(handle)
    finally:
        os.close(handle)
    beside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
