"""A terminal that speaks ZVT, and says a whole card number wherever there is room for it."""

from tests.agent.canaries import Card, in_bcd

TAKEN = b"\x80\x00\x00"


def apdu(kind: int, instruction: int, data: bytes = b"") -> bytes:
    size = bytes((len(data),)) if len(data) < 255 else b"\xff" + len(data).to_bytes(2, "little")
    return bytes((kind, instruction)) + size + data


def bmp(name: int, value: bytes, digits: int) -> bytes:
    length = bytes(0xF0 | int(each) for each in str(len(value)).zfill(digits))
    return bytes((name,)) + length + value


def tlv(*objects: tuple[int, bytes]) -> bytes:
    """Return data objects of a container."""
    found = b""
    for tag, value in objects:
        size = (
            bytes((len(value),)) if len(value) < 128 else b"\x82" + len(value).to_bytes(2, "big")
        )
        found += tag.to_bytes(1 if tag < 256 else 2, "big") + size + value
    return found


def status(more: bytes, result=0, money=b"\x04\x00\x00\x00\x01\x25\x00\x49\x09\x78") -> bytes:
    return apdu(0x04, 0x0F, bytes((0x27, result)) + money + b"\x87\x00\x42" + more)


def zvt_messages(card: Card) -> dict[str, list[bytes]]:
    """Return what a terminal says between an authorisation and its end, by where it holds a card."""
    spelt = card.line.encode("cp437")
    digits = in_bcd(card.number)
    track = in_bcd(card.number + "D27041011000012300")
    ticket = card.ticket.encode("cp437")
    lines = tlv(*((0x07, each.encode("cp437")) for each in card.ticket.split("\n")))
    printed = [apdu(0x06, 0xD1, b"\x00" + each) for each in ticket.split(b"\n")]
    last = apdu(0x06, 0xD1, b"\x80MERCI")
    done = status(b"")
    in_fields = {
        f"BMP {name:02X}": [status(bmp(name, value, digits_))]
        for name, value, digits_ in (
            (0x22, digits, 2),
            (0x23, track, 2),
            (0x24, track, 3),
            (0x2D, f"%B{card.number}^DOE/JOHN^2704?".encode(), 2),
            (0x2E, track, 3),
            (0x3C, spelt, 3),
            (0x8B, spelt, 2),
            (0x9A, track, 3),
            (0xA7, digits, 2),
            (0x4C, digits, 2),
            (0xD1, spelt, 2),
            (0xF1, spelt, 2),
        )
    }
    in_objects = {
        f"object {tag:X}": [status(b"\x06" + length_of(tlv((tag, value))))]
        for tag, value in (
            (0x1F08, digits),
            (0x1F14, spelt),
            (0x46, track),
            (0x47, track),
            (0x4C, digits),
            (0x62, tlv((0x46, track))),
            (0x07, spelt),
            (0x24, tlv((0x07, spelt))),
        )
    }
    container = b"\x06" + length_of(tlv((0x1F08, digits), (0x46, track)))
    return {
        **in_fields,
        **in_objects,
        "all fields of cards": [
            status(bmp(0x22, digits, 2) + bmp(0x23, track, 2) + bmp(0x24, track, 3))
        ],
        "print lines": [done, *printed, last],
        "print lines of a card in a container": [
            done,
            apdu(0x06, 0xD1, b"\x00CARTE" + container),
            last,
        ],
        "print lines before the end": [*printed, last, done],
        "a text block": [
            done,
            apdu(0x06, 0xD3, b"\x06" + length_of(tlv((0x1F07, b"\x02"), (0x25, lines)))),
        ],
        "a text block of fields": [done, apdu(0x06, 0xD3, bmp(0x3C, spelt, 3))],
        "a text block that is none": [done, apdu(0x06, 0xD3, spelt)],
        "a text on the way": [
            apdu(0x04, 0xFF, b"\x0a\x01\x06" + length_of(tlv((0x24, tlv((0x07, spelt)))))),
            done,
        ],
        "what was refused": [status(bmp(0x22, digits, 2) + bmp(0x8B, spelt, 2), result=5)],
        "another payment": [
            status(
                bmp(0x22, digits, 2) + bmp(0x8B, spelt, 2),
                money=b"\x04\x00\x00\x00\x00\x99\x00\x49\x09\x78",
            )
        ],
        "a field that is cut off": [apdu(0x04, 0x0F, bmp(0x22, digits, 2)[:-2])],
        "a field of no known length": [apdu(0x04, 0x0F, b"\x41" + digits)],
        "a field that says no length": [apdu(0x04, 0x0F, b"\x22" + digits)],
        "no result": [apdu(0x04, 0x0F, bmp(0x22, digits, 2) + bmp(0x8B, spelt, 2))],
        "a container that is cut off": [
            apdu(0x04, 0x0F, b"\x27\x00\x06\x10\x1f\x08\x7f" + digits.ljust(13, b"\xff"))
        ],
        "an abort": [apdu(0x06, 0x1E, b"\x6c" + bmp(0x22, digits, 2))],
        "no message": [spelt],
        "a command that nobody knows": [apdu(0x0F, 0x77, spelt + digits), done],
    }


def length_of(container: bytes) -> bytes:
    """Return a container with its length before it."""
    return b"\x82" + len(container).to_bytes(2, "big") + container


def zvt_answers(place: str, card: Card):
    def answers(heard: bytes) -> list[bytes | None]:
        match heard[:2]:
            case b"\x06\x00":
                return [TAKEN, apdu(0x06, 0x0F, b"\x19\x00\x49\x09\x78")]
            case b"\x06\x20":
                # It has nothing to repeat, and names the card all the same.
                return [TAKEN, apdu(0x06, 0x1E, b"\x64" + bmp(0x22, in_bcd(card.number), 2))]
            case b"\x06\x01":
                end = apdu(0x06, 0x0F, bmp(0x22, in_bcd(card.number), 2))
                return [TAKEN, *zvt_messages(card)[place], end, None]
            case _:
                return []

    return answers
