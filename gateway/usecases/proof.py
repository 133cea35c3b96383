"""Whether a report holds: its captures checked again, from the bytes that are kept, by the offline verifier."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from pydantic import ValidationError

from contract import chain
from contract.chain import LinkError
from contract.signing import SigningKey
from contract.verify import Verifier
from contract.wire.statement import StatementError, parse
from gateway.ports.archive import Stored
from gateway.usecases.export import Exporter

CODE_DIGITS = 16


class Check(StrEnum):
    """How one check ended."""

    HOLDS = "holds"
    FAILS = "fails"
    ERASED = "erased"
    """The statement is gone; its link still stands in the chain."""


class Aspect(StrEnum):
    """What is checked of a capture."""

    STATEMENT = "statement"
    SIGNATURE = "signature"
    CHAIN = "chain"


class Verdict(StrEnum):
    """How all checks together ended."""

    HOLDS = "holds"
    FAILS = "fails"
    NOTHING = "nothing"
    """There are no captures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureProof:
    """One capture of the report, checked."""

    capture: Stored
    at: datetime | None
    """When it was taken; None when its statement is erased or cannot be read."""
    faults: tuple[str, ...]
    """In the words of the verifier."""

    def check(self, aspect: Aspect) -> Check:
        """Return how one check ended."""
        if any(aspect_of(each) is aspect for each in self.faults):
            return Check.FAILS
        gone = aspect is Aspect.STATEMENT and self.capture.statement is None
        return Check.ERASED if gone else Check.HOLDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A report, checked."""

    captures: tuple[CaptureProof, ...]
    links: int
    """How many links were checked, those of other reports and interventions in the same chains too."""
    keys: Mapping[str, str]
    """Owner of each key that signed something, by the key's id."""
    faults: tuple[str, ...]
    """All that does not hold, wherever it stands."""

    @property
    def verdict(self) -> Verdict:
        """Whether everything holds."""
        if self.faults:
            return Verdict.FAILS
        return Verdict.HOLDS if self.captures else Verdict.NOTHING


def aspect_of(fault: str) -> Aspect:
    """Return which check a fault belongs to; what says nothing of a statement or a signature is the chain's."""
    if "statement" in fault:
        return Aspect.STATEMENT
    return Aspect.SIGNATURE if "sign" in fault else Aspect.CHAIN


def code(key: SigningKey, tenant: str, intervention: str, report: str) -> str:
    """Return what only the paper of a report says: without the key nobody can make it up."""
    text = f"releve1-paper {tenant} {intervention} {report}"
    return sha256(key.sign(text).encode()).hexdigest()[:CODE_DIGITS]


async def prove(
    exporter: Exporter, intervention: str, report: str, captures: Sequence[Stored]
) -> Proof:
    """Check an export of the intervention, made now, and what is kept of one of its reports."""
    if not captures:
        return Proof(captures=(), links=0, keys={}, faults=())
    try:
        lines = [line async for line in exporter.lines(intervention)]
    except ValidationError as error:
        # What was kept does not even read as a message any more.
        broken = f"what is kept cannot be exported: {len(error.errors())} parts are malformed"
        return _proof(captures, intervention, report, _Checked(by_link={}, faults=(broken,)))
    checked = await asyncio.to_thread(_check, lines)
    return _proof(captures, intervention, report, checked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    by_link: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...]
    links: int = 0
    keys: Mapping[str, str] | None = None


def _check(lines: Iterable[str]) -> _Checked:
    """Let the verifier check an export, a capture at a time, to know what each fault is about."""
    verifier = Verifier()
    by_link: dict[str, tuple[str, ...]] = {}
    faults: list[str] = []
    for link, line in _singly(lines):
        found = tuple(verifier.check_line(line))
        faults += found
        if link is not None:
            by_link[link] = (*by_link.get(link, ()), *found)
    report = verifier.check(())
    faults += [each.fault for each in report.findings]
    return _Checked(
        by_link=by_link, faults=tuple(faults), links=report.captures, keys=dict(report.keys)
    )


def _singly(lines: Iterable[str]) -> Iterator[tuple[str | None, str]]:
    """Yield lines with one capture each, and its link; other lines as they are."""
    for line in lines:
        event = json.loads(line)
        if event["type"] != "releve.captures.v1":
            yield None, line
            continue
        for each in event["data"]["captures"]:
            data = {"key": event["data"]["key"], "captures": [each]}
            yield each["link"], json.dumps({**event, "data": data})


def _proof(captures: Sequence[Stored], intervention: str, report: str, checked: _Checked) -> Proof:
    proofs: list[CaptureProof] = []
    faults = list(checked.faults)
    for each in captures:
        own = tuple(_unlike(each, intervention))
        faults += own
        if each.report == report:
            exported = checked.by_link.get(each.link, ("the link was not exported",))
            proofs.append(CaptureProof(capture=each, at=_taken(each), faults=(*exported, *own)))
    return Proof(
        captures=tuple(proofs),
        links=checked.links,
        keys=checked.keys or {},
        faults=tuple(faults),
    )


def _unlike(capture: Stored, intervention: str) -> Iterator[str]:
    """Yield where what is kept beside the signed bytes says something else than they do: pages go by it."""
    where = f"capture {capture.seq}"
    try:
        link = chain.parse(capture.link)
    except LinkError:
        yield f"{where}: a link that does not read as one"
        return
    if (link.agent, link.epoch, link.seq, link.hash) != (
        capture.agent,
        capture.epoch,
        capture.seq,
        capture.hash,
    ):
        yield f"{where}: its place is not the one that its link names"
    said = _said(capture)
    if said is not None and said != (intervention, capture.report):
        yield f"{where}: its statement is of another intervention or report"


def _said(capture: Stored) -> tuple[str, str | None] | None:
    if capture.statement is None:
        return None
    try:
        statement = parse(capture.statement)
    except StatementError:
        return None
    return statement.intervention, getattr(statement, "report", None)


def _taken(capture: Stored) -> datetime | None:
    if capture.statement is None:
        return None
    try:
        return parse(capture.statement).at
    except StatementError:
        return None
