"""A simulated barcode scanner on a pseudo-terminal: each code is a line ended by CR LF."""

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
    """A scanner without display or sensors; it speaks when a code is scanned."""

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
        self.outgoing.append(text.encode("utf-8") + LINE_END)
