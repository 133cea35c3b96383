"""Check an export of captures, offline: hashes, signatures and chain.

This one file is all that is needed, with Python 3.11 and the package ``cryptography``; it shares no code with the
programs that made the export. To run it alone: ``python verify.py export.jsonl``.

An export holds one JSON object (CloudEvents 1.0) a line:

* ``releve.key.v1``: a public key (Ed25519) and its owner;
* ``releve.captures.v1``: captures, each with its link, the signature over the link, and its statement. A link reads
  ``releve1 <agent> <epoch> <seq> <SHA-256 of the previous link> <SHA-256 of the statement>``. Inside an epoch the
  numbers follow each other without a gap and each link names the one before, so that nothing can be changed, dropped,
  swapped or put in without breaking it. A statement may be absent (erased, or of no concern to this export); its link
  then still proves that the chain is whole;
* ``releve.head.v1``: for each epoch, signed, the first and the last link of the export: nothing is cut off its end.
"""

import base64
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIRST = "0" * 64
GATEWAY = "gateway"
"""Owner of the key that may sign the end of any agent's chain."""
LINK = re.compile(
    r"releve1 ([a-z0-9-]{1,64}) ([0-9a-f]{32}) ([1-9][0-9]*) ([0-9a-f]{64}) ([0-9a-f]{64})"
)


class Fault(Exception):  # noqa: N818 - a finding, and the way to the next line
    """What is wrong with a line."""


@dataclass(frozen=True)
class Finding:
    """A line that does not hold."""

    line: int
    """From 1; 0 stands for the export as a whole."""
    fault: str


@dataclass
class Epoch:
    """How far the chain of one epoch has been followed."""

    first: int
    last: int
    link: str
    """Hash of the last link."""
    proved_end: bool = False


@dataclass
class Report:
    """What was checked."""

    captures: int = 0
    statements: int = 0
    keys: dict[str, str] = field(default_factory=dict[str, str])
    """Owner of each key that signed something, by the key's id. Compare the ids with those you were given."""
    findings: list[Finding] = field(default_factory=list[Finding])
    imported: list[str] = field(default_factory=list[str])
    """What was taken over from a file, not from an instrument: which capture, which file, what the file states."""


