"""A till that speaks ZVT.

Facts and their sources: docs/protocols/zvt.md, §5 and §6.
"""

from collections.abc import Generator
from dataclasses import dataclass

from contract.payment.currency import number_of
from contract.payment.fitting import misfit
from contract.payment.stated import Doubt, Operation, Stated, Unsent, Verdict, Why
from contract.words import Words
from drivers.kit.errors import FrameError
from drivers.payment.dialogue import (
    AboutToSend,
    Answered,
    Asked,
    CannotAskError,
    Doubted,
    NotSent,
    PaymentDialogue,
    Sent,
    Totalled,
)
from drivers.payment.profile import ZvtProfile
from drivers.payment.zvt import results
from drivers.payment.zvt import stated as said
from drivers.payment.zvt.apdu import Apdu, Command
from drivers.payment.zvt.fields import Fields, bcd, decode
from drivers.payment.zvt.paying import ANSWER_WITHIN, RESULT_WITHIN, paid
from drivers.payment.zvt.talk import Conversation, Heard, Lost, Script, ScriptOf, Talk
from drivers.payment.zvt.wire import Network, SerialBlocks, Wire

ALL_WITHIN = 600.0
"""Seconds for a command that moves no money, whatever the terminal says meanwhile."""
IDLE_EVERY = 2.0
IDLE_TRIES = 60
"""So often it is asked whether the terminal is ready: a customer may still be at it."""
_REPEAT = bytes((0x03, 0x03))
"""Send the status information, print nothing."""
_CONFIG, _CONFIG_WITH_RECEIPTS = 0x38, 0xBA
_COMMANDS = {
    Operation.CHARGE: Command.AUTHORISATION,
    Operation.REFUND: Command.REFUND,
    Operation.REVERSAL: Command.REVERSAL,
}

