"""Take in what the gateway sends: nothing unsigned, nothing for others, nothing old."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import ValidationError

from agent.ports import CaptureStore, Clock, StoreRefusedError
from agent.usecases.records import CommandRecords, WorkRecords
from contract.forms.version import FormVersion
from contract.signing import VerifyingKey
from contract.topics import AgentTopics
from contract.wire.down import (
    Assignment,
    Command,
    CommandName,
    CommandOutcome,
    DownError,
    Receipt,
    Response,
    parse,
)
from contract.wire.event import SealedEvent, SealedType, UnsealError, unseal
from contract.wire.statement import explain


class Verdict(StrEnum):
    """What became of a message."""

    ACCEPTED = "accepted"
    STALE = "stale"
    """Genuine, and known before: a replay changes nothing."""
    REFUSED = "refused"
    """Not genuine, not for us, or not understood."""
    UNSAVED = "unsaved"
    """Perhaps genuine, and the store took nothing in: nothing of it holds, and it is sent again."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a message, and why."""

    verdict: Verdict
    reason: str = ""


class _RefusedError(Exception):
    """Why a message is refused."""


Unseal = Callable[[SealedEvent, str, Mapping[str, VerifyingKey]], str]


class Downlink:
    """Receipts, assignments, forms and commands for one agent, signed by the pinned keys of its gateway."""

    def __init__(
        self,
        *,
        topics: AgentTopics,
        keys: Mapping[str, VerifyingKey],
        captures: CaptureStore,
        work: WorkRecords,
        commands: CommandRecords,
        clock: Clock,
        settled: Callable[[], None],
        respond: Callable[[Response], None],
        orders: Mapping[CommandName, Callable[[Command], Awaitable[str]]],
        open_seal: Unseal = unseal,
    ) -> None:
        self._topics = topics
        self._keys = keys
        self._captures = captures
        self._work = work
        self._commands = commands
        self._clock = clock
        self._settled = settled
        self._respond = respond
        self._orders = orders
        self._open_seal = open_seal

    async def handle(self, topic: str, payload: bytes) -> Handled:
        """Take one message in; whatever the bytes are, nothing is raised for them."""
        try:
            event = SealedEvent.model_validate_json(payload)
            self._check_place(event.type, topic)
            statement = self._open_seal(event, self._topics.agent, self._keys)
            return await self._take(event.type, topic, statement)
        except ValidationError as error:
            return Handled(Verdict.REFUSED, explain(error))
        except (UnsealError, DownError, _RefusedError) as error:
            return Handled(Verdict.REFUSED, str(error))
        except StoreRefusedError as error:
            return Handled(Verdict.UNSAVED, str(error))

    def _check_place(self, type_: SealedType, topic: str) -> None:
        if type_ is not self._expected(topic):
            raise _RefusedError(f"a {type_} has no place on {topic}")

    def _expected(self, topic: str) -> SealedType | None:
        fixed = {
            self._topics.receipt: SealedType.RECEIPT,
            self._topics.command: SealedType.COMMAND,
        }
        if topic in fixed:
            return fixed[topic]
        if topic.startswith(f"{self._topics.base}/intervention/"):
            return SealedType.ASSIGNMENT
        return SealedType.FORM if topic.startswith(f"{self._topics.base}/form/") else None

    async def _take(self, type_: SealedType, topic: str, statement: str) -> Handled:
        agent = self._topics.agent
        match type_:
            case SealedType.RECEIPT:
                return await self._receipt(parse(Receipt, statement, agent))
            case SealedType.COMMAND:
                return await self._command(parse(Command, statement, agent))
            case SealedType.ASSIGNMENT:
                return await self._assignment(topic, parse(Assignment, statement, agent))
            case SealedType.FORM:
                return await self._form(topic, parse(FormVersion, statement, agent))
            case _:
                raise _RefusedError(f"an agent takes no {type_}")

    async def _receipt(self, receipt: Receipt) -> Handled:
        settled = await self._captures.settle(receipt)
        self._settled()
        if settled.closed or settled.new_epoch:
            return Handled(
                Verdict.ACCEPTED,
                f"{settled.closed} closed" + (", new epoch" if settled.new_epoch else ""),
            )
        return Handled(Verdict.STALE, f"nothing to close, {settled.mismatched} mismatched")

    async def _assignment(self, topic: str, assignment: Assignment) -> Handled:
        if topic != self._topics.intervention(assignment.intervention.id):
            raise _RefusedError("intervention: not the one its topic names")
        kept = await self._work.keep_assignment(assignment)
        if not kept:
            return Handled(Verdict.STALE, f"revision {assignment.revision} is not newer")
        self._settled()
        return Handled(Verdict.ACCEPTED)

    async def _form(self, topic: str, message: FormVersion) -> Handled:
        form = message.form
        if topic != self._topics.form(form.id, form.version):
            raise _RefusedError("form: not the one its topic names")
        if not await self._work.keep_form(form):
            raise _RefusedError(
                f"form {form.id} version {form.version} is kept with another content"
            )
        self._settled()
        return Handled(Verdict.ACCEPTED)

    async def _command(self, command: Command) -> Handled:
        now = self._clock.now()
        if not await self._commands.take_on(command):
            return Handled(Verdict.STALE, f"command {command.id} was taken on before")
        if now >= command.expires:
            return await self._end(command, CommandOutcome.EXPIRED, None, now)
        try:
            detail = await self._orders[command.name](command)
        except (KeyError, OSError) as error:
            return await self._end(command, CommandOutcome.FAILED, str(error)[:200], now)
        return await self._end(command, CommandOutcome.DONE, detail, now)

    async def _end(
        self, command: Command, outcome: CommandOutcome, detail: str | None, now: datetime
    ) -> Handled:
        await self._commands.end(command.id, outcome, detail)
        self._respond(
            Response(
                agent=self._topics.agent,
                command=command.id,
                outcome=outcome,
                detail=detail,
                at=now,
            )
        )
        return Handled(Verdict.ACCEPTED, outcome)
