"""Who is at the keyboard: a PIN gives a token, five wrong ones in a row lock for a while."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from agent.ports import Clock
from agent.usecases.records import TechnicianRecords
from contract.wire.captured import Technician
from contract.words import Words

TRIES = 5
LOCKED_FOR = 60.0
LASTS = 12 * 3600.0
"""Seconds without use after which a token is worthless."""


class SignInError(Exception):
    """The technician is not signed in; the message says why and what to do."""


@dataclass(slots=True)
class _Failures:
    count: int = 0
    locked_until: float = 0.0
    last: float = 0.0


@dataclass(slots=True)
class _Session:
    technician: Technician
    used: float


class SignIn:
    """Tokens live in memory, as hashes: a restart signs everybody out."""

    def __init__(
        self,
        records: TechnicianRecords,
        clock: Clock,
        *,
        verify: Callable[[str, str], bool],
        new_token: Callable[[], str],
    ) -> None:
        self._records = records
        self._clock = clock
        self._verify = verify
        self._new_token = new_token
        self._failures: dict[str, _Failures] = {}
        self._sessions: dict[str, _Session] = {}

    async def sign_in(self, technician: str, pin: str) -> tuple[str, Technician]:
        """Return a new token; raises SignInError, which does not tell an unknown name from a wrong PIN."""
        now = self._clock.elapsed()
        failures = self._failures_of(technician, now)
        if now < failures.locked_until:
            wait = round(failures.locked_until - now) or 1
            raise SignInError(Words("too many wrong PINs: wait {seconds} s", seconds=wait))
        # Counted before it is known to be wrong, so that tries at the same time all count.
        failures.count, failures.last = failures.count + 1, now
        if failures.count > TRIES:
            failures.count, failures.locked_until = 0, now + LOCKED_FOR
            raise SignInError(
                Words("too many wrong PINs: wait {seconds} s", seconds=round(LOCKED_FOR))
            )
        technicians = {each.id: each for each in await self._records.technicians()}
        known = technicians.get(technician)
        # An unknown name takes as long as a known one: the PIN is compared with somebody else's, for nothing.
        compared = technician if known else next(iter(technicians), technician)
        kept = await self._records.pin_hash(compared)
        fits = kept is not None and await asyncio.to_thread(self._verify, kept, pin)
        if known is None or not fits:
            raise SignInError(Words("this name and PIN do not fit"))
        self._failures.pop(technician, None)
        self._forget_unused(now)
        token = self._new_token()
        self._sessions[_hashed(token)] = _Session(known, now)
        return token, known

    def who(self, token: str) -> Technician:
        """Return whose token it is; raises SignInError."""
        key = _hashed(token)
        session = self._sessions.get(key)
        now = self._clock.elapsed()
        if session is None or now - session.used > LASTS:
            self._sessions.pop(key, None)
            raise SignInError(Words("sign in with your PIN"))
        session.used = now
        return session.technician

    def sign_out(self, token: str) -> None:
        """Make a token worthless."""
        self._sessions.pop(_hashed(token), None)

    def present(self) -> Technician | None:
        """Return who used a token last, None when nobody is signed in."""
        self._forget_unused(self._clock.elapsed())
        latest = max(self._sessions.values(), key=lambda each: each.used, default=None)
        return latest.technician if latest else None

    def _failures_of(self, technician: str, now: float) -> _Failures:
        """Return the count for a name; names are anybody's invention, so those of long ago are forgotten."""
        for old in [key for key, each in self._failures.items() if now - each.last > LOCKED_FOR]:
            if self._failures[old].locked_until <= now:
                del self._failures[old]
        return self._failures.setdefault(technician, _Failures())

    def _forget_unused(self, now: float) -> None:
        for key in [key for key, each in self._sessions.items() if now - each.used > LASTS]:
            del self._sessions[key]


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
