"""Published and derived frames of payment terminals: what they say, and that we say the same."""

import json
import re
from pathlib import Path

import pytest

from contract.payment.money import Money
from contract.payment.stated import Doubt, Operation, Stated, Verdict
from drivers.kit.errors import FrameError
from drivers.payment.caisse_ap import fields
from drivers.payment.caisse_ap import till as caisse_ap
from drivers.payment.concert_frame import Sign, Unframer, framed
from drivers.payment.concert_v2 import bodies
from drivers.payment.dialogue import AboutToSend, Answered, Asked, Doubted
from drivers.payment.profile import CaisseApProfile

FIXTURES = Path(__file__).parents[1] / "fixtures/payment"
CONCERT = json.loads((FIXTURES / "concert-v2.json").read_text())["frames"]
CAISSE_AP = json.loads((FIXTURES / "caisse-ap.json").read_text())
OF_CARD = {"AA", "AB", "AD", "AK", "ZT", "AM", "AN", "BH", "BI"}


def named(vectors):
    return pytest.mark.parametrize("vector", vectors, ids=[each["name"] for each in vectors])


def body_of(vector):
    frame = bytes.fromhex(vector["hex"])
    [body] = Unframer().take(frame)
    return body


ASKED = [each for each in CONCERT if not each["name"].startswith("answer")]
ANSWERED = [each for each in CONCERT if each["name"].startswith("answer")]
WITHOUT_CARD = [each for each in ANSWERED if "REP" not in each["name"]]


@named(ASKED)
def test_a_concert_request_is_read_and_written_byte_for_byte(vector):
    request = bodies.request(body_of(vector))

    assert vector["hex"] == framed(request.encode()).hex()


@named(ASKED)
def test_a_concert_request_says_what_its_name_says(vector):
    request = bodies.request(body_of(vector))

    amount = re.search(r"(\d+)\.(\d\d)", vector["name"])
    assert int(amount[1] + amount[2]) == request.minor_units
    assert ("840" if "USD" in vector["name"] else "978") == request.currency
    assert ("C" if "cheque" in vector["name"] else "1") == request.mode
    kind = re.search(r"type (\d)", vector["name"])
    assert (kind[1] if kind else "0") == request.type
    wanted = "011" if "immediate" in vector["name"] else "010"
    assert (None if "26-char" in vector["name"] else wanted) == request.delay


@named(WITHOUT_CARD)
def test_a_concert_answer_is_read_and_written_byte_for_byte(vector):
    answer = bodies.answer(body_of(vector))

    assert vector["name"][-1] == answer.status
    assert (1250, "978", "01") == (answer.minor_units, answer.currency, answer.till)
    assert vector["hex"] == framed(answer.encode()).hex()


def test_of_a_card_number_in_a_concert_answer_four_digits_are_left():
    [vector] = [each for each in ANSWERED if "REP" in each["name"]]

    answer = bodies.answer(body_of(vector))

    assert (1250, "0", "1111") == (answer.minor_units, answer.status, answer.last_four)
    assert "41111111" not in repr(answer)


@pytest.mark.parametrize("lrc", ["00", "03", "06", "33", "76"])
def test_the_check_value_of_a_frame_may_be_any_byte(lrc):
    [vector, *_] = [each for each in CONCERT if each["hex"].endswith(f"03{lrc}")]

    frame = bytes.fromhex(vector["hex"])

    unframer = Unframer()
    heard = [each for byte in frame for each in unframer.take(bytes((byte,)))]
    assert [frame[1:-2]] == heard
    assert [frame[1:-2], Sign.EOT] == Unframer().take(frame + b"\x04")


def is_too_short(vector):
    return any(tag == "CB" and len(value) < 2 for tag, value in vector["fields"])


MESSAGES = [each for each in CAISSE_AP["messages"] if not is_too_short(each)]


@named(MESSAGES)
def test_a_caisse_ap_message_says_its_fields_and_nothing_of_the_card(vector):
    message = fields.decode(vector["ascii"].encode())

    said = {tag: value for tag, value in vector["fields"] if tag not in OF_CARD | {"ZZ"}}
    assert said == dict(message.fields)


def test_an_amount_of_one_digit_is_refused_and_never_said():
    [wrong] = [each for each in CAISSE_AP["messages"] if is_too_short(each)]
    with pytest.raises(FrameError):
        fields.decode(wrong["ascii"].encode())

    assert b"CB00205" in request_of(Money(5, "EUR"))
    assert b"CB00201" in request_of(Money(1, "EUR"))


