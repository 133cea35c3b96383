"""Read a file of measurements, whatever its format: the end of its name says which."""

from contract.words import Words
from drivers.files import csv_file, tjf_file, ziv_xml
from drivers.files.mapping import Mapping
from drivers.files.measured import FileRefusedError, MeasuredFile, plain

MAX_BYTES = 1_000_000
"""A file of measurements is small; a larger one is none."""

TJF = (".tjf", ".json")
XML = (".xml",)
CSV = (".csv", ".txt")
MAPPING = (".toml",)
"""A mapping is no file of measurements, and stands beside them."""


def read(name: str, body: bytes, mapping: Mapping | None = None) -> MeasuredFile:
    """Return what a file says; raises FileRefusedError. Only delimited text needs a ``mapping``."""
    if len(body) > MAX_BYTES:
        raise FileRefusedError(
            Words("the file has more than {most} bytes: split it", most=MAX_BYTES)
        )
    ending = name.lower()
    if ending.endswith(TJF):
        return tjf_file.read(body)
    if ending.endswith(XML):
        return ziv_xml.read(body)
    if not ending.endswith(CSV):
        raise FileRefusedError(
            Words(
                "{name}: its name must end in one of {endings}",
                name=plain(name) or "?",
                endings=", ".join((*TJF, *XML, *CSV)),
            )
        )
    if mapping is None:
        raise FileRefusedError(
            Words("a mapping must say what its columns mean: give one, in TOML")
        )
    return csv_file.read(body, mapping)
