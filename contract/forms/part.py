"""What the parts of a form share."""

from pydantic import ConfigDict

from contract.wire.base import WireModel


class FormPart(WireModel):
    """Keeps what it does not know: a later version may, and the check of a form names it as a slip."""

    model_config = ConfigDict(extra="allow")
