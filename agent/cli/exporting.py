"""Write a form for another form engine."""

import json
from enum import StrEnum
from pathlib import Path

from agent.cli import output
from contract.forms.engines.json_forms import json_forms
from contract.forms.engines.surveyjs import surveyjs
from contract.forms.engines.xlsform import XlsForm, xlsform
from contract.forms.form import Form


class Engine(StrEnum):
    """Form engines that a form can be written for."""

    SURVEYJS = "surveyjs"
    JSON_FORMS = "json-forms"
    XLSFORM = "xlsform"


class Language(StrEnum):
    """Of the labels."""

    FR = "fr"
    EN = "en"


def write(form: Form, engine: Engine, out: Path | None, language: Language) -> None:
    """Write a form, to standard output where no file is named; ends the command when it cannot be."""
    if engine is Engine.XLSFORM:
        if out is None:
            output.misused("an XLSForm is a workbook: say where to write it, with --out form.xlsx")
        _write(out, workbook(xlsform(form)))
        return
    made = surveyjs(form) if engine is Engine.SURVEYJS else json_forms(form, language)
    text = json.dumps(made, ensure_ascii=False, indent=2)
    if out is None:
        output.line(text)
    else:
        _write(out, (text + "\n").encode())


def workbook(sheets: XlsForm) -> bytes:
    """Return the sheets as a workbook of Excel, which the tools of XLSForm take."""
    import io

    from openpyxl import Workbook

    made = Workbook()
    made.remove(made.worksheets[0])
    for name in ("survey", "choices", "settings"):
        rows: tuple[dict[str, str], ...] = getattr(sheets, name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet = made.create_sheet(name)
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column, "") for column in columns])
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def _write(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as opened:
            opened.write(content)
    except FileExistsError:
        output.misused(f"{file} exists, and is never written over: name another file")
    except OSError as error:
        output.fail(f"{file}: {error.strerror}")
    output.warn(f"{file} is written")
