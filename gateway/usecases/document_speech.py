"""How a printed report speaks to its readers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from contract.wire.base import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How things are said in one language, to readers in one time zone."""

    language: str
    text: Callable[[str], str]
    number: Callable[[str], str]
    unit: Callable[[str], str]
    day: Callable[[str], str]
    moment: Callable[[datetime], str]
    reason: Callable[[str], str]

    def of(self, said: Bilingual) -> str:
        """Return what a form says, in this language."""
        return said.fr if self.language == "fr" else said.en
