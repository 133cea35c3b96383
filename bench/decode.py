"""Frames decoded, against a loop that does nothing but the struct and the two check values."""

import struct
import time

from bench.result import Result
from drivers.kit.crc import crc16_modbus
from drivers.probe.testo_smart_probe.description import decode

FRAME = bytes.fromhex(
    "108020000000089514000000446966666572656e7469616c507265737375726500d0e94500003737"
)
FRAMES = 20_000


def _bare(data: bytes) -> float:
    header, value = struct.Struct("<BBIH"), struct.Struct("<fHH")
    at, total = 0, 0.0
    while at < len(data):
        _, _, length, check = header.unpack_from(data, at)
        payload = data[at + 8 : at + 6 + length]
        if crc16_modbus(data[at : at + 6]) != check:
            raise ValueError("header")
        pascal, _, payload_check = value.unpack_from(data, at + 8 + length - 8)
        if crc16_modbus(payload) != payload_check:
            raise ValueError("payload")
        total += pascal
        at += 8 + length
    return total


def measure() -> list[Result]:
    """Decode the same frames both ways."""
    data = FRAME * FRAMES
    began = time.perf_counter()
    events = sum(1 for _ in decode(data))
    ours = events / (time.perf_counter() - began)
    began = time.perf_counter()
    _bare(data)
    bare = FRAMES / (time.perf_counter() - began)
    if events != FRAMES:
        raise RuntimeError(f"{events} events from {FRAMES} frames")
    return [Result("decode, T549i pressure", round(ours), "frames/s", bound=round(bare))]
