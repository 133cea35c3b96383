"""The simulated servers of SumUp as a process: command line, control, kill -9; and what is on the disk."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from firmware_sims.cli import app
from firmware_sims.demo.http import RefusedError
from firmware_sims.payment.customer import Customer
from firmware_sims.payment.ledger import LedgerError
from firmware_sims.sumup.account import Account
from firmware_sims.sumup.book import Book
from firmware_sims.sumup.fitting import KEY, Fitting
from firmware_sims.testing import Simulator, bench
from tests.sims.test_sumup import ASKED, TRANSACTIONS, Shop, body

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fault", "smoke"], "sumup knows answer_late"),
        (["--fault", "silence:0"], "write how often"),
        (["--currency", "XXX"], "is none of CHF, EUR"),
        (["--ledger", "/nowhere/ledger"], "is no ledger"),
    ],
)
def test_wrong_use_is_refused_with_what_would_be_right(words: list[str], said: str):
    refused = CliRunner().invoke(app, ["sumup", *words], env={"COLUMNS": "400"})

    assert 2 == refused.exit_code
    assert said in refused.stderr


def till(simulator: Simulator, key: str = KEY) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=simulator.ready["url"], headers=headers, trust_env=False)


def soon(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10.0
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_a_ledger_survives_a_kill_and_transactions_keep_their_names(
    socket_enabled: None, tmp_path: Path
):
    file = tmp_path / "paid.jsonl"
    with bench(tmp_path) as releve:
        simulator = releve.simulator("sumup", "--ledger", str(file), "--fault", "answer_lost:1")
        with till(simulator) as paying:
            with pytest.raises(httpx.RemoteProtocolError):
                paying.post(ASKED, json=body())
            soon(lambda: bool(simulator.ledger()))
            told = paying.get(TRANSACTIONS, params={"foreign_transaction_id": "R1"}).json()
            simulator.customer("slow", seconds=60)
            open_still = paying.post(ASKED, json=body("R2")).json()["data"]["checkout_id"]
        simulator.kill()
        assert ["R1"] == [json.loads(line)["reference"] for line in file.read_text().splitlines()]

        port = str(simulator.ready["port"])
        simulator = releve.simulator("sumup", "--ledger", str(file), "--port", port)
        with till(simulator) as paying:
            again = paying.get(TRANSACTIONS, params={"foreign_transaction_id": "R1"}).json()
            assert told == again
            looked = paying.get(f"{ASKED}/{open_still}").json()["data"]
            assert ("failed", "READER_LOST_IT") == (
                looked["status"],
                looked["payment_failure_reason"],
            )
            assert 201 == paying.post(ASKED, json=body("R3")).status_code
            soon(lambda: len(simulator.ledger()) == 2)
        assert {"R1": 1, "R3": 1} == simulator.authorisations() == simulator.standing()
        assert {"R3": 1} == simulator.requests()


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_a_process_is_set_like_every_other(socket_enabled: None, tmp_path: Path):
    with bench(tmp_path) as releve:
        flags = ("--speed", "20", "--api-key", "mine", "--merchant", "M1", "--reader", "rdr_1")
        simulator = releve.simulator("sumup", *flags, "--customer", "abandons")
        assert ("http", "M1", "rdr_1") == tuple(
            simulator.ready[each] for each in ("link", "merchant", "reader")
        )
        simulator.customer("pays", seconds=5)
        simulator.fault("not_found_yet", times=2)
        about = simulator.about()
        assert ({"does": "pays", "seconds": 5.0, "percent": 50}, {"not_found_yet": 2}) == (
            about["customer"],
            about["fault_times"],
        )
        simulator.fault("not_found_yet", on=False)
        assert [] == simulator.about()["faults"]
        for wrong in (
            lambda: simulator.fault("smoke"),
            lambda: simulator.fault("silence", times=0),
            lambda: simulator.customer("sings"),
            lambda: simulator.act("press_button"),
        ):
            with pytest.raises(RefusedError):
                wrong()
        with till(simulator, "mine") as paying:
            path = "/v0.1/merchants/M1/readers/rdr_1/checkout"
            assert 201 == paying.post(path, json=body()).status_code
        soon(lambda: simulator.authorisations() == {"R1": 1})


async def paid_and_refunded(fitting: Fitting) -> dict[str, Any]:
    shop = Shop(fitting)
    async with shop.till:
        told = await shop.paid()
        await shop.refund(told["id"], 2.5)
        await shop.ask("R2")
        shop.customer("refuses")
        shop.pass_time(2.0)
        return await shop.transaction(id=told["id"])


async def test_what_was_kept_is_the_same_after_a_new_start(tmp_path: Path):
    fitting = Fitting(ledger=tmp_path / "paid.jsonl", valid_seconds=90.0)
    before = await paid_and_refunded(fitting)

    shop = Shop(fitting)
    async with shop.till:
        assert before == await shop.transaction(id=before["id"])
        assert "FAILED" == (await shop.transaction(foreign_transaction_id="R2"))["status"]
        assert 422 == (await shop.refund(before["id"], 10.01)).status_code
        assert 201 == (await shop.refund(before["id"], 10)).status_code
    assert {} == shop.account.about()["standing"]


async def test_a_ledger_alone_is_enough_and_a_torn_line_is_cut_off(tmp_path: Path):
    file = tmp_path / "paid.jsonl"
    names = tmp_path / "paid.jsonl.checkouts"
    before = await paid_and_refunded(Fitting(ledger=file))
    with names.open("a") as kept:
        kept.write('{"accepted": {"check')
    assert 2 == len(Book(file).as_json())
    assert names.read_bytes().endswith(b"}\n")

    names.unlink()
    shop = Shop(Fitting(ledger=file))
    async with shop.till:
        told = await shop.transaction(foreign_transaction_id="R1")
    assert before["id"] != told["id"]
    assert (12.5, "REFUNDED", before["auth_code"]) == (
        told["amount"],
        told["status"],
        told["auth_code"],
    )


def test_what_was_killed_between_the_two_files_was_not_paid(tmp_path: Path):
    fitting = Fitting(ledger=tmp_path / "paid.jsonl", customer=Customer(seconds=0.1))
    account = Account(fitting)
    account.reader.process(0.0, NOW)
    first = account.ask(json.dumps(body()).encode())["checkout_id"]
    with (tmp_path / "paid.jsonl.checkouts").open("a") as kept:
        kept.write(json.dumps({"paid": first, "row": 1}) + "\n")

    account = Account(fitting)
    assert "failed" == account.look(first)["status"]
    second = account.ask(json.dumps(body()).encode())["checkout_id"]
    for _ in range(9):
        account.reader.process(0.1, NOW)
    for each in (account, Account(fitting)):
        assert ["failed", "successful"] == [each.look(one)["status"] for one in (first, second)]
        assert {"R1": 1} == each.about()["authorisations"]


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path):
    (tmp_path / "paid.jsonl.checkouts").write_text('{"ended": "nobody", "at": "x"}\n')

    with pytest.raises(LedgerError, match="holds no checkouts"):
        Book(tmp_path / "paid.jsonl")
