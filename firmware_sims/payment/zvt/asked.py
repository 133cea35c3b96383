"""What a till asks of a terminal in ZVT; docs/protocols/zvt.md, §4."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from firmware_sims.payment.order import Kind
from firmware_sims.payment.zvt.apdu import Apdu
from firmware_sims.payment.zvt.fields import Bmp, MalformedError, number, read

PASSWORD_SIZE, CURRENCY_SIZE = 3, 2
SENDS_STATUS, PRINTS_NOTHING = 0x01, 0x02
"""Of the service byte, where a receipt is repeated."""
WITHOUT_VERSION = 0x02
"""Likewise, where the state is asked for."""


class Command(IntEnum):
    """Class and instruction of what a till says."""

    STATUS = 0x0501
    REGISTRATION = 0x0600
    AUTHORISATION = 0x0601
    LOG_OFF = 0x0602
    TOTALS = 0x0610
    REPEAT_RECEIPT = 0x0620
    REVERSAL = 0x0630
    REFUND = 0x0631
    END_OF_DAY = 0x0650
    DIAGNOSIS = 0x0670
    ABORT = 0x06B0


REQUESTS: Mapping[int, Kind] = {
    Command.AUTHORISATION: Kind.DEBIT,
    Command.REVERSAL: Kind.CANCELLATION,
    Command.REFUND: Kind.CREDIT,
}
"""Those that are about money."""
WITHOUT_PASSWORD = frozenset(
    (Command.AUTHORISATION, Command.LOG_OFF, Command.DIAGNOSIS, Command.ABORT)
)
WITHOUT_REGISTRATION = frozenset((Command.REGISTRATION, Command.STATUS, Command.LOG_OFF))
MANDATORY: Mapping[int, Bmp] = {
    Command.AUTHORISATION: Bmp.AMOUNT,
    Command.REVERSAL: Bmp.RECEIPT,
    Command.REFUND: Bmp.AMOUNT,
}


class Config(IntFlag):
    """What a registration settles; the rest changes nothing here."""

    TILL_PRINTS = 0x02
    INTERMEDIATE = 0x08
    PRINT_LINES = 0x80


NOTHING = Config(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command, as it can be understood."""

    command: Command
    password: str = ""
    config: Config = NOTHING
    fields: Mapping[int, bytes] = field(default_factory=dict[int, bytes])

    @property
    def service(self) -> int:
        return self.fields.get(Bmp.SERVICE, b"\0")[0]

    @property
    def currency(self) -> str | None:
        """Three digits; None where none was said."""
        said = self.fields.get(Bmp.CURRENCY)
        return None if said is None else said.hex()[1:]

    @property
    def amount(self) -> int | None:
        said = self.fields.get(Bmp.AMOUNT)
        return None if said is None else number(said)

    @property
    def receipt(self) -> str:
        return self.fields.get(Bmp.RECEIPT, b"").hex()


def understood(apdu: Apdu) -> Asked:
    """Return what is asked; raise `MalformedError`."""
    try:
        command = Command(apdu.command)
    except ValueError as error:
        msg = f"command {apdu.command:04X}"
        raise MalformedError(msg) from error
    rest = apdu.data
    if command in WITHOUT_PASSWORD:
        return _sound(Asked(command=command, fields=read(rest)))
    password, rest = rest[:PASSWORD_SIZE], rest[PASSWORD_SIZE:]
    if len(password) < PASSWORD_SIZE:
        msg = "no password"
        raise MalformedError(msg)
    if command is Command.REGISTRATION:
        return _registration(password.hex(), rest)
    return _sound(Asked(command=command, password=password.hex(), fields=read(rest)))


def _registration(password: str, rest: bytes) -> Asked:
    config, currency, rest = rest[:1], rest[1 : 1 + CURRENCY_SIZE], rest[1 + CURRENCY_SIZE :]
    if not config or len(currency) == 1:
        msg = "no registration"
        raise MalformedError(msg)
    fields = read(rest)
    if currency:
        fields = {**fields, Bmp.CURRENCY: currency}
    asked = Asked(
        command=Command.REGISTRATION, password=password, config=Config(config[0]), fields=fields
    )
    return _sound(asked)


def _sound(asked: Asked) -> Asked:
    """Return what is asked where nothing is missing and all digits are digits; raise `MalformedError`."""
    needed = MANDATORY.get(asked.command)
    if needed is not None and needed not in asked.fields:
        msg = f"field {needed:02X} is missing"
        raise MalformedError(msg)
    for bmp in (Bmp.AMOUNT, Bmp.CURRENCY, Bmp.RECEIPT):
        if bmp in asked.fields and asked.command in {*REQUESTS, Command.REGISTRATION}:
            number(asked.fields[bmp])
    if asked.currency is not None and asked.fields[Bmp.CURRENCY][0] > 0x09:
        msg = "no currency"
        raise MalformedError(msg)
    if asked.amount == 0:
        msg = "no amount"
        raise MalformedError(msg)
    return asked
