"""A form version on its way to an agent."""

from contract.forms.form import Form
from contract.wire.down import Down


class FormVersion(Down):
    """A form version, immutable: the same id and version with another content is refused."""

    form: Form
