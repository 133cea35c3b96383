"""One frame of every driver through its conversation, against the check value and the struct of that frame alone."""

import json
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.result import Result
from drivers.catalog import BUILT_IN
from drivers.kit.crc import crc16_mcrf4xx, crc16_modbus
from drivers.kit.description import BroadcastLink, Conversation
from drivers.kit.dialogue import CodeScanned, ReadingsReceived
from drivers.kit.link import (
    AdvertisementSeen,
    CharacteristicRead,
    HttpAnswered,
    LinkEvent,
    Notified,
    ReadRegisters,
    Received,
    RegistersRead,
)
from drivers.kit.uuid import whole

SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What comes over the link again and again, after what came once; and the same work, bare."""

    slug: str
    events: tuple[LinkEvent, ...]
    bare: Callable[[], object]
    opening: tuple[LinkEvent, ...] = ()
    asks: bool = False
    """It answers only what was asked: the clock must move on."""


def _values_of_testo(values: int) -> bytes:
    record = bytes.fromhex("01 01 09 00 00 66 66 A6 40 82 00 FF 00 00 80 3F")
    others = b"".join(
        bytes((1, ident)) + record[2:] for ident in (0x06, 0x07, 0x08, 0x04, 0x02)[: values - 1]
    )
    body = bytes((0x21, 0, 0, 0, 1, 4 + 16 * values, 0x64, 0, 0, values)) + record + others
    return body + crc16_mcrf4xx(body).to_bytes(2, "little")


def _block(body: bytes) -> bytes:
    framed = bytes((0x21, 0, 0, 0, 1, len(body))) + body
    return framed + crc16_mcrf4xx(framed).to_bytes(2, "little")


def _registers(table: str, address: int, words: tuple[int, ...]) -> RegistersRead:
    block = ReadRegisters("input" if table == "input" else "holding", address, len(words))
    return RegistersRead(block, words)


def _of_testo() -> Iterator[Case]:
    probe = bytes.fromhex(
        "108020000000089514000000446966666572656e7469616c507265737375726500d0e94500003737"
    )
    yield Case(
        slug="testo-smart-probe",
        events=(Notified(whole("fff2"), probe),),
        bare=lambda: (
            crc16_modbus(probe[:6]),
            crc16_modbus(probe[8:]),
            struct.unpack_from("<f", probe, 32),
        ),
    )
    document = json.dumps(
        {
            "channels": [
                {
                    "type": {"xmlid": "O2"},
                    "unit": {"xmlid": "UNIT_PERCENT"},
                    "values": [{"value": 5.2, "exponent": 1}],
                }
            ]
        }
    ).encode()
    yield Case(
        slug="testo-300",
        events=(HttpAnswered("/data", 200, document),),
        bare=lambda: json.loads(document),
    )
    values = _values_of_testo(6)
    yield Case(
        slug="testo-330-2-ll",
        opening=(Received(_block(bytes(4))), Received(_block(b"\x68\x00"))),
        events=(Received(values),),
        bare=lambda: (
            crc16_mcrf4xx(values),
            [struct.unpack_from("<BIfHbf", values, 10 + 16 * at) for at in range(6)],
        ),
        asks=True,
    )


def _on_modbus() -> Iterator[Case]:
    yield Case(
        slug="senseair",
        events=(_registers("input", 0, (0, 0, 0, 769)),),
        bare=lambda: struct.unpack(">4H", struct.pack(">4H", 0, 0, 0, 769)),
    )
    ateq = bytes.fromhex("0000010000000100ffff90d00300b0360000d204000070170000")
    yield Case(
        slug="ateq-f6",
        events=(RegistersRead(ReadRegisters("holding", 48, 13), struct.unpack(">13H", ateq)),),
        bare=lambda: struct.unpack("<5H4i", ateq),
    )


def _on_lines() -> Iterator[Case]:
    module = bytes.fromhex("ff86026047000000d1")
    yield Case(
        slug="winsen-mhz19",
        events=(Received(module),),
        bare=lambda: (-sum(module[1:8]) & 0xFF, struct.unpack_from(">HB", module, 2)),
    )
    keller = bytes.fromhex("fa493f81b22d0018ce")
    yield Case(
        slug="keller-gauge",
        opening=(
            Received(bytes.fromhex("fa3005140a280a01d58b")),
            Received(bytes.fromhex("fa45000030399c0d")),
        ),
        events=(
            Received(keller),
            Received(bytes.fromhex("fa45000030399c0d")),
            Received(bytes.fromhex("fa4941a80000003953")),
            Received(bytes.fromhex("fa45000030399c0d")),
        ),
        bare=lambda: [
            (crc16_modbus(keller), struct.unpack_from(">fB", keller, 2)) for _ in range(4)
        ],
        asks=True,
    )


def _on_the_radio() -> Iterator[Case]:
    temperature = bytes.fromhex("d7b7ac41")
    yield Case(
        slug="eti-bluetherm",
        events=(Notified("45544942-4c55-4554-4845-524db87ad701", temperature),),
        bare=lambda: struct.unpack("<f", temperature),
    )
    yield Case(
        slug="ble-environmental-sensing",
        events=(CharacteristicRead(whole("2a6e"), b"\xca\x09"),),
        bare=lambda: struct.unpack("<h", b"\xca\x09"),
    )
    told = bytes.fromhex("4002ca0903bf13")
    yield Case(
        slug="bthome",
        events=(
            AdvertisementSeen(address="54:48:E6:8F:80:A5", service_data={whole("fcd2"): told}),
        ),
        bare=lambda: struct.unpack("<BBhBH", told),
    )


def _scanners() -> Iterator[Case]:
    yield Case(
        slug="scanner-line",
        events=(Received(b"3666123456789\r\n"),),
        bare=lambda: b"3666123456789\r\n".rstrip().decode(),
    )
    code = bytes.fromhex("0bf3000003414243313233fda3")
    yield Case(
        slug="zebra-ssi",
        events=(Received(code),),
        bare=lambda: (-sum(code[:-2]) & 0xFFFF, code[5:-2].decode()),
    )


CASES = (_of_testo, _on_modbus, _on_lines, _on_the_radio, _scanners)


def _conversation(case: Case) -> Conversation:
    first = case.events[0]
    for link in BUILT_IN[case.slug].links:
        if isinstance(link, BroadcastLink):
            return link.converse(None)
        if (link.medium == "lan") == isinstance(first, HttpAnswered):
            return link.converse()
    raise RuntimeError(case.slug)


def _ours(case: Case) -> float:
    talk = _conversation(case)
    talk.connection_made(0.0)
    for event in case.opening:
        talk.receive(event, 0.0)
    list(talk.out.events())
    frames, said, now = 0, 0, 0.0
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        for _ in range(100):
            for event in case.events:
                talk.receive(event, now)
            said += sum(
                isinstance(each, ReadingsReceived | CodeScanned) for each in talk.out.events()
            )
            if case.asks:
                now = talk.next_timer or now
                talk.timer_fired(now)
            for _request in talk.out.requests():
                pass
        frames += 100 * len(case.events)
    if not said:
        raise RuntimeError(f"{case.slug}: nothing was read")
    return frames / (time.perf_counter() - began)


def _bare(case: Case) -> float:
    rounds = 0
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        for _ in range(100):
            case.bare()
        rounds += 100
    return rounds * len(case.events) / (time.perf_counter() - began)


def measure() -> list[Result]:
    """Measure every driver that has a conversation."""
    return [
        Result(f"driver, {case.slug}", round(_ours(case)), "frames/s", bound=round(_bare(case)))
        for cases in CASES
        for case in cases()
    ]
