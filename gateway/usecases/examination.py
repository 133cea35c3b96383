"""What a message on the topic ``captures`` proves, before any transaction: pure.

A capture is *proven* when its link belongs to a run of links that its agent signed. What is not proven is refused:
kept, never answered, so that the agent's own copy can still arrive.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from contract import chain, topics
from contract.chain import Link, LinkError
from contract.signing import SignatureError, VerifyingKey
from contract.wire import statement as wire_statement
from contract.wire.base import Place
from contract.wire.event import MAX_BYTES, CapturesEvent, SignedCapture
from contract.wire.statement import (
    Action,
    OfProcedure,
    OfReport,
    Signature,
    StatementError,
    Transition,
    explain,
)
from gateway.ports.inbox import Examined, Proven, Refusal, RegisteredKey
from gateway.ports.line import Received

REASON_LENGTH = 200
UNSTORABLE = "statement: holds a character that no store keeps"
UNKNOWN_KEY = "key {} is not registered for this agent: enrol it"
REVOKED_KEY = "key {} is revoked"


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that could be read; nothing in it is believed yet."""

    received: Received
    agent: str
    event: CapturesEvent


@dataclass(frozen=True, slots=True)
class _Linked:
    link: Link
    hash: str
    capture: SignedCapture
    draft: "_Draft"


@dataclass(slots=True)
class _Draft:
    """A message while it is examined."""

    opened: Opened
    proven: list[Proven] = field(default_factory=list[Proven])
    refused: list[Refusal] = field(default_factory=list[Refusal])

    def refuse(self, capture: SignedCapture, reason: str) -> None:
        body = capture.to_json().encode()
        received = self.opened.received
        self.refused.append(Refusal(received.topic, self.opened.agent, body, plain(reason)))

    def examined(self) -> Examined:
        received = self.opened.received
        return Examined(
            received.topic,
            received.payload,
            self.opened.agent,
            tuple(self.proven),
            tuple(self.refused),
        )


def open_message(received: Received, tenant: str) -> Opened | Examined:
    """Read a message; what cannot be read is examined already, and refused whole."""
    address = topics.parse(received.topic)
    if address is None or address.rest != ("captures",) or address.tenant != tenant:
        return _refused(received, None, "topic: not the captures of an agent of this tenant")
    if len(received.payload) > MAX_BYTES:
        return _refused(received, address.agent, f"message: more than {MAX_BYTES} bytes")
    try:
        event = CapturesEvent.model_validate_json(received.payload)
    except ValidationError as error:
        return _refused(received, address.agent, explain(error))
    return Opened(received, address.agent, event)


def examine(opened: Sequence[Opened], keys: Mapping[str, RegisteredKey]) -> list[Examined]:
    """Prove what can be proved of these messages with the keys registered.

    A run goes on from one message of an agent to its next: one signature may prove them all.
    """
    drafts: list[_Draft] = []
    chains: dict[str, list[_Linked]] = {}
    for message in opened:
        draft = _Draft(message)
        drafts.append(draft)
        key = keys.get(message.event.data.key)
        fault = _key_fault(key, message)
        if fault is not None:
            draft.refused.append(
                Refusal(message.received.topic, message.agent, message.received.payload, fault)
            )
        else:
            chains.setdefault(message.event.data.key, []).extend(_links(draft))
    for key_id, linked in chains.items():
        for run in runs(linked):
            _prove(run, keys[key_id].verifying)
    return [each.examined() for each in drafts]


def _key_fault(key: RegisteredKey | None, message: Opened) -> str | None:
    if key is None or key.owner != message.agent:
        return UNKNOWN_KEY.format(message.event.data.key)
    return REVOKED_KEY.format(message.event.data.key) if key.revoked else None


def _links(draft: "_Draft") -> Iterator[_Linked]:
    for capture in draft.opened.event.data.captures:
        try:
            link = chain.parse(capture.link)
        except LinkError as error:
            draft.refuse(capture, f"link: {error}")
            continue
        if link.agent == draft.opened.agent:
            yield _Linked(link, chain.digest(capture.link), capture, draft)
        else:
            draft.refuse(capture, "link: names another agent")


def _prove(run: list[_Linked], key: VerifyingKey) -> None:
    good = _proved(run, key)
    for each in run[:good]:
        found = _believed(each)
        if isinstance(found, Proven):
            each.draft.proven.append(found)
        else:
            each.draft.refuse(each.capture, found)
    for each in run[good:]:
        each.draft.refuse(each.capture, "sig: not this agent's")


def runs(linked: Iterable[_Linked]) -> Iterator[list[_Linked]]:
    """Cut links into contiguous runs: one epoch, no gap, each naming the one before."""
    run: list[_Linked] = []
    for each in linked:
        if run and not _follows(run[-1], each):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _follows(before: _Linked, after: _Linked) -> bool:
    return (
        after.link.previous == before.hash
        and after.link.seq == before.link.seq + 1
        and after.link.epoch == before.link.epoch
    )


def _proved(run: list[_Linked], key: VerifyingKey) -> int:
    """Return how many links of the run, from its first, are the key's.

    One signature proves every link before it, since each names the hash of the one before.
    """
    for index in range(len(run) - 1, -1, -1):
        try:
            key.check(run[index].capture.link, run[index].capture.sig)
        except SignatureError:
            continue
        return index + 1
    return 0


def _believed(linked: _Linked) -> Proven | str:
    """Return the capture of a proven link, or why its statement is not the one that was signed."""
    text = linked.capture.statement
    if text is None:
        return "statement: missing"
    if chain.digest(text) != linked.link.statement:
        return "statement: not the one its link names"
    try:
        parsed = wire_statement.parse(text)
    except StatementError as error:
        return _unreadable(linked, text, str(error))
    return Proven(
        link=linked.link,
        text=linked.capture.link,
        hash=linked.hash,
        sig=linked.capture.sig,
        key=linked.draft.opened.event.data.key,
        statement=text,
        kind=parsed.kind.value,
        intervention=parsed.intervention,
        report=parsed.report if isinstance(parsed, OfReport | OfProcedure | Signature) else None,
        awaited=_awaited(parsed, linked.link) if isinstance(parsed, Transition) else (),
    )


def _unreadable(linked: _Linked, text: str, fault: str) -> Proven:
    storable = "\0" not in text
    return Proven(
        link=linked.link,
        text=linked.capture.link,
        hash=linked.hash,
        sig=linked.capture.sig,
        key=linked.draft.opened.event.data.key,
        statement=text if storable else None,
        fault=plain(fault) if storable else UNSTORABLE,
    )


def _awaited(transition: Transition, link: Link) -> tuple[Place, ...]:
    if transition.action is not Action.CLOSE:
        return ()
    # The closing capture is itself the end of its epoch's part.
    return (*transition.up_to, Place(epoch=link.epoch, seq=link.seq))


def plain(text: str) -> str:
    """Return a reason fit for a receipt and for any store: one line, printable, short, not empty."""
    printable = "".join(each if each.isprintable() else "?" for each in text)
    return printable[:REASON_LENGTH] or "unknown"


def _refused(received: Received, agent: str | None, reason: str) -> Examined:
    refusal = Refusal(received.topic, agent, received.payload, plain(reason))
    return Examined(received.topic, received.payload, agent, refused=(refusal,))
