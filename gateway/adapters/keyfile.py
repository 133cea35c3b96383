"""The gateway's own private key: a 32-byte seed in a file that only its user may read."""

import os
from collections.abc import Callable
from pathlib import Path

from contract.signing import SigningKey

SEED_BYTES = 32


class KeyFileError(Exception):
    """The key file cannot be used; the message says why and what to do."""


def load_key(path: Path, chance: Callable[[int], bytes]) -> SigningKey:
    """Return the key in the file, made first when there is none; raises KeyFileError."""
    try:
        # Whoever creates the file first makes the key; everybody reads it back.
        _create(path, chance)
        mode = path.stat().st_mode & 0o777
        seed = path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"the key file {path} cannot be used: {error.strerror}") from error
    if mode & 0o077:
        raise KeyFileError(f"others may read the key file {path}: chmod 600 it")
    if len(seed) != SEED_BYTES:
        raise KeyFileError(f"the key file {path} does not hold {SEED_BYTES} bytes")
    return SigningKey.from_seed(seed)


def _create(path: Path, chance: Callable[[int], bytes]) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written aside and linked into place, so that nobody ever reads half a key.
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, chance(SEED_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
