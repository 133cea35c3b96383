"""What scanners send as a code: text, perhaps after the identifier of its symbology."""

import re

from drivers.kit.dialogue import CodeScanned
from drivers.kit.errors import FrameError

AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]", re.ASCII)
GROUP_SEPARATOR = "\x1d"


def read_code(sent: bytes) -> CodeScanned:
    """Return the code, its separators (GS, hexadecimal 1D) kept; raises FrameError for what is no text."""
    try:
        text = sent.decode()
    except UnicodeDecodeError as error:
        raise FrameError("a code that is not UTF-8", sent) from error
    if not all(each.isprintable() or each == GROUP_SEPARATOR for each in text):
        raise FrameError("a code with control characters", sent)
    identifier = AIM.match(text)
    if identifier is None or identifier.end() == len(text):
        return CodeScanned(text)
    return CodeScanned(text[identifier.end() :], identifier[0])
