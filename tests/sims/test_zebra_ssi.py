"""The simulated packet scanner says, byte for byte, what the protocol page says."""

from random import Random

import pytest

from firmware_sims.kit.cable import Outlet
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.zebra_ssi import PacketScanner, check
from tests.sims.on_a_line import NOW, ask, begun_on_a_line, with_fault
from tests.sims.recorded import came

CODE = bytes.fromhex("0b f3 00 00 03 41 42 43 31 32 33 fd a3")
AGAIN = bytes.fromhex("0b f3 00 01 03 41 42 43 31 32 33 fd a2")
ACK, NAK = "04 d0 04 00 ff 28", "05 d1 04 00 01 ff 25"
CONFIRMED = [bytes.fromhex("04 d0 00 00 ff 2c")]


@pytest.fixture
def scanner() -> PacketScanner:
    return begun_on_a_line(PacketScanner("1003", Random(1)))


def scan(instrument: PacketScanner, text: str = "ABC123") -> list[bytes]:
    instrument.do(Act.SCAN, text)
    return Outlet(instrument).pieces()


def later(instrument: PacketScanner, seconds: int) -> list[bytes]:
    said: list[bytes] = []
    for _ in range(seconds):
        instrument.process(1.0, NOW)
        said += Outlet(instrument).pieces()
    return said


def test_the_code_of_the_page_is_the_packet_of_the_page(scanner: PacketScanner):
    assert [CODE] == scan(scanner)


def test_the_recording_comes_out(scanner: PacketScanner):
    assert [frame for _, frame in came("zebra_ssi", "code")] == scan(scanner)


def test_acknowledged_it_is_not_sent_again_and_counted(scanner: PacketScanner):
    scan(scanner)
    assert "waiting for an acknowledgement" == scanner.state

    assert [] == ask(scanner, ACK)
    assert [] == later(scanner, 10)
    assert 1 == scanner.acknowledged
    assert "ready" == scanner.state


def test_asked_for_again_it_carries_the_bit(scanner: PacketScanner):
    scan(scanner)

    assert [AGAIN] == ask(scanner, NAK)
    assert [] == ask(scanner, ACK)
    assert 1 == scanner.acknowledged


def test_when_nobody_acknowledges_it_is_sent_again_three_times_and_given_up(
    scanner: PacketScanner,
):
    scan(scanner)

    assert [] == later(scanner, 1)
    assert [AGAIN, AGAIN, AGAIN] == later(scanner, 20)
    assert 0 == scanner.acknowledged
    assert "ready" == scanner.state


def test_the_next_code_waits_for_the_acknowledgement_of_the_first(scanner: PacketScanner):
    scan(scanner)
    assert [] == scan(scanner, "XY")

    (following,) = ask(scanner, ACK)
    assert b"XY" == following[5:-2]
    assert 0 == following[3]


@pytest.mark.parametrize(
    "command", ["04 e4 04 00 ff 14", "04 e5 04 00 ff 13", "05 e8 04 00 01 ff 0e"]
)
def test_commands_of_the_page_are_acknowledged(scanner: PacketScanner, command: str):
    assert CONFIRMED == ask(scanner, command)


@pytest.mark.parametrize("said", ["04 a3 04 00 ff 55", "04 d0 00 00 ff 2c", ACK])
def test_what_is_not_described_or_not_for_it_is_not_answered(scanner: PacketScanner, said: str):
    assert [] == ask(scanner, said)


def test_disabled_it_scans_nothing(scanner: PacketScanner):
    disable, enable = (bytes((4, opcode, 4, 0)) for opcode in (0xEA, 0xE9))
    ask(scanner, disable + check(disable))
    assert "disabled" == scanner.state
    with pytest.raises(ControlError):
        scanner.do(Act.SCAN, "A")

    assert CONFIRMED == ask(scanner, enable + check(enable))
    assert 1 == len(scan(scanner))


def test_a_packet_with_a_wrong_check_value_is_asked_for_again(scanner: PacketScanner):
    (said,) = ask(scanner, "04 e4 04 00 ff 15")

    assert bytes.fromhex("05 d1 00 00 01") == said[:-2]
    assert check(said[:-2]) == said[-2:]


def test_an_acknowledgement_in_pieces_behind_noise_is_one(scanner: PacketScanner):
    scan(scanner)
    for each in b"\x00\x03" + bytes.fromhex(ACK):
        scanner.heard(bytes((each,)))

    assert 1 == scanner.acknowledged


@pytest.mark.parametrize("text", ["", "two\r\nlines", "é", "A" * 251])
def test_no_code_in_one_packet_holds_this_text(scanner: PacketScanner, text: str):
    with pytest.raises(ControlError) as refusal:
        scanner.do(Act.SCAN, text)

    assert "text" == refusal.value.field


# --- faults ---------------------------------------------------------------------------------------


def test_a_wrong_check_value_stands_behind_a_right_packet(scanner: PacketScanner):
    (said,) = scan(with_fault(scanner, Fault.WRONG_CHECK))

    assert CODE[:-1] == said[:-1]
    assert CODE != said


def test_a_wrong_status_says_that_more_follows(scanner: PacketScanner):
    (said,) = scan(with_fault(scanner, Fault.WRONG_STATUS))

    assert 0x02 == said[3]
    assert check(said[:-2]) == said[-2:]


@pytest.mark.parametrize(
    ("fault", "expected"), [(Fault.SILENCE, []), (Fault.DUPLICATE, [CODE, CODE])]
)
def test_so_much_leaves(scanner: PacketScanner, fault: Fault, expected: list[bytes]):
    assert expected == scan(with_fault(scanner, fault))


def test_split_it_is_the_same_packet(scanner: PacketScanner):
    pieces = scan(with_fault(scanner, Fault.SPLIT))

    assert len(pieces) > 1
    assert CODE == b"".join(pieces)


def test_a_corrupt_byte_is_one(scanner: PacketScanner):
    (said,) = scan(with_fault(scanner, Fault.CORRUPT_BYTE))

    assert 1 == sum(a != b for a, b in zip(CODE, said, strict=True))


def test_a_late_code_comes_before_it_would_be_sent_again(scanner: PacketScanner):
    outlet = Outlet(with_fault(scanner, Fault.DELAY))
    scanner.do(Act.SCAN, "ABC123")
    assert [] == outlet.pieces()
    scanner.process(1.6, NOW)

    assert [CODE] == outlet.pieces()


def test_a_new_cable_begins_without_what_was_on_the_old_one(scanner: PacketScanner):
    scanner.do(Act.SCAN, "ABC123")
    scanner.heard(b"\x04\xd0")
    scanner.plugged_in()

    assert [] == Outlet(scanner).pieces()
    assert [AGAIN] == later(scanner, 2)
    ask(scanner, ACK)
    assert 1 == scanner.acknowledged
