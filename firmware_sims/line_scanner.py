"""Simulated barcode scanners on a line, written from docs/protocols/scanner-line.md alone."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.quantities import Quantity
from firmware_sims.kit.wired import WiredInstrument

LINE_END = b"\r\n"


class LineScanner(WiredInstrument):
    """A scanner without display or sensors; each code is a line ended by CR LF."""

    slug = "scanner-line"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (
            Fault.LINK_LOSS,
            Fault.SILENCE,
            Fault.CORRUPT_BYTE,
            Fault.SPLIT,
            Fault.DELAY,
            Fault.DUPLICATE,
        )
    )
    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.SCAN,))
    refresh_seconds = 1.0

    def __init__(self, serial: str, chance: Random) -> None:
        super().__init__(name=f"scanner {serial}", serial=serial, chance=chance)

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
        self.outgoing.append(self.line(text))

    def line(self, text: str) -> bytes:
        """Return what leaves for a code."""
        return text.encode("utf-8") + LINE_END


class CheckedLineScanner(LineScanner):
    """§2: one whose lines are followed by a check byte."""

    slug = "scanner-line-bcc"
    known_faults = LineScanner.known_faults | {Fault.WRONG_CHECK}

    def line(self, text: str) -> bytes:
        """§2: the exclusive-or of all bytes before it, line end included."""
        covered = super().line(text)
        check = 1 if Fault.WRONG_CHECK in self.faults else 0
        for each in covered:
            check ^= each
        return covered + bytes((check,))
