"""Exports and frames for the commands' tests."""

from pathlib import Path

from contract import chain
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
from drivers.probe.testo_smart_probe.frame import Frame, named
from tests.contract.making import AT, EPOCH, KEY, chained, entry

FRAMES = {"unmapped": Frame(0x10, 0x80, named("Colour", b"\x01")).encoded().hex()}


def exported(
    path: Path, *, seed: bytes = b"k" * 32, owner: str = "van-7", upto: int | None = None
) -> Path:
    """Write the export of five captures of van-7; the head may be signed by another, and say less."""
    signer = SigningKey.from_seed(seed)
    captures = chained([entry(value=f"vu {number}") for number in range(5)], key=KEY)
    links = [chain.parse(each.link) for each in captures][:upto]
    head = Head(agent="van-7", epoch=EPOCH, first=1, last=len(links), link=links[-1].hash, at=AT)
    events = (
        KeyEvent(id="k", source="/x", time=AT, data=Key.of(KeyRecord(owner, signer.public))),
        CapturesEvent(
            id="c", source="/x", time=AT, data=Captures(key=KEY.id, captures=tuple(captures))
        ),
        SealedEvent(
            id="h",
            source="/x",
            time=AT,
            type=SealedType.HEAD,
            data=seal(signer, SealedType.HEAD, "van-7", head.to_json()),
        ),
    )
    path.write_text("".join(f"{each.to_json()}\n" for each in events))
    return path
