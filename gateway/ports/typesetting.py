"""What a printed report says, as data, and who sets it in type."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Tone(StrEnum):
    """How a word beside a value is meant."""

    PLAIN = "plain"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Mark:
    """A word beside a value: out of limits, below range, conflict."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what stands beside it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field: its value, and below it where that comes from."""

    label: str
    required: bool
    value: str
    """Empty when there is nothing to show but marks."""
    filled: bool
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    """Numbers of the captures it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields that stand together; ``title`` is None for those of no section."""

    title: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One capture that values come from."""

    number: int
    what: str
    """The instrument, the file, or that a person typed it."""
    facts: tuple[Fact, ...]
    at: str
    by: str
    place: str
    """Agent, epoch and number: what names the capture for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What somebody drew: the data of an SVG path, in a box."""

    width: int
    height: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature that the form asks for, as it stands."""

    label: str
    mark: Mark
    name: str
    """Empty while nobody has signed, or while two did."""
    facts: tuple[Fact, ...] = ()
    drawn: Drawn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The bar over a report that is not complete, and what is missing."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a document says around its data."""

    page: str
    required: str
    values: str
    value: str
    field: str
    signatures: str
    evidence: str
    place: str
    taken: str
    by: str
    number: str
    verify: str
    verify_says: str
    verify_alt: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report, ready to be set in type: all texts are final, and none of them is markup."""

    language: str
    title: str
    subtitle: str
    reference: str
    facts: tuple[Fact, ...]
    notice: Notice | None
    sections: tuple[Section, ...]
    signatures: tuple[Signature, ...]
    evidence: tuple[Evidence, ...]
    remarks: tuple[str, ...]
    fingerprint: str
    """The first digits of the digest of what is shown."""
    url: str
    """Where this report is verified."""
    at: datetime
    """The date of the document, never that of printing."""
    words: Words


class TypesettingError(Exception):
    """A document could not be set; the message says why, for the operator."""


class Typesetter(Protocol):
    """Sets documents in type."""

    async def render(self, document: Document) -> bytes:
        """Return a PDF, the same bytes for the same document; raises TypesettingError."""
        ...
