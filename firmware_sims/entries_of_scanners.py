"""Our simulators of barcode scanners."""

from firmware_sims.kit.entry import Entry
from firmware_sims.line_scanner import CheckedLineScanner, LineScanner
from firmware_sims.zebra_ssi import PacketScanner

SCANNERS: tuple[Entry, ...] = (
    Entry(
        slug=LineScanner.slug,
        title="barcode scanner, a code a line",
        links=("pty", "tcp"),
        serial="1001",
        make=lambda _, serial, chance: LineScanner(serial, chance),
    ),
    Entry(
        slug=CheckedLineScanner.slug,
        title="barcode scanner, a code a line with a check byte",
        links=("pty", "tcp"),
        serial="1002",
        make=lambda _, serial, chance: CheckedLineScanner(serial, chance),
    ),
    Entry(
        slug=PacketScanner.slug,
        title="Zebra barcode scanner, Simple Serial Interface",
        links=("pty", "tcp"),
        serial="1003",
        make=lambda _, serial, chance: PacketScanner(serial, chance),
    ),
)
