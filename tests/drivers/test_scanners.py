"""Scanners: symbology identifiers are taken off, check bytes checked, and every packet acknowledged once read."""

import pytest

from drivers.catalog import BUILT_IN
from drivers.kit.dialogue import CodeScanned, FrameRejected
from drivers.kit.link import Received, Send
from drivers.scanner.scanner_line import block_check
from drivers.scanner.zebra_ssi import ACKNOWLEDGE, SEND_AGAIN, SsiDialogue, packet

CODE = bytes.fromhex("0bf3000003414243313233fda3")


def scanned(slug, *pieces):
    talk = BUILT_IN[slug].links[0].converse()
    talk.connection_made(0.0)
    for each in pieces:
        talk.receive(Received(each), 0.0)
    return list(talk.out.events())


@pytest.mark.parametrize(
    ("line", "text", "aim"),
    [
        ("]E05901234123457", "5901234123457", "]E0"),
        ("]I198765432109213", "98765432109213", "]I1"),
        ("]d2010345312000001121A\x1d10B", "010345312000001121A\x1d10B", "]d2"),
        ("5901234123457", "5901234123457", None),
        ("]E0", "]E0", None),
        ("]é0123", "]é0123", None),
        ("A]E0123", "A]E0123", None),
    ],
)
def test_a_symbology_identifier_is_taken_off_the_code_and_kept_beside_it(line, text, aim):
    assert [CodeScanned(text, aim)] == scanned("scanner-line", line.encode() + b"\r\n")


@pytest.mark.parametrize("line", [b"\xff\xfe", b"AB\x00C", b"AB\tC", b"\x1b[0m"])
def test_what_is_no_printable_text_is_rejected_and_the_next_line_read(line):
    rejected, code = scanned("scanner-line", line + b"\n", b"OK\n")

    assert isinstance(rejected, FrameRejected)
    assert CodeScanned("OK") == code


def test_the_check_byte_is_that_of_the_manual():
    assert 0x11 == block_check(b"TEST\r\n")


@pytest.mark.parametrize("text", ["TEST", "3666123456789", "".join(map(chr, range(0x20, 0x7F)))])
def test_a_line_with_its_check_byte_is_read_whatever_that_byte_is(text):
    line = text.encode() + b"\r\n"

    assert [CodeScanned(text)] == scanned("scanner-line-bcc", line + bytes([block_check(line)]))


@pytest.mark.parametrize("check", [0x0D, 0x0A])
def test_a_check_byte_may_look_like_the_end_of_a_line(check):
    text = bytes([0x40, 0x40 ^ 0x0D ^ 0x0A ^ check ^ 0x41, 0x41])
    line = text + b"\r\n"
    assert check == block_check(line)

    said = scanned("scanner-line-bcc", line + bytes([check]), b"TEST\r\n\x11")

    assert CodeScanned("TEST") == said[-1]
    assert 2 == len(said)


@pytest.mark.parametrize("bit", range(8 * 7))
def test_a_flipped_bit_never_becomes_a_code(bit):
    line = bytearray(b"TEST\r\n\x11")
    line[bit // 8] ^= 1 << bit % 8

    assert not [e for e in scanned("scanner-line-bcc", bytes(line)) if isinstance(e, CodeScanned)]


@pytest.mark.parametrize(
    ("slug", "ended"), [("scanner-line", b"\r\n"), ("scanner-line-bcc", b"\r\n\x55")]
)
def test_the_tail_of_a_line_that_is_too_long_is_no_code(slug, ended):
    line = b"TEST\r\n\x11" if slug.endswith("bcc") else b"TEST\r\n"
    said = scanned(slug, b"A" * 4200, b"TAIL-12345" + ended, line)

    assert [CodeScanned("TEST")] == said


# --- Simple Serial Interface ----------------------------------------------------------------------


def spoken(*pieces):
    """Return what a host sends, and what it tells."""
    talk = SsiDialogue()
    talk.connection_made(0.0)
    for each in pieces:
        talk.receive(Received(each), 0.0)
    return [each.data for each in talk.out.requests() if isinstance(each, Send)], list(
        talk.out.events()
    )


@pytest.mark.parametrize(
    ("made", "published"),
    [
        (ACKNOWLEDGE, "04 D0 04 00 FF 28"),
        (SEND_AGAIN, "05 D1 04 00 01 FF 25"),
        (packet(0xE4), "04 E4 04 00 FF 14"),
        (packet(0xE5), "04 E5 04 00 FF 13"),
        (packet(0xE8, b"\x01"), "05 E8 04 00 01 FF 0E"),
        (packet(0xA3), "04 A3 04 00 FF 55"),
        (packet(0xD0, source=0), "04 D0 00 00 FF 2C"),
    ],
)
def test_packets_are_the_published_bytes(made, published):
    assert bytes.fromhex(published) == made


def test_a_code_is_read_and_acknowledged():
    assert ([ACKNOWLEDGE], [CodeScanned("ABC123")]) == spoken(CODE)


def test_a_symbology_identifier_is_taken_off_here_too():
    _, said = spoken(packet(0xF3, b"\x03]C0ABC", source=0))

    assert [CodeScanned("ABC", "]C0")] == said


def test_what_is_sent_again_is_acknowledged_again_and_counts_once():
    again = packet(0xF3, b"\x03ABC123", source=0, status=1)

    assert ([ACKNOWLEDGE] * 2, [CodeScanned("ABC123")]) == spoken(CODE, again)


def test_a_code_that_was_scanned_twice_counts_twice():
    assert ([ACKNOWLEDGE] * 2, [CodeScanned("ABC123")] * 2) == spoken(CODE, CODE)


def test_a_damaged_packet_is_asked_for_again_and_taken_when_it_comes():
    damaged = CODE[:6] + b"\x00" + CODE[7:]
    again = packet(0xF3, b"\x03ABC123", source=0, status=1)
    sent, said = spoken(CODE, damaged, again)

    assert [ACKNOWLEDGE, SEND_AGAIN, ACKNOWLEDGE] == sent
    assert [CodeScanned, FrameRejected, CodeScanned] == [type(each) for each in said]


def test_a_code_in_several_packets_is_acknowledged_and_rejected_with_that_reason():
    pieces = [packet(0xF3, b"\x03ABC", source=0, status=2), packet(0xF3, b"\x03DEF", source=0)]
    sent, said = spoken(*pieces, CODE)

    assert [ACKNOWLEDGE] * 3 == sent
    assert ["a code in several packets"] * 2 == [each.reason for each in said[:2]]
    assert [CodeScanned("ABC123")] == said[2:]


def test_an_event_is_acknowledged_and_an_acknowledgement_is_not():
    assert ([ACKNOWLEDGE], []) == spoken(packet(0xF6, b"\x01", source=0), packet(0xD0, source=0))


@pytest.mark.parametrize("noise", [b"\x00\x55", bytes(range(4)), b"\xff" * 9, ACKNOWLEDGE])
def test_noise_before_a_packet_is_skipped(noise):
    _, said = spoken(noise, CODE)

    assert CodeScanned("ABC123") == said[-1]


@pytest.mark.parametrize("data", [b"", b"\x03"])
def test_a_packet_without_a_code_is_rejected(data):
    _, [rejected] = spoken(packet(0xF3, data, source=0))

    assert "without a code" in rejected.reason
