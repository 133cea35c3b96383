"""What the gateway sends down, and the agent's answers: the statements inside sealed events."""

from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError, model_validator

from contract.wire.base import Epoch, Hash, Name, Place, Seq, ShortText, Time, WireModel
from contract.wire.intervention import Intervention
from contract.wire.request import CaptureOrder, RequestProgress
from contract.wire.statement import explain


class Down(WireModel):
    """What every sealed statement says: its version, and the agent it is for or from."""

    v: Literal[1] = 1
    agent: Name


class Outcome(StrEnum):
    """What became of captures at the gateway."""

    ATTACHED = "attached"
    QUARANTINED = "quarantined"
    """Kept, not attached; a person looks at it. The agent is done with it."""
    FORKED = "forked"
    """Kept and attached, but another capture has the same place in the chain: the agent must open a new epoch."""


class Range(WireModel):
    """Captures of one epoch that met the same outcome."""

    epoch: Epoch
    first: Seq
    last: Seq
    link: Hash
    """Hash of the last link, to be compared before anything is closed."""
    outcome: Outcome
    reason: ShortText | None = None


class Receipt(Down):
    """Closes rows of the agent's outbox. Only this does."""

    id: ShortText
    at: Time
    ranges: Annotated[tuple[Range, ...], Field(max_length=1024)] = ()
    head: Place | None = None
    """The highest capture the gateway holds for the epoch of these ranges."""


class CommandName(StrEnum):
    """What an agent can be told to do."""

    RESCAN = "rescan"
    """Look for instruments again."""
    CAPTURE = "capture"
    """Fill fields from instruments; how that goes is told by progress."""


class Command(Down):
    """An order, carried out at most once and never after it expired."""

    id: Name
    name: CommandName
    issued: Time
    expires: Time
    capture: CaptureOrder | None = None
    """With ``capture``: what to fill."""

    @model_validator(mode="after")
    def _whole(self) -> "Command":
        if (self.name is CommandName.CAPTURE) is not (self.capture is not None):
            raise ValueError("capture goes with the command of that name")
        return self


class CommandOutcome(StrEnum):
    """What became of a command."""

    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"


class Response(Down):
    """The agent's answer to one command."""

    command: Name
    outcome: CommandOutcome
    detail: ShortText | None = None
    at: Time


class Progress(Down):
    """How the request of a command goes, from the agent; the higher number is the later word."""

    command: Name
    number: Annotated[int, Field(ge=1)]
    at: Time
    progress: RequestProgress


class Assignment(Down):
    """An intervention for this agent; a higher revision takes the place of a lower one."""

    revision: Annotated[int, Field(ge=1)]
    intervention: Intervention
    withdrawn: bool = False
    """Given to another agent, or cancelled: no new captures; those taken are still delivered."""


class Head(Down):
    """The end of an export: what it holds of one epoch, first to last."""

    epoch: Epoch
    first: Seq
    last: Seq
    link: Hash
    at: Time


DownT = TypeVar("DownT", bound=Down)


class DownError(ValueError):
    """A message from the gateway cannot be understood."""


def parse(model: type[DownT], statement: str, agent: str) -> DownT:
    """Return the statement of a sealed event; raises DownError when it is malformed or for another agent."""
    try:
        message = model.model_validate_json(statement)
    except ValidationError as error:
        raise DownError(explain(error)) from error
    if message.agent != agent:
        raise DownError(f"agent: meant for {message.agent}")
    return message
