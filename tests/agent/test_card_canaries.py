"""Five hundred card numbers, said by terminals wherever their protocols have room: none is anywhere afterwards."""

import io
import logging
import traceback

import pytest
import structlog

from agent.adapters import sumup_line
from agent.adapters.store import captures
from agent.usecases.payments.attempt import State
from contract.payment.money import Money
from contract.payment.stated import Operation
from drivers.kit.errors import FrameError
from drivers.payment import carriers, sumup
from drivers.payment.caisse_ap import fields as caisse_fields
from drivers.payment.concert_v2 import bodies as concert
from drivers.payment.dialogue import Asked
from drivers.payment.zvt import fields as zvt_fields
from drivers.payment.zvt import paying as zvt_paying
from tests.agent.canaries import WRITTEN, Card, Search, canaries
from tests.agent.card_terminals import PLACES, line_of
from tests.agent.card_visit import visit

NUMBERS = canaries()
KINDS = list(dict.fromkeys(kind for kind, _ in PLACES))
FORMS = list(WRITTEN)
SHARES = 10
"""So many stores take a share of the numbers each: a visit does not have five hundred payments."""
ASKED = Asked(Operation.CHARGE, Money(12500, "EUR"), "K7WQ2M9XHT")
READERS = (caisse_fields, concert, zvt_fields, zvt_paying, sumup)
"""Modules that reduce what they read."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(carriers, "QUIET_BEFORE", 0.0)
    monkeypatch.setattr(sumup_line, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(sumup_line, "RESULT_WITHIN", 0.01)


@pytest.fixture
def unredacted(monkeypatch):
    for each in READERS:
        monkeypatch.setattr(each, "scrubbed", lambda text: text)


@pytest.fixture
def logged():
    """Everything that is logged, as an operator who wants to see everything has it."""
    lines = io.StringIO()
    before = structlog.get_config()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(lines),
        cache_logger_on_first_use=False,
    )
    yield lines
    structlog.configure(**before)


def cards(kind=None, numbers=NUMBERS, rounds=1):
    """Yield numbers with a kind of terminal, a place and a way to write it, all of which take turns."""
    places = [each for each in PLACES if kind in {None, each[0]}]
    for turn in range(len(numbers) * rounds):
        form = FORMS[(turn // len(places) + turn) % len(FORMS)]
        yield *places[turn % len(places)], Card(numbers[turn % len(numbers)], form)


# --- what a driver tells --------------------------------------------------------------------------


async def told_by(kind, place, card) -> str:
    events = []

    async def told(event):
        events.append(event)

    await line_of(kind, place, card).operate(ASKED, told)
    return "\n".join(map(repr, events))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_driver_tells_nothing_of_a_number_in_any_place(kind):
    search = Search(NUMBERS)
    rounds = 2 if kind == "zvt" else 1

    for _, place, card in cards(kind, rounds=rounds):
        said = await told_by(kind, place, card)
        assert set() == search.text(said) | search.packed(said), (place, card)


WITH_TEXT = {
    ("concert-v2", "REP"),
    *(("caisse-ap", each) for each in ("AA", "AC", "CG", "CF", "ZT/AK", "AK", "everything", "AF")),
    *(("zvt", each) for each in ("BMP 22", "BMP 8B", "print lines", "a text block")),
    *(
        ("sumup", each)
        for each in (
            *("last_4_digits", "card type", "auth_code", "transaction_code", "transaction id"),
            *("checkout id", "foreign_transaction_id", "payment_failure_reason"),
        )
    ),
}
"""Places that a driver reads: there a number would get through, if nothing were done."""


@pytest.mark.parametrize(("kind", "place"), sorted(WITH_TEXT))
async def test_control_without_redaction_the_same_search_finds_it(
    kind, place, unredacted, monkeypatch
):
    for each in (caisse_fields, concert, zvt_fields, sumup):
        monkeypatch.setattr(each, "last_four", lambda number: number.strip("*F"))
    monkeypatch.setattr(caisse_fields, "_reduced", lambda _, value: value)
    card = Card(NUMBERS[7], "whole")

    found = Search(NUMBERS).text(await told_by(kind, place, card))

    assert {card.number} == found


@pytest.mark.parametrize("kind", ["concert-v2", "caisse-ap", "zvt"])
def test_an_error_holds_nothing_of_what_it_is_about(kind):
    search, refused = Search(NUMBERS), 0

    for number, form in zip(NUMBERS, FORMS * 100, strict=False):
        card = Card(number, form)
        for read, data in malformed(kind, card):
            with pytest.raises(FrameError) as error:
                read(data)
            refused += 1
            shown = "".join(traceback.format_exception(error.value))
            assert set() == search.text(f"{shown}{error.value!r}") | search.bcd(error.value.raw)

    assert refused >= len(NUMBERS)


def malformed(kind, card):
    """Return readers, and what each of them refuses."""
    line = card.line.encode("latin-1")
    match kind:
        case "concert-v2":
            return [(concert.answer, line), (concert.request, line)]
        case "caisse-ap":
            said = f"CZ0040300AA{len(line):03}".encode() + line
            return [
                (caisse_fields.decode, each)
                for each in (
                    line,
                    said[:-1],
                    said + said[9:],
                    said + b"AE003" + line[:3],
                    said[9:],
                )
            ]
        case _:
            digits = bytes.fromhex(card.number[: len(card.number) // 2 * 2])
            return [
                (zvt_fields.decode, each)
                for each in (b"\x22\xf1\xf9" + digits, b"\x22" + digits, b"\x41" + digits)
            ]


# --- what is left in an agent ---------------------------------------------------------------------


@pytest.fixture
def everything_said(caplog, capfd, repeatable):
    """Return what libraries log, and what is printed; of statements in SQL, what they write is looked at there."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="aiosqlite")
    return lambda: caplog.text + "".join(capfd.readouterr())


