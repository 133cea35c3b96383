"""The simulated barcode scanners on their line."""

import os
import select
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from firmware_sims.kit.cable import Cable
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.line_scanner import CheckedLineScanner, LineScanner
from tests.sims.recorded import came

END = b"\r\n"


@pytest.fixture
def scanner() -> LineScanner:
    return LineScanner("1001", Random(1))


@pytest.fixture
def cable(scanner: LineScanner) -> Iterator[Cable]:
    with Cable(scanner) as plugged:
        yield plugged


def read_until(scanner: LineScanner, end: bytes) -> bytes:
    """Read as a person would: the kernel carries the bytes over in its own time."""
    line = os.open(scanner.place, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    said = b""
    try:
        while not said.endswith(end):
            readable, _, _ = select.select([line], [], [], 2.0)
            assert readable, f"only {said!r} came"
            said += os.read(line, 100)
    finally:
        os.close(line)
    return said


def test_a_scanned_code_is_a_line(scanner: LineScanner, cable: Cable):
    scanner.do(Act.SCAN, "3760012345678")
    cable.tend()

    assert b"3760012345678\r\n" == read_until(scanner, END)


def test_split_it_is_the_same_line(scanner: LineScanner, cable: Cable):
    scanner.set_fault(Fault.SPLIT, on=True)
    scanner.do(Act.SCAN, "]C1010376001234567810LOT42")
    cable.tend()

    assert b"]C1010376001234567810LOT42\r\n" == read_until(scanner, END)


@pytest.mark.parametrize("fault", [Fault.SILENCE, Fault.CORRUPT_BYTE])
def test_a_fault_keeps_the_code_from_arriving(scanner: LineScanner, cable: Cable, fault: Fault):
    scanner.set_fault(fault, on=True)
    scanner.do(Act.SCAN, "A")
    cable.tend()
    scanner.set_fault(fault, on=False)
    scanner.do(Act.SCAN, "B")
    cable.tend()

    said = read_until(scanner, b"B\r\n")
    assert not said.startswith(b"A\r\n")


def test_unplugged_the_path_is_gone_and_plugged_in_again_it_is_the_same(
    scanner: LineScanner, cable: Cable
):
    path = scanner.place
    scanner.set_fault(Fault.LINK_LOSS, on=True)
    cable.tend()
    assert not Path(path).exists()

    scanner.set_fault(Fault.LINK_LOSS, on=False)
    cable.tend()
    scanner.do(Act.SCAN, "C")
    cable.tend()

    assert path == scanner.place
    assert b"C\r\n" == read_until(scanner, END)


def test_a_reader_learns_that_it_was_unplugged(scanner: LineScanner, cable: Cable):
    line = os.open(scanner.place, os.O_RDWR | os.O_NOCTTY)
    scanner.set_fault(Fault.LINK_LOSS, on=True)
    cable.tend()

    try:
        assert b"" == os.read(line, 1)
        with pytest.raises(OSError, match="Input/output error"):
            os.write(line, b"?")
    finally:
        os.close(line)


@pytest.mark.parametrize("text", ["", "two\r\nlines"])
def test_no_code_holds_this_text(scanner: LineScanner, text: str):
    with pytest.raises(ControlError) as refusal:
        scanner.do(Act.SCAN, text)

    assert "text" == refusal.value.field


# --- with a check byte ----------------------------------------------------------------------------


@pytest.fixture
def checked() -> CheckedLineScanner:
    return CheckedLineScanner("1002", Random(1))


def test_a_check_byte_follows_the_line_end(checked: CheckedLineScanner):
    checked.do(Act.SCAN, "TEST")

    assert [bytes.fromhex("54 45 53 54 0d 0a 11")] == checked.take_outgoing()


def test_the_check_byte_may_be_a_line_end_itself(checked: CheckedLineScanner):
    checked.do(Act.SCAN, "0=")

    assert [b"0=\r\n\n"] == checked.take_outgoing()


def test_the_recording_comes_out(checked: CheckedLineScanner):
    checked.do(Act.SCAN, "TEST")

    assert [came("scanner_line_bcc", "lines")[0][1]] == checked.take_outgoing()


def test_a_wrong_check_byte_stands_behind_a_right_line(checked: CheckedLineScanner):
    checked.set_fault(Fault.WRONG_CHECK, on=True)
    checked.do(Act.SCAN, "TEST")

    assert [b"TEST\r\n\x10"] == checked.take_outgoing()


def test_a_scanner_without_check_byte_cannot_have_a_wrong_one(scanner: LineScanner):
    with pytest.raises(ControlError):
        scanner.set_fault(Fault.WRONG_CHECK, on=True)
