"""An agent at work with terminals that say card numbers, and all that is left of what they said."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from pathlib import Path

from agent.usecases.payments.attempt import State
from tests.agent.asking import Desk
from tests.agent.card_terminals import line_of, terminal_of
from tests.agent.conftest import opened
from tests.agent.test_pages import assigned
from tests.contract.making import BY
from tests.fakes.clock import FakeClock
from tests.fakes.van import van

ENDED = frozenset(State) - {State.CREATED, State.SENDING, State.SENT, State.PENDING}


class Visit:
    """Takes payments at terminals that say cards, and looks at everything that is left of them."""

    def __init__(self, desk: Desk, path: Path) -> None:
        self.desk, self.path = desk, path
        self.states: list[State] = []
        self.ids: list[str] = []

    async def pay(self, client, kind, place, card) -> None:
        payments = self.desk.van.payments
        self.desk.van.known_terminals["tpe"] = terminal_of(kind, line_of(kind, place, card))
        await payments.terminals.pair("tpe", BY)
        body = {"terminal": "tpe", "intervention": "i-1", "amount": "125.00", "currency": "EUR"}
        key = {"Idempotency-Key": f"key-{len(self.ids)}"}
        answer = await client.post("/v1/payments", json=body, headers=key)
        assert 201 == answer.status_code, answer.text
        id_ = answer.json()["id"]
        self.ids.append(id_)
        await self._ended(id_)
        state = (await payments.one(id_)).state
        self.states.append(state)
        if state is State.UNKNOWN:
            seen = {"paid": False, "reason": "its journal has nothing"}
            await client.post(f"/v1/payments/{id_}/resolve", json=seen)

    async def _ended(self, id_: str) -> None:
        async with asyncio.timeout(5):
            while not await self._is_over(id_):  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(0.003)

    async def _is_over(self, id_: str) -> bool:
        payments = self.desk.van.payments
        state = (await payments.one(id_)).state
        # A receipt comes after the end.
        return state is State.UNKNOWN or (state in ENDED and id_ not in payments.till._conversing)

    async def left(self, client, looked_at) -> dict[str, str]:
        """Return what is left, by where it is."""
        store = self.desk.van.store
        saved = await store.captures.everything()
        with closing(sqlite3.connect(self.path)) as file:
            tables = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            rows = [
                repr(row)
                for (name,) in tables
                for row in file.execute(f"SELECT * FROM {name}")  # noqa: S608 - our own tables
            ]
        paths = [*("/v1/payments", "/v1/interventions/i-1/payments"), "/pages/payments"]
        paths += [
            f"{way}/{id_}" for id_ in looked_at for way in ("/v1/payments", "/pages/payments")
        ]
        answers = [await client.get(each) for each in paths]
        assert {200} == {each.status_code for each in answers}
        return {
            "files": "\n".join(
                each.read_bytes().decode("latin-1")
                for each in sorted(self.path.parent.glob(self.path.name + "*"))
            ),
            "rows": "\n".join(rows),
            "captures": "\n".join(f"{each.link} {each.sig} {each.text}" for each in saved),
            "API": "\n".join(each.text for each in answers if "/v1/" in str(each.url)),
            "pages": "\n".join(each.text for each in answers if "/pages/" in str(each.url)),
        }

    async def ours(self) -> list[str]:
        """Return what the store makes of its own: digests, which hold digits by chance."""
        saved = await self.desk.van.store.captures.everything()
        return [str(each.link) for each in saved] + [each.link.hash for each in saved]


@asynccontextmanager
async def visit(path):
    async with opened(path) as store, van(store, FakeClock()) as running:
        desk = Desk(running)
        await desk.sign()
        await assigned(running, amount_due="125.00", currency="EUR")
        yield Visit(desk, path)
