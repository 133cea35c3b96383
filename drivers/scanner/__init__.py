"""Barcode scanners."""

from drivers.scanner.scanner_line import SCANNER_LINE

INSTRUMENTS = (SCANNER_LINE,)

__all__ = ["INSTRUMENTS"]
