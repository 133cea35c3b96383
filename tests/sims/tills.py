"""A till in front of a simulated terminal, with time in its hand."""

import base64
from random import Random

from firmware_sims.kit.cable import Outlet
from firmware_sims.kit.faults import Fault
from firmware_sims.payment.caisse_ap import CaisseApOnALine, CaisseApTerminal, Style
from firmware_sims.payment.concert_v2 import BareConcertTerminal, ConcertTerminal, Dialect
from firmware_sims.payment.customer import Customer, Habit
from firmware_sims.payment.fitting import Fitting
from firmware_sims.payment.terminal import Terminal
from tests.sims.on_a_line import NOW

STEP = 0.05
ENQ, ACK, NAK, EOT = b"\x05", b"\x06", b"\x15", b"\x04"


def sealed(body: str) -> bytes:
    check = 0
    for byte in (covered := body.encode("latin-1") + b"\x03"):
        check ^= byte
    return b"\x02" + covered + bytes((check,))


def opened(frame: bytes) -> str:
    """Return the body of a frame; fails on one that is not whole."""
    body = frame[1:-2].decode("latin-1")
    assert frame == sealed(body)
    return body


class Till:
    """Stands where a cable would: it follows the terminal in and out of reach."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.lost = 0
        """How often the terminal let the link go."""
        self._linked = False
        self._outlet = Outlet(terminal)
        self.pass_time(STEP)

    def connect(self) -> None:
        """Connect anew."""
        self.terminal.unplugged()
        self.terminal.plugged_in()

    def say(self, data: bytes) -> bytes:
        self.terminal.heard(data)
        return b"".join(self._tend())

    def pass_time(self, seconds: float) -> bytes:
        """Return what is said meanwhile."""
        return b"".join(self.said_within(seconds))

    def said_within(self, seconds: float) -> list[bytes]:
        said: list[bytes] = []
        for _ in range(round(seconds / STEP)):
            self.terminal.process(STEP, NOW)
            said += self._tend()
        return said

    def _tend(self) -> list[bytes]:
        if self.terminal.out_of_reach:
            self.lost += self._linked
            self._linked = False
            self.terminal.unplugged()
            self.terminal.take_outgoing()
            return []
        if not self._linked:
            self._linked = True
            self.terminal.plugged_in()
        return self._outlet.pieces()

    # --- Concert V2 -------------------------------------------------------------------------------

    def order(self, body: str) -> None:
        """Have a request taken, with all its single bytes."""
        assert ACK == self.say(ENQ)
        assert ACK == self.say(sealed(body))
        assert b"" == self.say(EOT)

    def given(self, seconds: float = 1.0) -> str | None:
        """Return the body of the answer that is offered within a time, None where none is; acknowledges it."""
        for _ in range(round(seconds / STEP)):
            if ENQ in self.pass_time(STEP):
                body = opened(self.say(ACK))
                assert EOT == self.say(ACK)
                return body
        return None

    # --- Caisse-AP over TCP -----------------------------------------------------------------------

    def ask(self, message: str, seconds: float = 1.0) -> str:
        """Return all that is said within a time of a message."""
        return (self.say(message.encode("latin-1")) + self.pass_time(seconds)).decode("latin-1")


def fields(message: str) -> dict[str, str]:
    """Return the fields of one message; fails on what is none."""
    found: dict[str, str] = {}
    while message:
        tag, size = message[:2], int(message[2:5])
        assert tag not in found
        assert len(message) >= 5 + size > 5
        found[tag], message = message[5 : 5 + size], message[5 + size :]
    return found


def ticket(answer: dict[str, str]) -> str:
    inner = fields(answer["ZT"])
    assert "100" == inner["CK"]
    return base64.b64decode(inner["AK"], validate=True).decode("latin-1")


def concert(
    habit: Habit = Habit.PAYS, *, bare: bool = False, dialect: Dialect = Dialect.E_PLUS, **more
) -> ConcertTerminal:
    kind = BareConcertTerminal if bare else ConcertTerminal
    return kind("7001", Random(1), fitting(habit, **more), protocol=dialect)


def caisse_ap(
    habit: Habit = Habit.PAYS, *, line: bool = False, style: Style | None = None, **more
) -> CaisseApTerminal:
    kind = CaisseApOnALine if line else CaisseApTerminal
    return kind("7002", Random(1), fitting(habit, **more), style)


def fitting(habit: Habit, *, seconds: float | None = None, **more) -> Fitting:
    return Fitting(customer=Customer(habit=habit, seconds=seconds), **more)


def at(terminal: Terminal, *faults: Fault, times: int | None = 1) -> "Till":
    """Return a till at a terminal with something wrong, once unless it is said how often."""
    for fault in faults:
        terminal.set_fault(fault, on=True, times=times)
    return Till(terminal)


def paid(each: "Till | Terminal") -> list[tuple[str, str, int, str]]:
    """Return what the ledger has of each authorisation."""
    device = each.terminal if isinstance(each, Till) else each
    rows = [row.as_json() for row in device.ledger.rows]
    return [(row["reference"], row["kind"], row["amount"], row["currency"]) for row in rows]


ONCE = [("R1", "debit", 1250, "978")]
"""The usual order, paid once."""


def request(
    amount: str = "00001250",
    *,
    ind: str = "0",
    mode: str = "1",
    kind: str = "0",
    currency: str = "978",
    priv: str = "",
    ends: str = "A010B010",
) -> str:
    """Return the body of a request of Concert V2."""
    return f"01{amount}{ind}{mode}{kind}{currency}{priv:10}{ends}"


ORDINARY = request(priv="R1")
BEGINS = "CZ0040300CJ012012345678901CA00201CE003978BA0010CD0010"
REQUEST = BEGINS + "CB0041250"
WITH_REFERENCE = REQUEST + "CF002R1"
STATE = "CZ0040300CJ012012345678901CA00201CD001TCF002R1"
STATUS = Style(knows_status=True)