@pytest.fixture
def repeatable(monkeypatch):
    """Have the store choose the same name each time: what it makes by chance has digits too."""
    monkeypatch.setattr(captures.secrets, "token_hex", lambda size: "a" * (2 * size))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("share", range(SHARES))
async def test_nothing_of_a_number_is_left_in_the_store_the_logs_the_api_or_the_pages(
    share, tmp_path, logged, everything_said
):
    mine = list(cards())[share::SHARES]
    async with visit(tmp_path / "agent.db") as here, here.desk.client() as client:
        for kind, place, card in mine:
            await here.pay(client, kind, place, card)
        left = await here.left(client, here.ids)
        search = Search(NUMBERS, await here.ours())

    left["logs"] = logged.getvalue() + everything_said()
    left["closed file"] = (tmp_path / "agent.db").read_bytes().decode("latin-1")
    assert len(NUMBERS) // SHARES == len(here.ids)
    assert {State.APPROVED, State.UNKNOWN} <= set(here.states)
    assert "nobody knows" in left["logs"]
    assert {} == {where: found for where, text in left.items() if (found := search.text(text))}
    assert set() == search.packed(left["captures"]) | search.packed(left["rows"])
    assert set() == search.bcd(left["files"].encode("latin-1"))


@pytest.mark.timeout(60)
async def test_control_without_redaction_they_are_found_everywhere(
    tmp_path, logged, unredacted, repeatable
):
    places = [
        ("caisse-ap", "ZT/AK"),
        ("caisse-ap", "AC"),
        ("sumup", "auth_code"),
        ("zvt", "BMP 8B"),
    ]
    numbers = NUMBERS[: len(places)]
    async with visit(tmp_path / "agent.db") as here, here.desk.client() as client:
        for (kind, place), number in zip(places, numbers, strict=True):
            await here.pay(client, kind, place, Card(number, "spaced"))
        left = await here.left(client, here.ids)
        search = Search(NUMBERS, await here.ours())
    structlog.get_logger().debug("said", of=numbers[0])

    for text in left.values():
        assert set(numbers) == search.text(text)
    assert {numbers[0]} == search.text(logged.getvalue())


async def test_what_goes_wrong_in_the_program_tells_no_number_to_whoever_asks_or_reads_the_log(
    tmp_path, logged, monkeypatch
):
    number = NUMBERS[0]

    def broken(*_):
        raise ValueError(number)

    async with visit(tmp_path / "agent.db") as here, here.desk.client() as client:
        await here.pay(client, "caisse-ap", "AA", Card(number, "whole"))
        monkeypatch.setattr("agent.api.models_payments.payment", broken)
        answers = [
            await client.get(each) for each in ("/v1/payments", f"/v1/payments/{here.ids[0]}")
        ]

    assert [500, 500] == [each.status_code for each in answers]
    assert "request failed" in logged.getvalue()
    text = "".join(each.text for each in answers) + logged.getvalue()
    assert set() == Search(NUMBERS).text(text)
