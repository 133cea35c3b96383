"""An export verifies; an edited, dropped, swapped or cut one is named."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from contract import chain, verify
from contract.signing import KeyRecord, SigningKey
from contract.wire.down import Head
from contract.wire.event import (
    Captures,
    CapturesEvent,
    Key,
    KeyEvent,
    SealedEvent,
    SealedType,
    seal,
)
from tests.contract.making import AT, EPOCH, KEY, chained, measurement, reading

SCRIPT = Path(verify.__file__)


def export(count=12, size=4, key=KEY) -> list[str]:
    captures = chained(
        [measurement(reading(value=str(n)), salt=f"{n:032x}") for n in range(count)], key=key
    )
    last = chain.parse(captures[-1].link)
    head = Head(agent="van-7", epoch=EPOCH, first=1, last=count, link=last.hash, at=AT)
    attributes = {"source": "/releve/main/van-7", "time": AT}
    lines = [
        KeyEvent(id=key.id, data=Key.of(KeyRecord("van-7", key.public)), **attributes).to_json()
    ]
    for at in range(0, count, size):
        some = tuple(captures[at : at + size])
        lines.append(
            CapturesEvent(
                id=f"{at}", data=Captures(key=key.id, captures=some), **attributes
            ).to_json()
        )
    data = seal(key, SealedType.HEAD, "van-7", head.to_json())
    lines.append(SealedEvent(id="head", type=SealedType.HEAD, data=data, **attributes).to_json())
    return lines


def found(lines, **how):
    return verify.Verifier(**how).check(lines).findings


def test_an_untouched_export_holds():
    report = verify.Verifier().check(export())

    assert [] == report.findings
    assert (12, 12, {KEY.id: "van-7"}) == (report.captures, report.statements, report.keys)


def test_an_edited_value_is_named_with_its_line():
    lines = export()
    lines[2] = lines[2].replace(r"\"value\":\"5\"", r"\"value\":\"9\"")

    [finding] = found(lines)
    assert 2 + 1 == finding.line
    assert "altered" in finding.fault


@pytest.mark.parametrize(
    "harm",
    [
        lambda lines: lines[:2] + lines[3:],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: [*lines[:3], lines[2], *lines[3:]],
        lambda lines: lines[:-1],
        lambda lines: [*lines[:-2], lines[-1]],
        lambda lines: lines[1:],
        lambda lines: [lines[0]],
        lambda lines: [],
        lambda lines: [*lines, "{}"],
        lambda lines: [*lines, "no json"],
        lambda lines: [*lines, "[" * 100_000],
    ],
    ids=[
        "dropped",
        "swapped",
        "doubled",
        "no head",
        "cut",
        "no key",
        "empty",
        "nothing",
        "foreign",
        "text",
        "deep",
    ],
)
def test_a_harmed_export_does_not_hold(harm):
    assert found(harm(export()))


def test_the_first_captures_cannot_be_cut_off_unseen():
    lines = export()
    event = json.loads(lines[1])
    event["data"]["captures"] = event["data"]["captures"][1:]
    lines[1] = json.dumps(event)

    assert found(lines)


def test_an_erased_statement_leaves_the_chain_whole():
    lines = export()
    event = json.loads(lines[2])
    del event["data"]["captures"][0]["statement"]
    lines[2] = json.dumps(event)

    report = verify.Verifier().check(lines)
    assert [] == report.findings
    assert (12, 11) == (report.captures, report.statements)


def test_a_chain_rewritten_with_another_key_is_seen_by_whoever_knows_the_key():
    forged = export(key=SigningKey.from_seed(b"f" * 32))

    assert [] == found(forged)
    assert found(forged, trusted=frozenset({KEY.id}))
    assert [] == found(export(), trusted=frozenset({KEY.id}))


def test_a_link_of_another_agent_is_not_vouched_for():
    lines = export()
    lines[0] = lines[0].replace('"owner":"van-7"', '"owner":"van-8"')

    assert found(lines)


def test_any_changed_byte_of_the_evidence_is_detected():
    chance = random.Random(11)
    lines = export(count=8, size=8)
    for _ in range(300):
        event = json.loads(lines[1])
        capture = event["data"]["captures"][chance.randrange(8)]
        part = chance.choice(["link", "sig", "statement"])
        at = chance.randrange(len(capture[part]) - (3 if part == "sig" else 0))
        before = capture[part][at]
        capture[part] = (
            capture[part][:at]
            + chance.choice([c for c in "0aZ" if c != before])
            + capture[part][at + 1 :]
        )
        assert found([lines[0], json.dumps(event), lines[2]])


def test_one_file_is_all_that_is_needed(tmp_path):
    alone = tmp_path / "verify.py"
    alone.write_text(SCRIPT.read_text())
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text("\n".join(export()) + "\n")
    bad.write_text("\n".join(export()[:-1]) + "\n")
    run = [sys.executable, "-P", str(alone)]

    assert (
        0
        == subprocess.run([*run, good], cwd=tmp_path, check=False, capture_output=True).returncode
    )
    done = subprocess.run([*run, bad], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert 1 == done.returncode
    assert "may be missing at the end" in done.stdout
    assert 2 == subprocess.run(run, cwd=tmp_path, check=False, capture_output=True).returncode


def test_the_script_imports_nothing_of_the_product():
    imports = [
        line for line in SCRIPT.read_text().splitlines() if line.startswith(("import ", "from "))
    ]

    assert not any("contract" in line or "agent" in line for line in imports)
