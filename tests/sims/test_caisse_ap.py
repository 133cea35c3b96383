"""The simulated terminal says, byte for byte, what the page of Caisse-AP says; its ledger says what was paid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.caisse_ap import Style
from firmware_sims.payment.customer import Habit
from tests.sims.on_a_line import NOW
from tests.sims.tills import (
    BEGINS,
    ONCE,
    REQUEST,
    STEP,
    WITH_REFERENCE,
    at,
    caisse_ap,
    fields,
    paid,
)

CARD = "CC003001CI0011AC006222093AA016892699######5305AI021A00000000159352874191AB0042704"


# --- vectors --------------------------------------------------------------------------------------


def test_the_approval_of_the_page_comes_out():
    said = at(caisse_ap()).ask(REQUEST + "CF0101010000000")

    assert f"{REQUEST}AE00210{CARD}CF0101010000000CG006424242" == said


def test_five_cents_in_two_digits_are_paid():
    front = at(caisse_ap())

    assert "05" == fields(front.ask(BEGINS + "CB00205CF002R1"))["CB"]
    assert [("R1", "debit", 5, "978")] == paid(front)


def test_a_request_in_another_order_is_paid():
    front = at(caisse_ap())
    said = front.ask("CZ0040300CJ012247300123456CA00201CB00512345CD0010CE003978")

    assert "10" == fields(said)["AE"]
    assert [("", "debit", 12345, "978")] == paid(front)


def test_the_refusal_of_the_page_comes_out():
    assert f"{BEGINS}CB00511245AE00201AF00204" == at(caisse_ap(Habit.REFUSES)).ask(
        BEGINS + "CB00511245"
    )


def test_the_red_key_of_the_page_comes_out():
    assert "CZ0040300AE00201AF00206" == at(caisse_ap(Habit.ABANDONS)).ask(WITH_REFERENCE)


def test_taken_on_of_the_page_comes_out_and_nothing_after_it():
    front = at(caisse_ap())
    asked = "CZ0040300CJ012012345678901CA00201CB0041250CD0010CE003978BA0011"

    assert f"{asked}AE00211" == front.ask(asked, 30.0)
    assert [("", "debit", 1250, "978")] == paid(front)


def test_the_contradiction_of_the_page_comes_out_and_nothing_is_paid():
    front = at(caisse_ap(), Fault.CONTRADICTION)
    head = "CZ0040300CJ012012345678901CA00201"

    assert f"{head}CD0010CE003978AE00210AF00209" == front.ask(f"{head}CB0041250CD0010CE003978")
    assert [] == paid(front)


@pytest.mark.parametrize(
    "message",
    [
        "CZ000",
        "CZABC0320",
        "CZ0040320CZ0040300",
        "CZ0040300AE00X10",
        "CZ0040300AE00210C",
        "CZ0040300AE00",
        "CZ0040300AE0991",
        "nonsense",
        "CD0010CZ0040300",
    ],
)
def test_what_is_no_message_is_refused_as_such(message: str):
    front = at(caisse_ap())
    said = fields(front.ask(message, 2.0))

    assert {"AE": "01", "AF": "09"} == {tag: said[tag] for tag in ("AE", "AF")}
    assert [] == paid(front)


# --- requests -------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["CJ", "CA", "CE", "CD", "CB"])
def test_without_a_mandatory_field_nothing_is_paid(tag: str):
    front = at(caisse_ap())
    asked = fields(WITH_REFERENCE)
    del asked[tag]
    message = "".join(f"{name}{len(value):03}{value}" for name, value in asked.items())
    said = fields(front.ask(message, 2.0))

    assert ("01", "09", "R1") == (said["AE"], said["AF"], said["CF"])
    assert ([], {"R1": 1}) == (paid(front), front.terminal.requests)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("CZ0040300", "CZ0040999", "09"),
        ("CB0041250", "CB00412x0", "09"),
        ("CB0041250", "CB0015", "09"),
        ("CB0041250", "CB00200", "09"),
        ("BA0010", "BA0012", "09"),
        ("CJ012012345678901", "CJ00211", "09"),
        ("CE003978", "CE003840", "13"),
        ("CA00201", "CA00200", "13"),
        ("CD0010", "CD0014", "12"),
        ("CD0010", "CD001P", "12"),
        ("CD0010", "CD001T", "12"),
        ("CD0010", "CD0013", "12"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(old: str, new: str, reason: str):
    front = at(caisse_ap())
    said = fields(front.ask(WITH_REFERENCE.replace(old, new), 2.0))

    assert ("01", reason, "R1") == (said["AE"], said["AF"], said["CF"])
    assert [] == paid(front)


def test_another_till_than_the_only_one_is_refused():
    assert "13" == fields(at(caisse_ap(till="02")).ask(WITH_REFERENCE))["AF"]
    assert "10" == fields(at(caisse_ap(till="1")).ask(WITH_REFERENCE))["AE"]


def test_francs_are_known_too():
    front = at(caisse_ap())
    front.ask(WITH_REFERENCE.replace("978", "756"))

    assert [("R1", "debit", 1250, "756")] == paid(front)


@pytest.mark.parametrize(
    ("kind", "name"), [("0", "debit"), ("1", "credit"), ("2", "cancellation")]
)
def test_each_kind_is_in_the_ledger_by_its_name(kind: str, name: str):
    front = at(caisse_ap())
    front.ask(WITH_REFERENCE.replace("CD0010", f"CD001{kind}"))

    assert [("R1", name, 1250, "978")] == paid(front)


def test_a_message_in_single_bytes_is_one():
    front = at(caisse_ap())
    for byte in WITH_REFERENCE.encode():
        assert b"" == front.say(bytes((byte,)))
        front.terminal.process(0.01, NOW)

    assert "10" == fields(front.pass_time(1.0).decode())["AE"]
    assert ONCE == paid(front)


def test_a_line_end_after_a_message_does_no_harm():
    assert "10" == fields(at(caisse_ap()).ask(WITH_REFERENCE + "\r\n"))["AE"]


def test_it_says_who_it_is():
    said = fields(at(caisse_ap()).ask("CZ0040300CJ012012345678901CA00201CD001I"))

    assert ("10", "I") == (said["AE"], said["CD"])


def test_a_terminal_can_say_taken_on_before_the_result():
    front = at(caisse_ap(style=Style(taken_on_first=True)))
    first = front.ask(WITH_REFERENCE, 0.3)
    then = front.pass_time(1.0).decode()

    assert ("11", "R1") == (fields(first)["AE"], fields(first)["CF"])
    assert "10" == fields(then)["AE"]


def test_a_second_order_meanwhile_is_not_completed():
    front = at(caisse_ap(Habit.SLOW))
    front.ask(WITH_REFERENCE)
    said = fields(front.ask(REQUEST + "CF002R2"))

    assert ("01", "07", "R2") == (said["AE"], said["AF"], said["CF"])
    front.pass_time(30.0)
    assert ONCE == paid(front)
    assert {"R1": 1, "R2": 1} == front.terminal.requests


# --- customers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("habit", "answer", "amounts"),
    [
        (Habit.PAYS, {"AE": "10", "CB": "1250"}, [1250]),
        (Habit.PAYS_PARTLY, {"AE": "10", "CB": "625"}, [625]),
        (Habit.REFUSES, {"AE": "01", "AF": "04", "CB": "1250"}, []),
        (Habit.WRONG_PIN, {"AE": "01", "AF": "04", "CB": "1250"}, []),
        (Habit.ABANDONS, {"AE": "01", "AF": "06"}, []),
    ],
)
def test_what_the_customer_does_is_answered_and_only_money_is_in_the_ledger(
    habit: Habit, answer: dict[str, str], amounts: list[int]
):
    front = at(caisse_ap(habit))
    said = fields(front.ask(WITH_REFERENCE))

    assert answer == {tag: said[tag] for tag in ("AE", "AF", "CB") if tag in said}
    assert amounts == [row.amount for row in front.terminal.ledger.rows]


def test_a_slow_customer_is_answered_after_half_a_minute():
    front = at(caisse_ap(Habit.SLOW))

    assert "" == front.ask(WITH_REFERENCE, 29.0)
    assert "customer at it" == front.terminal.state
    assert "10" == fields(front.pass_time(2.0).decode())["AE"]


# --- anything at all ------------------------------------------------------------------------------

PIECES = st.one_of(
    st.binary(max_size=30),
    st.text("ABCDEFZT0123456789", max_size=12).map(str.encode),
    st.sampled_from([b"CZ0040300", b"CD0010", b"CD001T", b"CE003978", b"AE00210", b"\r\n"]),
)


@given(st.lists(PIECES, max_size=12), st.booleans())
def test_no_bytes_crash_it_and_nonsense_pays_nothing(pieces: list[bytes], line: bool):
    front = at(caisse_ap(line=line, style=Style(knows_status=True, knows_duplicate=True)))
    for each in pieces:
        front.say(each)
        front.terminal.process(STEP, NOW)
    front.pass_time(5.0)

    assert len(paid(front)) <= sum(front.terminal.requests.values())


@given(st.lists(st.integers(1, 30), max_size=20))
def test_however_a_message_is_cut_it_is_paid_once(cuts: list[int]):
    front = at(caisse_ap())
    rest = WITH_REFERENCE.encode()
    for size in cuts:
        front.say(rest[:size])
        front.terminal.process(0.1, NOW)
        rest = rest[size:]
    front.say(rest)
    front.pass_time(1.0)

    assert ONCE == paid(front)


@given(st.integers(0, 61))
def test_a_message_that_ends_too_early_pays_nothing(size: int):
    front = at(caisse_ap())
    front.say(REQUEST[:size].encode())
    front.pass_time(5.0)

    assert [] == paid(front)
