"""A deep link that opens a form of Kizeo with values in it: one way, nothing comes back.

Source: kizeo/kizeo-forms-documentations, docs/deep-linking.md.
"""

from collections.abc import Mapping
from urllib.parse import quote

from contract.forms.value import FieldState, FieldValue

RESERVED = frozenset({"caption", "comingFromList", "formId", "scrollTo"})
"""What the app takes for something else than the tag of a field."""


def kizeo_link(form_id: str, values: Mapping[str, FieldValue]) -> str:
    """Return the link; the tags of the fields there are the names of ours. What is empty is left out."""
    said = {
        name: _text(each)
        for name, each in values.items()
        if each.state is FieldState.FILLED and each.value is not None and name not in RESERVED
    }
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in said.items())
    return f"kizeoforms://--/forms/{quote(form_id, safe='')}" + (f"?{query}" if query else "")


def _text(value: FieldValue) -> str:
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    return str(value.value)
