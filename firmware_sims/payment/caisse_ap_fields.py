"""The fields of Caisse-AP, read and written; docs/protocols/caisse-ap.md, §2."""

HEAD = 5
LONGEST = 999
VERSION = "CZ"


class MalformedError(ValueError):
    """What came can be no message, whatever follows."""

    def __init__(self, before: dict[str, str]) -> None:
        super().__init__("no row of fields")
        self.before = before
        """The fields that could be read."""


def read(text: str) -> tuple[dict[str, str], str]:
    """Return the fields that are whole, in their order, and the piece of one that is not; raise `MalformedError`."""
    fields: dict[str, str] = {}
    while text:
        tag, length = text[:2], text[2:HEAD]
        if not _may_be_a_head(tag, length, fields):
            raise MalformedError(fields)
        if len(length) < HEAD - 2:
            break
        value = text[HEAD:][: int(length)]
        if len(value) < int(length):
            break
        fields[tag] = value
        text = text[HEAD + len(value) :]
    return fields, text


def _may_be_a_head(tag: str, length: str, before: dict[str, str]) -> bool:
    if not all("A" <= letter <= "Z" for letter in tag) or tag in before:
        return False
    if not before and not VERSION.startswith(tag):
        return False
    return all(digit in "0123456789" for digit in length) and length != "000"


def written(fields: dict[str, str]) -> str:
    """Return the row; a field without a value is not sent."""
    return "".join(
        tag + _three_digits(len(value)) + value for tag, value in fields.items() if value
    )


def _three_digits(length: int) -> str:
    if length > LONGEST:
        msg = f"no field holds {length} characters"
        raise ValueError(msg)
    hundreds, rest = divmod(length, 100)
    tens, ones = divmod(rest, 10)
    return f"{hundreds}{tens}{ones}"
