"""Last year's messages still load, and say the same; the published schemas accept them."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contract.wire import statement
from contract.wire.statement import StatementError
from scripts.generate_docs import MESSAGES, documents
from tests.contract.making import entry, measurement

ROOT = Path(__file__).parents[2]
FIXTURES = sorted(
    each for each in (ROOT / "tests/fixtures/wire/v1").glob("*.json") if each.stem != "quantities"
)


def adapter(path) -> TypeAdapter:
    model = MESSAGES[path.stem.split(".")[0]]
    return model if isinstance(model, TypeAdapter) else TypeAdapter(model)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda each: each.stem)
def test_a_message_as_once_sent_is_read_and_says_the_same(path):
    message = adapter(path).validate_json(path.read_text())

    assert path.read_text().strip() == message.to_json()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda each: each.stem)
def test_a_message_of_a_later_version_with_more_fields_is_read(path):
    later = {**json.loads(path.read_text()), "added_later": {"x": [1]}}
    read = adapter(path).validate_json(json.dumps(later))
    now = adapter(path).validate_json(path.read_text())

    assert {name: getattr(now, name) for name in type(now).model_fields} == {
        name: getattr(read, name) for name in type(now).model_fields
    }


@pytest.mark.parametrize("path", FIXTURES, ids=lambda each: each.stem)
def test_the_published_schema_accepts_the_message(path):
    schema = json.loads((ROOT / f"docs/wire/v1/{path.stem.split('.')[0]}.schema.json").read_text())

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(path.read_text()), schema)


def test_every_message_has_a_fixture():
    assert set(MESSAGES) == {path.stem.split(".")[0] for path in FIXTURES}
    kinds = {path.stem.split(".")[1] for path in FIXTURES if path.stem.startswith("statement.")}
    assert {each.value for each in statement.Kind} == kinds


def test_the_generated_documents_are_in_date():
    stale = [name for name, text in documents() if (ROOT / name).read_text() != text]

    assert [] == stale


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"v": 2}, "v"),
        ({"kind": "teleport"}, "message"),
        ({"intervention": "../x"}, "intervention"),
        ({"at": "2026-11-24T08:00:00"}, "at"),
        ({"at": 1795500000}, "at"),
        ({"salt": "x"}, "salt"),
        ({"by": None}, "by"),
        ({"readings": []}, "readings"),
        ({"report": None}, "report"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_its_field(change, field):
    text = json.dumps({**json.loads(measurement().to_json()), **change})

    with pytest.raises(StatementError, match=field):
        statement.parse(text)


@pytest.mark.parametrize("value", [5.2, 5, "5,2", "NaN", "1e3", True, "1" * 40])
def test_a_value_is_text_that_writes_a_number(value):
    document = json.loads(measurement().to_json())
    document["readings"][0]["value"] = value

    with pytest.raises(StatementError, match="value"):
        statement.parse(json.dumps(document))


def test_an_answer_that_is_false_is_not_an_answer_that_is_missing():
    assert entry(value=False) != entry(value=None)
    assert statement.parse(entry(value=False).to_json()) == entry(value=False)


@given(st.one_of(st.text(max_size=200), st.just("[" * 100_000), st.just('{"kind":' * 50_000)))
def test_any_text_is_a_statement_or_is_refused(text):
    with pytest.raises(StatementError):
        statement.parse(text)


@pytest.mark.parametrize("name", MESSAGES)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_message_or_are_refused(name, data):
    model = MESSAGES[name]
    with pytest.raises(ValidationError):
        (model if isinstance(model, TypeAdapter) else TypeAdapter(model)).validate_json(data)
