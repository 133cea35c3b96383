"""The chain of captures: each link names the one before it and the statement it carries.

A link is the text ``releve1 <agent> <epoch> <seq> <sha256 of previous link> <sha256 of statement>``, in ASCII.
The agent signs the link. The statement can be erased later while the link, and so the chain, stays.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

FIRST = "0" * 64
"""Stands for the previous link of an epoch's first capture."""

_LINK = re.compile(
    r"releve1 ([a-z0-9-]{1,64}) ([0-9a-f]{32}) ([1-9][0-9]{0,17}) ([0-9a-f]{64}) ([0-9a-f]{64})",
    re.ASCII,
)


class LinkError(ValueError):
    """A text is not a link."""


def digest(text: str) -> str:
    """Return the SHA-256 of ``text`` in UTF-8, in lower-case hexadecimal."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One place in an agent's chain."""

    agent: str
    epoch: str
    seq: int
    previous: str
    statement: str
    """SHA-256 of the statement."""

    def __str__(self) -> str:
        return f"releve1 {self.agent} {self.epoch} {self.seq} {self.previous} {self.statement}"

    @property
    def hash(self) -> str:
        """What the next link names as its previous."""
        return digest(str(self))


def parse(text: str) -> Link:
    """Take a link apart; raises LinkError."""
    match = _LINK.fullmatch(text)
    if match is None:
        raise LinkError("not a link of the form 'releve1 agent epoch seq previous statement'")
    agent, epoch, seq, previous, statement = match.groups()
    return Link(agent, epoch, int(seq), previous, statement)
