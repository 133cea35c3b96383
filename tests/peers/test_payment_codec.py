"""Our payment messages in other people's codecs, and theirs in ours: pyTeliumManager, Odoo's module for Caisse-AP."""

from random import Random

import pytest

from contract.payment.currency import number_of
from contract.payment.money import Money
from contract.payment.stated import Card, Doubt, Operation, Verdict
from drivers.kit.errors import FrameError
from drivers.payment.caisse_ap import fields
from drivers.payment.concert_frame import Sign, Unframer, framed
from drivers.payment.concert_v2 import bodies
from drivers.payment.dialogue import AboutToSend, Answered, Asked, Doubted, Sent, TakenOn
from drivers.payment.kinds import CAISSE_AP, CONCERT_V2
from tests.peers.running import told

pytestmark = pytest.mark.timeout(60)

REFERENCE = "K7WQ2M9XHT"
CARD = "4111111111111111"
ASKED = Asked(Operation.CHARGE, Money(1250, "EUR"), REFERENCE)

# pyTeliumManager takes 1.00 to 99999.99 alone.
LEAST, MOST = 100, 9_999_999
EDGES = (100, 101, 110, 999, 1000, 1250, 5510, 6832, 66666, 100_000, 1_000_001, 9_999_998, MOST)
CURRENCIES = ("EUR", "USD", "CHF", "GBP", "XPF", "JPY")
chance = Random(20)
AMOUNTS = (*EDGES, *(chance.randint(LEAST, MOST) for _ in range(60)))
ORDERS = [
    Asked(operation, Money(amount, chance.choice(CURRENCIES)), REFERENCE)
    for amount in AMOUNTS
    for operation in Operation
]


def with_point(minor_units: int) -> str:
    return f"{minor_units // 100}.{minor_units % 100:02}"


# --- our till -------------------------------------------------------------------------------------


class Till:
    """Our till, at its end of a conversation about one order."""

    def __init__(self, asked: Asked = ASKED) -> None:
        self._dialogue = CONCERT_V2.speak({}, True).operation(asked)
        self._dialogue.connection_made(-1.0)
        self._dialogue.timer_fired(0.0)
        assert [Sign.ENQ.value] == list(self._dialogue.out.data())
        self._dialogue.receive(Sign.ACK.value, 0.1)
        assert [AboutToSend()] == list(self._dialogue.out.events())
        self._dialogue.proceed(0.1)
        [self.request] = self._dialogue.out.data()
        """The frame that it sends."""
        assert [Sent()] == list(self._dialogue.out.events())

    def given(self, answer: bytes) -> list[object]:
        """Return what it makes of the answer to its request."""
        self._dialogue.receive(Sign.ACK.value, 0.2)
        assert [TakenOn()] == list(self._dialogue.out.events())
        self._dialogue.receive(Sign.ENQ.value + answer, 5.0)
        return list(self._dialogue.out.events())


def message_of(asked: Asked) -> str:
    dialogue = CAISSE_AP.speak({}, False).operation(asked)
    dialogue.connection_made(0.0)
    dialogue.proceed(0.0)
    return b"".join(dialogue.out.data()).decode("ascii")


def body_in(frame: str) -> bytes:
    [body] = Unframer().take(bytes.fromhex(frame))
    assert isinstance(body, bytes)
    return body


# --- Concert V2 -----------------------------------------------------------------------------------


def test_every_request_of_our_till_says_the_same_to_pyteliummanager():
    frames = [Till(each).request.hex() for each in ORDERS]
    found = told("telium/codec.py", said={"requests": frames})["read"]

    types = {Operation.CHARGE: "0", Operation.REFUND: "1", Operation.REVERSAL: "2"}
    expected = [
        {
            "till": "01",
            "amount": with_point(each.money.minor_units),
            "answer": "0",
            "mode": "1",
            "type": types[each.operation],
            "currency": number_of(each.money.currency),
            "delay": "A010",
            "authorisation": "B010",
        }
        for each in ORDERS
    ]
    assert expected == found


def test_every_request_of_pyteliummanager_says_the_same_to_us():
    kinds = {"debit": "0", "credit": "1", "refund": "2"}
    ask = [
        {
            "amount": with_point(amount),
            "kind": chance.choice([*kinds]),
            "currency": chance.choice(CURRENCIES),
            "wait": chance.choice([True, False]),
        }
        for amount in AMOUNTS
    ]
    found = [body_in(each) for each in told("telium/codec.py", said={"ask": ask})["asked"]]

    for amount, each, body in zip(AMOUNTS, ask, found, strict=True):
        read = bodies.request(body)
        assert body == read.encode()
        assert (amount, number_of(each["currency"])) == (read.minor_units, read.currency)
        assert (kinds[each["kind"]], "1", "0") == (read.type, read.mode, read.answer)
        assert ("01", "010" if each["wait"] else "011") == (read.till, read.delay)


