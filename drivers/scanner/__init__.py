"""Barcode scanners."""

from drivers.scanner.scanner_line import SCANNER_LINE, SCANNER_LINE_BCC
from drivers.scanner.zebra_ssi import ZEBRA_SSI

INSTRUMENTS = (SCANNER_LINE, SCANNER_LINE_BCC, ZEBRA_SSI)

__all__ = ["INSTRUMENTS"]