def request_of(money):
    dialogue = caisse_ap.operation(CaisseApProfile(), asked(money), framed=False)
    dialogue.connection_made(0.0)
    assert [AboutToSend()] == list(dialogue.out.events())
    dialogue.proceed(0.0)
    return b"".join(dialogue.out.data())


def asked(money, reference="K7WQ2M9XHT"):
    return Asked(Operation.CHARGE, money, reference)


@named(MESSAGES)
def test_a_caisse_ap_message_without_card_data_is_written_byte_for_byte(vector):
    pairs = [(tag, value) for tag, value in vector["fields"]]

    assert vector["ascii"].encode() == fields.encode(pairs)
    assert tuple(pairs) == fields.split(vector["ascii"])


@pytest.mark.parametrize("text", CAISSE_AP["invalid"])
def test_an_invalid_caisse_ap_message_is_refused_and_nothing_of_it_is_told(text):
    with pytest.raises(FrameError) as refused:
        fields.decode(text.encode())

    assert text not in str(refused.value)
    assert refused.value.raw == b""


def outcome_of(text, profile=CaisseApProfile(echoes=False)):  # noqa: B008 - a frozen row of data
    dialogue = caisse_ap.operation(profile, asked(Money(1250, "EUR")), framed=False)
    dialogue.connection_made(0.0)
    dialogue.proceed(0.0)
    dialogue.receive(text.encode(), 1.0)
    dialogue.timer_fired(2.0)
    return [each for each in dialogue.out.events() if isinstance(each, Answered | Doubted)]


def test_done_with_a_reason_why_it_is_not_is_unknown():
    [vector] = [each for each in CAISSE_AP["messages"] if "contradictory" in each["name"]]

    assert [Doubted(Doubt.CONTRADICTION)] == outcome_of(vector["ascii"])


def test_approved_contact_is_approved_and_holds_the_end_of_the_number_alone():
    [vector] = [each for each in CAISSE_AP["messages"] if "approved contact" in each["name"]]

    [answered] = outcome_of(vector["ascii"].replace("CF0101010000000", "CF010K7WQ2M9XHT"))

    stated = answered.stated
    assert answered.misfit is None
    assert (Verdict.APPROVED, Money(1250, "EUR")) == (stated.verdict, stated.money)
    assert ("5305", "222093", "CB") == (
        stated.card.last_four,
        stated.authorisation,
        stated.card.application,
    )
    assert "2704" not in repr(stated), "the expiry"
    assert "892699" not in repr(stated)


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("04", Verdict.DECLINED),
        ("05", Verdict.DECLINED),
        ("06", Verdict.CANCELLED),
        ("08", Verdict.CANCELLED),
        ("11", Verdict.CANCELLED),
        ("09", Verdict.DECLINED),
        ("13", Verdict.DECLINED),
        ("00", Verdict.DECLINED),
        ("07", Verdict.DECLINED),
        ("99", Verdict.DECLINED),
    ],
)
def test_not_done_is_what_its_reason_says(reason, verdict):
    [answered] = outcome_of(f"CZ0040300AE00201AF002{reason}", CaisseApProfile())

    assert isinstance(answered.stated, Stated)
    assert verdict is answered.stated.verdict
    assert (reason in {"00", "07", "99"}) is answered.stated.look


@pytest.mark.parametrize(
    ("answer", "doubt"),
    [
        ("CZ0040300AE00210CE003978CB0041250CF010XXXXXXXXXX", Doubt.OTHER_REFERENCE),
        ("CZ0040300AE00210CE003978CB0041250", Doubt.OTHER_REFERENCE),
        ("CZ0040300AE00210CE003978CB0041249CF010K7WQ2M9XHT", Doubt.OTHER_AMOUNT),
        ("CZ0040300AE00210CE003978CB0041251CF010K7WQ2M9XHT", Doubt.OTHER_AMOUNT),
        ("CZ0040300AE00210CF010K7WQ2M9XHT", Doubt.OTHER_AMOUNT),
        ("CZ0040300AE00210CE003756CB0041250CF010K7WQ2M9XHT", Doubt.OTHER_CURRENCY),
        ("CZ0040300AE00210CE003978CB0041250CF010K7WQ2M9XHTCD0011", Doubt.OTHER_OPERATION),
        ("CZ0040300AE00210CE003978CB0041250CF010K7WQ2M9XHTCA00202", Doubt.OTHER_OPERATION),
        ("CZ0040300AE00255", Doubt.UNEXPLAINED),
    ],
)
def test_an_answer_about_anything_else_is_unknown(answer, doubt):
    events = outcome_of(answer, CaisseApProfile())

    assert Doubted(doubt) == events[-1]
    assert all(each.misfit is doubt for each in events[:-1])
