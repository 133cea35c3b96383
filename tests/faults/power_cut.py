"""What a disk may hold after the power is cut: recorded by strace, rebuilt for many moments.

The model: a file's bytes are durable up to its last sync; each later write or truncation may be kept, lost, or torn at
512 bytes; a file that was never synced may be missing. A file's removal is durable at once (ext4 with the journal does
it with the next commit). It does not show a disk that lies about syncing.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from random import Random

SECTOR = 512

_CALL = re.compile(r"(?:\d+\s+)?(\w+)\((.*)\)\s+= (-?\d+)")
_UNFINISHED = re.compile(r"(\d+)\s+(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+)\s+<\.\.\. \w+ resumed>(.*)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Write:
    path: str
    offset: int | None
    data: bytes


@dataclass(frozen=True)
class Truncate:
    path: str
    size: int


@dataclass(frozen=True)
class Sync:
    path: str


@dataclass(frozen=True)
class Remove:
    path: str


@dataclass(frozen=True)
class Acknowledged:
    number: int


Operation = Write | Truncate | Sync | Remove | Acknowledged


def _lines(log: Path):
    """Yield whole calls: strace cuts a call in two when another thread's comes between."""
    waiting: dict[str, str] = {}
    for line in log.read_text(errors="replace").splitlines():
        if cut := _UNFINISHED.match(line):
            waiting[cut[1]] = cut[2]
        elif resumed := _RESUMED.match(line):
            yield waiting.pop(resumed[1]) + resumed[2]
        else:
            yield line


def _text(arguments: str) -> bytes:
    found = _TEXT.search(arguments)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


def parse(log: Path, folder: Path) -> list[Operation]:
    """Return what happened to the files of ``folder``, and what was acknowledged, in order."""
    base, files = str(folder), {}
    operations: list[Operation] = []
    for line in _lines(log):
        found = _CALL.match(line)
        if not found or int(found[3]) < 0:
            continue
        call, arguments, result = found[1], found[2], int(found[3])
        if call == "openat":
            files[result] = _text(arguments).decode()
            continue
        handle = arguments.split(",")[0]
        path = files.get(int(handle), "") if handle.isdigit() else ""
        if call == "write" and handle == "1":
            operations += [
                Acknowledged(int(word[4:]))
                for word in _text(arguments).decode().split("\n")
                if word[:3] == "ACK"
            ]
        elif call.startswith("unlink"):
            operations.append(Remove(_text(arguments).decode()))
        elif path.startswith(base) and not path.endswith("-shm"):
            operations += _file_operation(call, path, arguments, result)
        if call == "close":
            files.pop(int(handle), None)
    return operations


def _file_operation(call: str, path: str, arguments: str, result: int) -> list[Operation]:
    match call:
        case "pwrite64":
            offset = int(arguments.rsplit(",", 1)[1])
            return [Write(path, offset, _text(arguments)[:result])]
        case "write":
            return [Write(path, None, _text(arguments)[:result])]
        case "ftruncate":
            return [Truncate(path, int(arguments.split(",")[1]))]
        case "fsync" | "fdatasync":
            return [Sync(path)]
        case _:
            return []


def _apply(content: bytearray, operation: Write | Truncate) -> None:
    if isinstance(operation, Truncate):
        size = operation.size
        content.extend(bytes(max(0, size - len(content))))
        del content[size:]
        return
    offset = len(content) if operation.offset is None else operation.offset
    end = offset + len(operation.data)
    content.extend(bytes(max(0, end - len(content))))
    content[offset:end] = operation.data


def cut(operations: list[Operation], chance: Random, target: Path) -> int:
    """Rebuild in ``target`` what may be left after a cut at a moment by chance; return the last one acknowledged."""
    first = next(n for n, each in enumerate(operations) if each == Acknowledged(0))
    moment = chance.randrange(first + 1, len(operations) + 1)
    policy = chance.choice(["none", "all", "half", "torn"])
    durable: dict[str, bytearray | None] = {}
    pending: dict[str, list[Write | Truncate]] = {}
    acknowledged = 0
    for each in operations[:moment]:
        match each:
            case Acknowledged(number=number):
                acknowledged = number
            case Write(path=path) | Truncate(path=path):
                durable.setdefault(path, None)
                pending.setdefault(path, []).append(each)
            case Sync(path=path):
                content = durable.get(path) or bytearray()
                for write in pending.pop(path, []):
                    _apply(content, write)
                durable[path] = content
            case Remove(path=path):
                durable.pop(path, None)
                pending.pop(path, None)
    for path, synced in durable.items():
        content = _left(bytearray(synced or b""), pending.get(path, []), policy, chance)
        if synced is not None or content:
            (target / os.path.basename(path)).write_bytes(content)  # noqa: PTH119 - a text of the log
    return acknowledged


def _left(content: bytearray, pending, policy: str, chance: Random) -> bytearray:
    for write in pending:
        if policy == "none" or (policy in {"half", "torn"} and chance.random() < 0.5):
            continue
        if policy == "torn" and isinstance(write, Write) and len(write.data) > SECTOR:
            kept = chance.randrange(0, len(write.data), SECTOR)
            write = Write(write.path, write.offset, write.data[:kept])  # noqa: PLW2901 - the torn one
        _apply(content, write)
    return content
