"""A simulated barcode scanner on a pseudo-terminal: each code is a line ended by CR LF."""

import contextlib
import os
import pty
import tempfile
import tty
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from types import TracebackType
from typing import ClassVar, Self

from firmware_sims.kit.faults import Act, Fault, damage, slices
from firmware_sims.kit.instrument import ControlError, Instrument
from firmware_sims.kit.quantities import Quantity

LONGEST_WRITE = 64
LINE_END = b"\r\n"


class LineScanner(Instrument):
    """A scanner without display or sensors; it speaks when a code is scanned."""

    slug = "scanner-line"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (Fault.LINK_LOSS, Fault.SILENCE, Fault.CORRUPT_BYTE, Fault.SPLIT)
    )
    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.SCAN,))
    refresh_seconds = 1.0

    def __init__(self, serial: str, chance: Random) -> None:
        super().__init__(name=f"scanner {serial}", serial=serial, chance=chance)
        self.path = ""

    @property
    def address(self) -> str:
        return self.path

    @property
    def state(self) -> str:
        return "unplugged" if Fault.LINK_LOSS in self.faults else "ready"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        return {}

    def show(self) -> None:
        """Nothing: there is no display."""

    def do(self, act: Act, text: str) -> None:
        """Scan a code; raise `ControlError` for a text no code on one line can hold."""
        if not text or not text.isprintable():
            raise ControlError("text", text, frozenset(("printable text on one line",)))
        line = text.encode("utf-8") + LINE_END
        if Fault.SILENCE not in self.faults:
            damaged = Fault.CORRUPT_BYTE in self.faults
            self.outgoing.append(damage(line, self.chance) if damaged else line)


class Cable:
    """The scanner's end of the line. The path stays the same when it is plugged in again."""

    def __init__(self, scanner: LineScanner) -> None:
        self._scanner = scanner
        self._folder = tempfile.TemporaryDirectory(prefix="releve-sim-")
        self._path = Path(self._folder.name) / f"scanner-{scanner.serial}"
        self._ends: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self._plug_in()
        self._scanner.path = str(self._path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unplug()
        self._folder.cleanup()

    def tend(self) -> None:
        """Follow the link loss fault, and send what was scanned."""
        lost = Fault.LINK_LOSS in self._scanner.faults
        if lost and self._ends:
            self._unplug()
        elif not lost and not self._ends:
            self._plug_in()
        for line in self._scanner.take_outgoing():
            self._send(line)

    def _send(self, line: bytes) -> None:
        if self._ends is None:
            return
        chance = self._scanner.chance if Fault.SPLIT in self._scanner.faults else None
        for piece in slices(line, LONGEST_WRITE, chance):
            # Nobody reads and the line is full: a scanner does not wait.
            with contextlib.suppress(BlockingIOError):
                os.write(self._ends[0], piece)

    def _plug_in(self) -> None:
        near, far = pty.openpty()
        tty.setraw(near)
        tty.setraw(far)
        os.set_blocking(near, False)
        self._ends = (near, far)
        self._path.symlink_to(os.ttyname(far))

    def _unplug(self) -> None:
        self._path.unlink(missing_ok=True)
        for end in self._ends or ():
            os.close(end)
        self._ends = None
