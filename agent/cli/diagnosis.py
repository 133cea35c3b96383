"""What a look at one thing found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    about: str
    good: bool
    found: str
    remedy: str | None = None

    def document(self) -> dict[str, object]:
        """Return it for programs."""
        return {
            "about": self.about,
            "good": self.good,
            "found": self.found,
            "remedy": self.remedy,
        }

    @staticmethod
    def sentence(document: dict[str, object]) -> str:
        """Return it for people."""
        mark = "ok  " if document["good"] else "no  "
        remedy = f"; {document['remedy']}" if document["remedy"] else ""
        return f"{mark}{document['about']}: {document['found']}{remedy}"
