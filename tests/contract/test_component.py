"""The web component's file: browsers can read it, and it says everything in both languages."""

import json
import re
import subprocess
from importlib import resources
from typing import Any
from urllib.parse import quote

import pytest

from tests.system_parts import require

FILE = resources.files("contract.forms.component") / "web" / "releve-field.js"
# What a browser has, as far as the file needs it to be loaded.
BROWSER = """
globalThis.HTMLElement = class {};
globalThis.CSSStyleSheet = class { replaceSync() {} };
globalThis.customElements = { get: () => true };
const { TEXTS } = await import(process.argv[1]);
console.log(JSON.stringify(TEXTS));
"""


@pytest.fixture(scope="module")
def texts() -> dict[str, Any]:
    node = require("node", because="the check that the component's file can be read")
    said = subprocess.run(
        [node, "--input-type=module", "--eval", BROWSER, _as_module(FILE.read_text("utf-8"))],
        check=False,
        capture_output=True,
        text=True,
    )
    assert 0 == said.returncode, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def _as_module(source: str) -> str:
    return f"data:text/javascript,{quote(source)}"


def test_every_text_is_there_in_french_and_in_english_with_the_same_places(texts):
    wrong = [
        key
        for key, said in texts.items()
        if len(said) != 2 or not all(said) or _places(said[0]) != _places(said[1])
    ]

    assert [] == wrong


def _places(text: str) -> list[str]:
    return sorted(re.findall(r"{\w+}", text))


def test_no_text_is_asked_for_that_is_not_there(texts):
    source = FILE.read_text("utf-8")
    asked = set(re.findall(r'\b(?:text|refused)\((?:[\w.]+, )?"([\w.]+)"', source))

    assert set() == asked - texts.keys() - {"rejected"}
    assert len(asked) > 20


def test_french_is_punctuated_as_the_french_do(texts):
    assert [] == [
        key for key, (french, _) in texts.items() if re.search(r"[^\s\d][:;?!](\s|$)|'", french)
    ]


def test_the_file_stands_alone():
    source = FILE.read_text("utf-8")

    assert not re.search(
        r"^\s*import\b|\bimport\(|\beval\(|new Function|innerHTML|\.style\b", source, re.M
    )
