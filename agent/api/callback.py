"""Leading a technician back to the app that sent them here (x-callback-url.com): only to one that the settings name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from contract.forms.value import EMPTY, FieldState, FieldValue, Verdict
from contract.words import Words

LONGEST = 2_000


class ReturnError(ValueError):
    """Nobody is led there; ``args[0]`` says why."""


@dataclass(frozen=True, slots=True)
class Returning:
    """Where a technician may be led back to."""

    origins: frozenset[str] = frozenset()
    schemes: frozenset[str] = frozenset()

    def checked(self, name: str, address: str | None) -> str | None:
        """Return an address if it may be followed, None when there is none; raises ReturnError."""
        if address is None:
            return None
        try:
            parts = urlsplit(address)
            known = (
                f"{parts.scheme}://{parts.netloc}" in self.origins
                if parts.scheme in {"http", "https"}
                else parts.scheme in self.schemes
            )
        except ValueError:
            known = False
        if not known or len(address) > LONGEST or not address.isprintable() or " " in address:
            raise ReturnError(
                Words(
                    "{name} leads to a place that the settings of this device do not name: see form_origins and "
                    "return_schemes",
                    name=name,
                )
            )
        return address


def led_back(address: str, fields: Iterable[str], values: Mapping[str, FieldValue]) -> str | None:
    """Return where to go with the values of the fields, as their names; None while one of them is empty."""
    said: list[tuple[str, str]] = []
    for name in fields:
        value = values.get(name, EMPTY)
        if value.state is not FieldState.FILLED or value.value is None:
            return None
        if value.verdict is Verdict.REJECT:
            return None
        text = str(value.value).lower() if isinstance(value.value, bool) else str(value.value)
        said.append((name, text))
        if value.unit is not None:
            said.append((f"{name}_unit", value.unit.value))
        if value.status is not None:
            said.append((f"{name}_status", value.status.value))
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in said)
    address, hash_, fragment = address.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{query}{hash_}{fragment}"
