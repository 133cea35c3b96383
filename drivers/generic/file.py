"""Read an instrument file."""

import tomllib
from collections.abc import Callable, Iterator

from pydantic import ValidationError

from contract.instrument import InstrumentIdentity
from contract.wire.position import complaints
from drivers.generic.model import InstrumentFile
from drivers.generic.over_ble import Advertised, Characteristics
from drivers.generic.over_lines import TextLines
from drivers.generic.over_modbus import Registers
from drivers.kit.description import Instrument, LinkDescription
from drivers.kit.dialogue import InstrumentEvent
from drivers.kit.talk import rejecting

Decode = Callable[[bytes], Iterator[InstrumentEvent]]


class InstrumentFileError(Exception):
    """A file describes no instrument; the message has a line for each fault, and names the line of the file."""


def read(text: str, name: str) -> Instrument:
    """Return the instrument that a TOML text describes; raises InstrumentFileError."""
    try:
        said = InstrumentFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InstrumentFileError(f"{name}: {error}") from error
    except ValidationError as error:
        raise InstrumentFileError(complaints(error, text, name)) from error
    link, decode = _spoken(said)
    values = next(each for each in (said.modbus, said.lines, said.ble, said.advertisement) if each)
    silent = 3 * max(10.0, getattr(values, "every", 0.0))
    return Instrument(
        slug=said.slug,
        vendor=said.vendor,
        model=said.model,
        kind=said.kind,
        grade=said.grade,
        quantities=frozenset(each.quantity for each in values.value),
        links=(link,),
        decode=lambda data: rejecting(decode(data)),
        silent_after=said.advertisement.silent_after if said.advertisement else silent,
    )


def _spoken(said: InstrumentFile) -> tuple[LinkDescription, Decode]:
    def who(serial: str | None) -> InstrumentIdentity:
        return InstrumentIdentity(
            slug=said.slug, vendor=said.vendor, model=said.model, serial=serial
        )

    if said.modbus is not None:
        registers = Registers(said.modbus)
        return registers.link(), registers.decode
    if said.lines is not None:
        lines = TextLines(said.lines)
        return lines.link(), lines.decode
    if said.ble is not None:
        characteristics = Characteristics(said.ble, who)
        return characteristics.link(), characteristics.decode
    assert said.advertisement is not None  # noqa: S101 - the model holds exactly one
    advertised = Advertised(said.advertisement, who)
    return advertised.link(), advertised.decode_strictly