Part = Generator[float | None, Heard, "Ended"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command that moves no money ended; ``done``: completed, with ``fields`` and the status it sent."""

    done: bool
    why: Unsent = Unsent.NO_ANSWER
    refused: bool = False
    """Whether the terminal said that it does not do it."""
    completion: bytes = b""
    status: Fields | None = None


def operation(profile: ZvtProfile, asked: Asked, *, on_line: bool) -> PaymentDialogue:
    """Return the conversation that has ``asked`` done, once; raises CannotAskError."""
    request = _request(profile, asked)
    return _conversation(lambda talk: _operating(talk, profile, asked, request), on_line=on_line)


def question(profile: ZvtProfile, asked: Asked, *, on_line: bool) -> PaymentDialogue:
    """Return the conversation that asks what became of ``asked``."""
    return _conversation(lambda talk: _asking(talk, profile, asked), on_line=on_line)


def totals(profile: ZvtProfile, *, close: bool, on_line: bool) -> PaymentDialogue:
    """Return the conversation that asks for the totals of the day; ``close``: and ends it."""
    command = Command.END_OF_DAY if close else Command.TOTALS
    return _conversation(lambda talk: _totalling(talk, profile, command), on_line=on_line)


def _conversation(script: ScriptOf, *, on_line: bool) -> Conversation:
    wire: Wire = SerialBlocks() if on_line else Network()
    return Conversation(wire, script)


def _request(profile: ZvtProfile, asked: Asked) -> bytes:
    money = bytes((0x04,)) + bcd(asked.money.minor_units, 6)
    currency = bytes((0x49,)) + bcd(int(number_of(asked.money.currency)), 2)
    password = bytes.fromhex(profile.password)
    match asked.operation:
        case Operation.CHARGE:
            return money + currency
        case Operation.REFUND:
            return password + money + currency
        case Operation.REVERSAL:
            if asked.receipt is None or not asked.receipt.isdecimal():
                raise CannotAskError(
                    Words("the terminal did not say the number of its receipt: undo it there")
                )
            return password + bytes((0x87,)) + bcd(int(asked.receipt), 2) + money + currency


# --- what moves money -----------------------------------------------------------------------------


def _operating(talk: Talk, profile: ZvtProfile, asked: Asked, request: bytes) -> Script:
    ready = yield from _registered(talk, profile, asked.money.currency)
    if ready.done:
        ready = yield from _latest(talk, profile)
    if not ready.done:
        talk.tell(NotSent(ready.why))
        return
    talk.tell(AboutToSend(said.mark(ready.status)))
    yield None
    if talk.lost:
        talk.tell(NotSent(Unsent.NO_CONNECTION))
        return
    talk.say(_COMMANDS[asked.operation], request, once=True)
    talk.tell(Sent())
    yield from paid(talk, asked, keeps_receipt=profile.receipt)


# --- what became of it ----------------------------------------------------------------------------


def _asking(talk: Talk, profile: ZvtProfile, asked: Asked) -> Script:
    ready = yield from _registered(talk, profile, asked.money.currency)
    if not ready.done:
        talk.tell(NotSent(ready.why))
        return
    for _ in range(2):
        idle = yield from _idle(talk, profile)
        latest = (yield from _latest(talk, profile)) if idle else Ended(done=False)
        if not latest.done:
            talk.tell(Doubted(Doubt.SILENT))
            return
        found = _found(latest.status, asked)
        if isinstance(found, Stated):
            yield from _answered(talk, found)
            return
        if found is not None:
            talk.tell(Doubted(found))
            return
    # Twice the terminal, doing nothing, names what it had done before.
    yield from _answered(talk, Stated(verdict=Verdict.DECLINED, why=Why.NOT_COMPLETED))


def _answered(talk: Talk, found: Stated) -> Script:
    talk.tell(Answered(found))
    yield None


def _found(latest: Fields | None, asked: Asked) -> Stated | Doubt | None:
    """Return what the latest transaction says of ours; None: it is the one before ours."""
    if latest is None or asked.mark is None or said.mark(latest) == said.NO_RECEIPT:
        return Doubt.NOT_THERE
    if said.mark(latest) == asked.mark:
        return None
    try:
        found = said.stated(latest)
    except FrameError:
        return Doubt.UNREADABLE
    if not said.same_terminal(said.mark(latest), asked.mark) or found.verdict is not (
        Verdict.APPROVED
    ):
        return Doubt.NOT_THERE
    if said.undoes(latest) is not (asked.operation is Operation.REVERSAL):
        return Doubt.NOT_THERE
    # Somebody else's, after ours or instead of it: who knows.
    fits = misfit(found, asked.money, asked.reference) is None
    return found if fits else Doubt.NOT_THERE


# --- what moves nothing ---------------------------------------------------------------------------


def _registered(talk: Talk, profile: ZvtProfile, currency: str) -> Part:
    config = _CONFIG_WITH_RECEIPTS if profile.receipt else _CONFIG
    money = bcd(int(number_of(currency)), 2)
    data = bytes.fromhex(profile.password) + bytes((config,)) + money
    return (yield from _ended(talk, Command.REGISTRATION, data, Unsent.NOT_REGISTERED))


def _latest(talk: Talk, profile: ZvtProfile) -> Part:
    """Ask for the latest transaction; a terminal that has none, or does not tell, refuses."""
    data = bytes.fromhex(profile.password) + _REPEAT
    ended = yield from _ended(talk, Command.REPEAT_RECEIPT, data, Unsent.NO_ANSWER)
    return Ended(done=True) if ended.refused and ended.why is not Unsent.BUSY else ended


def _idle(talk: Talk, profile: ZvtProfile) -> Generator[float | None, Heard, bool]:
    """Ask for the state of the terminal until it is ready; False when it never is."""
    for _ in range(IDLE_TRIES):
        password = bytes.fromhex(profile.password)
        ended = yield from _ended(talk, Command.STATUS_ENQUIRY, password, Unsent.BUSY)
        if ended.done and _state(ended.completion) == results.READY:
            return True
        if not ended.done and not ended.refused:
            return False
        heard = yield IDLE_EVERY
        if isinstance(heard, Lost):
            return False
    return False


def _state(completion: bytes) -> int | None:
    """Return the state in a completion, after the version of the software where that is there."""
    digits = completion[:3]
    skip = 0
    if len(digits) == 3 and all(0xF0 <= each <= 0xF9 for each in digits):
        skip = 3 + int("".join(str(each & 0xF) for each in digits))
    return completion[skip] if len(completion) > skip else None


def _ended(talk: Talk, command: Command, data: bytes, refused: Unsent) -> Part:
    """Carry a command through that moves no money."""
    talk.say(command, data)
    until = talk.now + ALL_WITHIN
    heard = yield ANSWER_WITHIN
    status: Fields | None = None
    while True:
        match heard:
            case Lost():
                return Ended(done=False, why=Unsent.NO_CONNECTION)
            case Apdu(answers=True):
                if not heard.agrees:
                    busy = heard.instruction == 0x9C
                    return Ended(done=False, why=Unsent.BUSY if busy else refused, refused=True)
            case Apdu(command=Command.COMPLETION):
                talk.agree()
                return Ended(done=True, completion=heard.data, status=status)
            case Apdu(command=Command.ABORT_OF_TERMINAL):
                talk.agree()
                return Ended(done=False, why=refused, refused=True)
            case Apdu(command=Command.STATUS):
                status = _fields(heard.data)
                talk.agree()
            case Apdu():
                talk.agree()
            case _:
                return Ended(done=False, why=Unsent.NO_ANSWER)
        heard = yield max(0.0, min(RESULT_WITHIN, until - talk.now))


def _fields(data: bytes) -> Fields | None:
    try:
        return decode(data)
    except FrameError:
        return None


def _totalling(talk: Talk, profile: ZvtProfile, command: Command) -> Script:
    ready = yield from _registered(talk, profile, profile.currency)
    if ready.done:
        ready = yield from _ended(talk, command, bytes.fromhex(profile.password), Unsent.NO_ANSWER)
    try:
        status = ready.status
        found = None if status is None else said.totals(status, profile.currency)
    except FrameError:
        found = None
    talk.tell(NotSent(ready.why) if found is None else Totalled(found))