@dataclass
class Verifier:
    """Reads the lines of an export, one after the other."""

    trusted: frozenset[str] = frozenset()
    """Ids of the keys to believe; empty: all that the export names, to be compared by a person."""
    report: Report = field(default_factory=Report)
    keys: dict[str, tuple[str, Ed25519PublicKey]] = field(
        default_factory=dict[str, tuple[str, Ed25519PublicKey]]
    )
    distrusted: set[str] = field(default_factory=set[str])
    """Ids of keys that the export names and that are not among the trusted ones."""
    epochs: dict[tuple[str, str], Epoch] = field(default_factory=dict[tuple[str, str], Epoch])

    def check(self, lines: Iterable[str]) -> Report:
        """Check a whole export."""
        for number, line in enumerate(lines, start=1):
            for fault in self.check_line(line):
                self.report.findings.append(Finding(number, fault))
        for (agent, epoch), chain in self.epochs.items():
            if not chain.proved_end:
                fault = f"{agent} {epoch}: no signed head, so captures may be missing at the end"
                self.report.findings.append(Finding(0, fault))
        if not self.report.captures:
            self.report.findings.append(Finding(0, "the export holds no captures"))
        return self.report

    def check_line(self, line: str) -> Iterator[str]:
        """Yield what is wrong with one line."""
        try:
            event = read_event(line)
            data = event["data"]
            match event["type"]:
                case "releve.key.v1":
                    self.take_key(data)
                case "releve.captures.v1":
                    for capture in data["captures"]:
                        yield from self.check_capture(data["key"], capture)
                case "releve.head.v1":
                    self.check_head(data)
                case other:
                    yield f"a line of an unknown type, {other!s:.60}"
        except Fault as fault:
            yield str(fault)
        except KeyError as error:
            yield f"the line is malformed: {error.args[0]!s:.60} is missing"
        except (ValueError, TypeError, AttributeError, RecursionError):
            yield "the line is malformed: a part of it is not of the kind it should be"

    def take_key(self, data: Any) -> None:
        """Take note of a public key."""
        raw = base64.b64decode(data["public"], validate=True)
        if data["algorithm"] != "ed25519" or sha256(raw).hexdigest()[:16] != data["id"]:
            raise Fault(f"the key {data['id']} is not what its id says")
        if self.trusted and data["id"] not in self.trusted:
            self.distrusted.add(data["id"])
            raise Fault(f"the key {data['id']} of {data['owner']} is not one of those you trust")
        self.keys[data["id"]] = (str(data["owner"]), Ed25519PublicKey.from_public_bytes(raw))

    def check_signature(self, key: Any, text: str, signature: Any) -> str:
        """Return the owner of the key that signed ``text``."""
        if key in self.distrusted:
            raise Fault(f"signed by the key {key}, which is not one of those you trust")
        if key not in self.keys:
            raise Fault(f"signed by the key {key!s:.16}, which the export does not name before")
        owner, public = self.keys[key]
        try:
            public.verify(base64.b64decode(signature, validate=True), text.encode())
        except InvalidSignature:
            raise Fault(f"the signature is not that of {owner} over this text") from None
        self.report.keys[key] = owner
        return owner

    def check_capture(self, key: Any, capture: Any) -> Iterator[str]:
        """Yield what is wrong with one capture."""
        text: str = capture["link"]
        parts = LINK.fullmatch(text)
        if parts is None:
            yield "a link that does not read as one"
            return
        agent, epoch, seq, previous, statement = parts.groups()
        self.report.captures += 1
        try:
            owner = self.check_signature(key, text, capture["sig"])
            if owner != agent:
                yield f"capture {seq}: of {agent}, but signed by {owner}"
        except Fault as fault:
            yield f"capture {seq}: {fault}"
        if capture.get("statement") is not None:
            self.report.statements += 1
            if sha256(capture["statement"].encode()).hexdigest() != statement:
                yield f"capture {seq}: the statement was altered"
            self.note_import(f"capture {seq} of {agent}", capture["statement"])
        yield from self.follow((agent, epoch), int(seq), previous, text)

    def note_import(self, where: str, text: str) -> None:
        """Take note of a capture whose readings come from a file."""
        try:
            statement: Any = json.loads(text)
        except (ValueError, RecursionError):
            return
        match statement:
            case {"kind": "import", "file": {"name": str(name), "sha256": str(digest)}}:
                said = (statement.get(f"stated_{part}") for part in ("vendor", "model", "serial"))
                who = " ".join(str(each) for each in said if each) or "no instrument"
                at = statement.get("stated_at") or "no moment"
                told = f"{where}: imported from the file {name} (SHA-256 {digest[:12]}), which states {who}, {at}"
                self.report.imported.append("".join(c if c.isprintable() else "?" for c in told))
            case _:
                pass

    def follow(self, key: tuple[str, str], seq: int, previous: str, link: str) -> Iterator[str]:
        """Follow the chain by one link, and yield where it is broken."""
        own = sha256(link.encode()).hexdigest()
        chain = self.epochs.get(key)
        if chain is None:
            if (seq == 1) != (previous == FIRST):
                yield f"capture {seq}: the first of its epoch and the start of a chain do not agree"
            self.epochs[key] = Epoch(seq, seq, own)
            return
        if seq != chain.last + 1:
            yield f"capture {seq} follows {chain.last}: a line is missing, doubled or swapped"
        elif previous != chain.link:
            yield f"capture {seq} does not name the one before it"
        chain.last, chain.link = seq, own

    def check_head(self, data: Any) -> None:
        """Check the signed end of an epoch."""
        head = json.loads(data["statement"])
        digest = sha256(data["statement"].encode()).hexdigest()
        text = f"releve1-sealed releve.head.v1 {head['agent']} {digest}"
        owner = self.check_signature(data["key"], text, data["sig"])
        if owner not in {head["agent"], GATEWAY}:
            raise Fault(f"the head of {head['agent']} is signed by {owner}")
        chain = self.epochs.get((head["agent"], head["epoch"]))
        if chain is None:
            raise Fault(f"the head of epoch {head['epoch']}, of which there is no capture")
        if (chain.first, chain.last, chain.link) != (head["first"], head["last"], head["link"]):
            raise Fault(
                f"the export was made from {head['first']} to {head['last']},"
                f" and holds {chain.first} to {chain.last}"
            )
        chain.proved_end = True


def read_event(line: str) -> Any:
    """Return the event that a line holds."""
    try:
        event: Any = json.loads(line)
    except (ValueError, RecursionError):
        event = None
    match event:
        case {"type": _, "data": _}:
            return event
        case _:
            raise Fault("the line is no event of an export")


def summary(report: Report) -> list[str]:
    """Return what was found, in lines for people."""
    lines = [
        f"line {each.line}: {each.fault}" if each.line else each.fault for each in report.findings
    ]
    lines += report.imported
    lines += [f"key {key} of {owner}" for key, owner in sorted(report.keys.items())]
    verdict = "does NOT hold" if report.findings else "holds"
    captures = "1 capture" if report.captures == 1 else f"{report.captures} captures"
    lines.append(f"{captures}, {report.statements} with a statement: the export {verdict}")
    return lines


def main() -> int:
    """Check the file named on the command line."""
    if len(sys.argv) < 2:
        sys.stderr.write("usage: python verify.py export.jsonl [key id to trust ...]\n")
        return 2
    with open(sys.argv[1], encoding="utf-8", errors="replace") as export:  # noqa: PTH123 - one file, few imports
        report = Verifier(trusted=frozenset(sys.argv[2:])).check(export)
    sys.stdout.write("\n".join(summary(report)) + "\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