def test_every_answer_of_pyteliummanager_says_the_same_to_us_but_for_the_card():
    answer = [
        {
            "till": f"{chance.randint(1, 99):02}",
            "status": chance.choice([0, 7, 9]),
            "amount": with_point(amount),
            "card": chance.choice([CARD, ""]),
            "currency": number_of(chance.choice(CURRENCIES)),
            "private": chance.choice([REFERENCE, " " * 10]),
        }
        for amount in AMOUNTS
    ]
    found = told("telium/codec.py", said={"answer": answer})["answered"]

    for amount, each, frame in zip(AMOUNTS, answer, found, strict=True):
        read = bodies.answer(body_in(frame))
        assert (each["till"], str(each["status"])) == (read.till, read.status)
        assert (amount, each["currency"]) == (read.minor_units, read.currency)
        assert ("1", each["private"]) == (read.mode, read.private)
        assert (CARD[-4:] if each["card"] else None) == read.last_four
        assert CARD[:-4] not in repr(read)


@pytest.mark.parametrize(
    ("differs", "verdict", "misfit"),
    [
        ({}, Verdict.APPROVED, None),
        ({"status": 7}, Verdict.DECLINED, None),
        ({"amount": "12.49"}, Verdict.APPROVED, Doubt.OTHER_AMOUNT),
        ({"currency": "756"}, Verdict.APPROVED, Doubt.OTHER_CURRENCY),
        ({"private": "K7WQ2M9XHU"}, Verdict.APPROVED, Doubt.OTHER_REFERENCE),
        ({"private": " " * 10}, Verdict.APPROVED, Doubt.OTHER_REFERENCE),
        ({"card": CARD}, Verdict.APPROVED, None),
    ],
)
def test_our_till_takes_an_answer_of_pyteliummanager_for_what_it_is(differs, verdict, misfit):
    plain = {"till": "01", "status": 0, "amount": "12.50", "card": "", "currency": "978"}
    answer = plain | {"private": REFERENCE} | differs
    [frame] = told("telium/codec.py", said={"answer": [answer]})["answered"]
    answered, *doubts = Till().given(bytes.fromhex(frame))

    assert isinstance(answered, Answered)
    assert (verdict, misfit) == (answered.stated.verdict, answered.misfit)
    assert ([] if misfit is None else [Doubted(misfit)]) == doubts
    assert Card(last_four=CARD[-4:] if answer["card"] else None) == answered.stated.card
    assert CARD not in repr(answered)


def test_our_till_does_not_take_for_an_end_that_a_payment_was_taken_on():
    plain = {"till": "01", "status": 9, "amount": "12.50", "card": "", "currency": "978"}
    [frame] = told("telium/codec.py", said={"answer": [plain | {"private": REFERENCE}]})[
        "answered"
    ]

    assert [TakenOn()] == Till().given(bytes.fromhex(frame))


def test_control_pyteliummanager_refuses_a_damaged_frame_and_one_of_another_length():
    frame = Till().request
    damaged = frame[:5] + bytes((frame[5] ^ 1,)) + frame[6:]
    shorter = framed(
        bodies.Request(till="01", minor_units=1250, currency="978", delay=None).encode()
    )
    found = told("telium/codec.py", said={"requests": [damaged.hex(), shorter.hex()]})["read"]

    assert [
        {"error": "LrcChecksumException"},
        {"error": "SequenceDoesNotMatchLengthException"},
    ] == found


# --- Caisse-AP ------------------------------------------------------------------------------------


def test_every_message_of_our_till_says_the_same_to_odoo():
    orders = [*ORDERS, Asked(Operation.CHARGE, Money(1, "EUR"), REFERENCE)]
    messages = [message_of(each) for each in orders]
    found = told("odoo/codec.py", said={"messages": messages})["read"]

    actions = {Operation.CHARGE: "0", Operation.REFUND: "1", Operation.REVERSAL: "2"}
    for asked, message, read in zip(orders, messages, found, strict=True):
        assert dict(fields.split(message)) == read
        assert (asked.money.minor_units, number_of(asked.money.currency)) == (
            int(read["CB"]),
            read["CE"],
        )
        assert ("01", actions[asked.operation], REFERENCE) == (read["CA"], read["CD"], read["CF"])
        assert "CZ" == next(iter(read))


def test_every_message_of_odoo_says_the_same_to_us():
    way = [(amount, chance.choice([1, -1])) for amount in (10, 99, *AMOUNTS)]
    ask = [(sign * amount / 100, chance.choice(["EUR", "USD", "CHF"])) for amount, sign in way]
    found = told("odoo/codec.py", said={"ask": ask})["asked"]

    for (amount, sign), (_, currency), message in zip(way, ask, found, strict=True):
        read = fields.decode(message.encode("ascii"))
        assert (amount, number_of(currency)) == (int(read.get("CB") or ""), read.get("CE"))
        assert ("0300", "01", "0" if sign > 0 else "1") == (
            read.get("CZ"),
            read.get("CA"),
            read.get("CD"),
        )


def test_odoo_says_less_than_ten_cents_in_one_digit_which_we_refuse():
    [message] = told("odoo/codec.py", said={"ask": [(0.05, "EUR")]})["asked"]

    assert message.endswith("CB0015")
    with pytest.raises(FrameError, match="CB"):
        fields.decode(message.encode("ascii"))
