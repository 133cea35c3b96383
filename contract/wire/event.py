"""The envelopes: CloudEvents 1.0, structured mode."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from contract import chain
from contract.signing import KeyRecord, SignatureError, SigningKey, VerifyingKey
from contract.wire.base import KeyId, Name, ShortText, Time, WireModel

MAX_CAPTURES = 256
MAX_BYTES = 256_000

Signature = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{86}==$")]


class Event(WireModel):
    """The attributes every event has."""

    specversion: Literal["1.0"] = "1.0"
    id: ShortText
    source: ShortText
    time: Time
    datacontenttype: Literal["application/json"] = "application/json"


class SignedCapture(WireModel):
    """The evidence of one capture. ``statement`` is text, so that its bytes survive; None once erased."""

    link: Annotated[str, StringConstraints(max_length=400)]
    sig: Signature
    statement: Annotated[str, StringConstraints(max_length=65_536)] | None = None


class Captures(WireModel):
    """Captures of one agent, in the order of their links."""

    key: KeyId
    captures: Annotated[tuple[SignedCapture, ...], Field(min_length=1, max_length=MAX_CAPTURES)]


class CapturesEvent(Event):
    """A message on the topic ``captures``, and a line of an export."""

    type: Literal["releve.captures.v1"] = "releve.captures.v1"
    data: Captures


class Key(WireModel):
    """A public key, for whoever verifies an export."""

    id: KeyId
    owner: Name
    algorithm: Literal["ed25519"] = "ed25519"
    public: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]

    @classmethod
    def of(cls, record: KeyRecord) -> "Key":
        return cls(id=record.id, owner=record.owner, public=record.public)


class KeyEvent(Event):
    """A line of an export that says whose key signed the lines after it."""

    type: Literal["releve.key.v1"] = "releve.key.v1"
    data: Key


class Sealed(WireModel):
    """A statement with the signature of its sender over ``releve1-sealed <type> <agent> <sha256 of statement>``."""

    key: KeyId
    statement: Annotated[str, StringConstraints(max_length=MAX_BYTES)]
    sig: Signature


class SealedType(StrEnum):
    """What a sealed event carries; the type is part of what is signed."""

    RECEIPT = "releve.receipt.v1"
    COMMAND = "releve.command.v1"
    RESPONSE = "releve.response.v1"
    PROGRESS = "releve.progress.v1"
    ASSIGNMENT = "releve.assignment.v1"
    FORM = "releve.form.v1"
    HEAD = "releve.head.v1"


class SealedEvent(Event):
    """Everything signed that is no capture: receipts, commands, assignments, forms, responses, heads."""

    type: SealedType
    data: Sealed


def sealed_text(type_: SealedType, agent: str, statement: str) -> str:
    """Return the text a sealed event's signature covers."""
    return f"releve1-sealed {type_} {agent} {chain.digest(statement)}"


def seal(key: SigningKey, type_: SealedType, agent: str, statement: str) -> Sealed:
    """Sign ``statement`` for ``agent`` as a message of one type, and of no other."""
    signature = key.sign(sealed_text(type_, agent, statement))
    return Sealed(key=key.id, statement=statement, sig=signature)


class UnsealError(ValueError):
    """A sealed message is not for us, or not from whom it says."""


def unseal(event: SealedEvent, agent: str, keys: Mapping[str, VerifyingKey]) -> str:
    """Return the statement, proved to be of this type, for this agent, by one of ``keys``; raises UnsealError."""
    key = keys.get(event.data.key)
    if key is None:
        raise UnsealError(f"key {event.data.key} is not known here")
    try:
        key.check(sealed_text(event.type, agent, event.data.statement), event.data.sig)
    except SignatureError as error:
        raise UnsealError(
            "the signature does not fit: forged, altered, or meant for another agent"
        ) from error
    return event.data.statement
