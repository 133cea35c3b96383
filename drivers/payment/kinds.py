"""The kinds of terminal we know, and what each can be asked for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

from contract.instrument import Grade
from contract.payment.stated import Operation
from contract.words import Words
from drivers.kit.description import LineSettings
from drivers.payment.caisse_ap import till as caisse_ap
from drivers.payment.concert_v2 import till as concert_v2
from drivers.payment.dialogue import Asked, PaymentDialogue
from drivers.payment.profile import CaisseApProfile, ConcertProfile, SumupProfile, ZvtProfile
from drivers.payment.zvt import till as zvt

ProfileT = TypeVar("ProfileT", ConcertProfile, CaisseApProfile, ZvtProfile, SumupProfile)

PASSWORD = "password"  # noqa: S105 - its name
_PASSWORD = re.compile(r"\d{6}", re.ASCII)
ANSWER = "answer"
"""Option of Concert V2: which answer is asked for."""


class ProfileError(ValueError):
    """Options that do not go with a kind of terminal; ``option`` names the wrong one."""

    def __init__(self, option: str, reason: str) -> None:
        super().__init__(reason)
        self.option = option


class Can(StrEnum):
    """What not every terminal can do."""

    CANCEL = "cancel"
    """Stop while the customer is at it, asked by the till."""
    TELL_STATE = "tell_state"
    """Say afterwards what became of an operation."""
    ANSWER_LATE = "answer_late"
    """Give an answer to whoever is there when it is ready, the till that comes back too."""
    TELL_TOTALS = "tell_totals"
    """Say what it did since its day began, and end that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """How to speak with one terminal over a stream of bytes."""

    operation: Callable[[Asked], PaymentDialogue]
    """Have it done, once; raises CannotAskError."""
    question: Callable[[Asked], PaymentDialogue] | None
    """Ask what became of it."""
    listening: Callable[[Asked], PaymentDialogue] | None
    """Hear whether its answer is still to come."""
    partial: bool
    """Whether less than was asked for may be paid."""
    totals: Callable[[bool], PaymentDialogue] | None = None
    """Ask for the totals of the day; True: and end it."""
    stops: bool = False
    """Whether it can be asked to stop."""

    @property
    def can(self) -> frozenset[Can]:
        able = {
            Can.CANCEL: self.stops or None,
            Can.TELL_STATE: self.question,
            Can.ANSWER_LATE: self.listening,
            Can.TELL_TOTALS: self.totals,
        }
        return frozenset(each for each, way in able.items() if way is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalKind:
    """One protocol of terminals."""

    slug: str
    called: str
    grade: Grade
    operations: frozenset[Operation] = frozenset(Operation)
    secrets: frozenset[str] = frozenset()
    """Options that nobody may read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamKind(TerminalKind):
    """A protocol that is spoken over a stream of bytes."""

    line: LineSettings
    """Of its serial line, where nothing else is said."""
    port: int
    """TCP port it listens on, where nothing else is said; 0: it has none of its own."""
    speak: Callable[[Mapping[str, Any], bool], Speaking]
    """From the options of its profile, secrets too, and whether it hangs on a serial line; raises ProfileError."""


def _concert(options: Mapping[str, Any], on_line: bool) -> Speaking:  # noqa: FBT001 - called by position alone
    answer = str(options.get(ANSWER, "0"))
    if answer != "0":
        raise ProfileError(
            ANSWER,
            Words(
                "answer {answer} brings the whole card number here, which is never taken: leave it at 0",
                answer=answer,
            ),
        )
    others = {name: each for name, each in options.items() if name != ANSWER}
    profile = profile_of(ConcertProfile, others)
    if on_line and not profile.handshake:
        raise ProfileError("handshake", Words("on a serial line it is always there: leave it out"))
    late = on_line and profile.echoes
    return Speaking(
        operation=lambda asked: concert_v2.operation(profile, asked),
        question=None,
        listening=(lambda asked: concert_v2.listening(profile, asked)) if late else None,
        partial=False,
    )


def _caisse_ap(options: Mapping[str, Any], on_line: bool) -> Speaking:  # noqa: FBT001 - called by position alone
    profile = profile_of(CaisseApProfile, options)
    late = on_line and profile.echoes
    return Speaking(
        operation=lambda asked: caisse_ap.operation(profile, asked, framed=on_line),
        question=(lambda asked: caisse_ap.question(profile, asked, framed=on_line))
        if profile.knows_state
        else None,
        listening=(lambda asked: caisse_ap.listening(profile, asked, framed=on_line))
        if late
        else None,
        partial=profile.partial,
    )


def _zvt(options: Mapping[str, Any], on_line: bool) -> Speaking:  # noqa: FBT001 - called by position alone
    if not _PASSWORD.fullmatch(str(options.get(PASSWORD, ""))):
        raise ProfileError(PASSWORD, Words("say it: six digits, as the terminal has them"))
    profile = profile_of(ZvtProfile, options)
    return Speaking(
        operation=lambda asked: zvt.operation(profile, asked, on_line=on_line),
        question=lambda asked: zvt.question(profile, asked, on_line=on_line),
        listening=None,
        partial=False,
        totals=lambda close: zvt.totals(profile, close=close, on_line=on_line),
        stops=True,
    )


def profile_of(made: type[ProfileT], options: Mapping[str, Any]) -> ProfileT:
    """Return the profile that options make; raises ProfileError."""
    known = {each.name: bool if isinstance(each.default, bool) else str for each in fields(made)}
    for name, given in options.items():
        if name not in known:
            wants = ", ".join(sorted(known))
            raise ProfileError(
                name, Words("this terminal has no such option; it has {wants}", wants=wants)
            )
        if not isinstance(given, known[name]):
            raise ProfileError(name, Words("write it as {kind}", kind=_KINDS[known[name]]))
    for each in fields(made):
        if each.default is MISSING and not options.get(each.name):
            raise ProfileError(each.name, Words("this terminal cannot be reached without it"))
    return made(**options)


_KINDS = {bool: "true or false", str: "text"}

CONCERT_V2 = StreamKind(
    slug="concert-v2",
    called="Concert V2",
    grade=Grade.PUBLISHED_CODE,
    line=LineSettings(),
    port=0,
    speak=_concert,
)
CAISSE_AP = StreamKind(
    slug="caisse-ap",
    called="Caisse-AP",
    grade=Grade.PUBLISHED_CODE,
    line=LineSettings(),
    port=8888,
    speak=_caisse_ap,
)

ZVT = StreamKind(
    slug="zvt",
    called="ZVT",
    grade=Grade.MANUAL,
    line=LineSettings(stop_bits=2),
    port=20007,
    speak=_zvt,
    secrets=frozenset({PASSWORD}),
)

SUMUP = TerminalKind(
    slug="sumup",
    called="SumUp",
    grade=Grade.PUBLISHED_CODE,
    operations=frozenset({Operation.CHARGE, Operation.REFUND}),
    secrets=frozenset({"api_key", "affiliate_key"}),
)
"""Asked through its maker's servers: no bytes of ours."""

STREAMS: Mapping[str, StreamKind] = {each.slug: each for each in (CONCERT_V2, CAISSE_AP, ZVT)}
KINDS: Mapping[str, TerminalKind] = {**STREAMS, SUMUP.slug: SUMUP}
