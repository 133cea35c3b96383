"""Read the list of checks of a paid standard, as its owner wrote it down, into a form."""

import json
import tomllib
from pathlib import Path

from pydantic import ValidationError

from agent.cli import output
from contract.forms.checklist import Checklist, ChecklistError, with_checklist
from contract.forms.form import Form
from contract.wire.position import complaints


def with_list(form: Form, file: Path, text: str, id: str) -> Form:
    """Return a form with the list that a file holds; ends the command with what is wrong, and its line."""
    try:
        said = Checklist.model_validate_json(json.dumps(tomllib.loads(text), default=str))
        return with_checklist(form, said, id)
    except tomllib.TOMLDecodeError as error:
        output.fail(f"{file}: {error}")
    except ValidationError as error:
        output.fail(complaints(error, text, str(file)))
    except ChecklistError as error:
        output.fail(f"{file}: {error}")
