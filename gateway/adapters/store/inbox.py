"""The inbox: captures, poison and events in one transaction."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import and_, select, tuple_, update
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.signing import VerifyingKey
from contract.wire.base import Place
from contract.wire.down import Outcome
from gateway.adapters.store import stages, writing
from gateway.adapters.store.engine import Database
from gateway.adapters.store.tables import assignment, awaited, capture, chain, intervention, key
from gateway.adapters.store.writing import Stamp, when
from gateway.ports.chance import Chance, Clock
from gateway.ports.inbox import Committed, Examined, Proven, Refusal, RegisteredKey, Settled
from gateway.usecases.settling import Held, Key, Reach, Settlement, Spot, extend, head, settle

UNHOLDABLE = "message: the store cannot hold it"
KEYS_LAST_SECONDS = 1.0
"""A revocation made by another process is seen after this long at most."""

Epoch = tuple[str, str]


@dataclass(slots=True)
class _Tally:
    settled: dict[Key, Settled] = field(default_factory=dict[Key, Settled])
    heads: dict[Epoch, Place] = field(default_factory=dict[Epoch, Place])

    def add(self, settlement: Settlement, reaches: Mapping[Epoch, Reach]) -> None:
        self.settled.update(settlement.settled)
        for (agent, epoch), reach in reaches.items():
            if (place := head(epoch, reach)) is not None:
                self.heads[agent, epoch] = place


class SqlInbox:
    """Implements the port Inbox on one tenant of the database."""

    def __init__(self, database: Database, tenant: str, clock: Clock, chance: Chance) -> None:
        self._database = database
        self._tenant = tenant
        self._clock = clock
        self._chance = chance
        self._keys: dict[str, RegisteredKey] = {}
        self._keys_until = 0.0
        self._assigned: set[tuple[str, str]] = set()

    async def commit(self, messages: Collection[Examined]) -> Committed:
        """Commit all messages in one transaction; raises StoreUnavailableError."""
        try:
            return await self._database.write(lambda connection: self._all(connection, messages))
        except (DBAPIError, StatementError, OverflowError, UnicodeError):
            # One of them is what no store can hold: a savepoint each finds it.
            return await self._database.write(
                lambda connection: self._one_by_one(connection, messages)
            )

    async def _all(self, connection: AsyncConnection, messages: Collection[Examined]) -> Committed:
        tally = _Tally()
        await self._take(
            connection,
            [each for message in messages for each in message.proven],
            [each for message in messages for each in message.refused],
            tally,
        )
        return Committed(tally.settled, tally.heads)

    async def _one_by_one(
        self, connection: AsyncConnection, messages: Collection[Examined]
    ) -> Committed:
        tally = _Tally()
        for message in messages:
            one = _Tally()
            try:
                async with connection.begin_nested():
                    await self._take(connection, message.proven, message.refused, one)
            except (DBAPIError, StatementError, OverflowError, UnicodeError):
                whole = Refusal(message.topic, message.agent, message.payload, UNHOLDABLE)
                await self._refuse(connection, [whole])
            else:
                tally.settled.update(one.settled)
                tally.heads.update(one.heads)
        return Committed(tally.settled, tally.heads)

    async def _take(
        self,
        connection: AsyncConnection,
        proven: Collection[Proven],
        refused: Collection[Refusal],
        tally: _Tally,
    ) -> None:
        if refused:
            await self._refuse(connection, refused)
        if not proven:
            return
        before = await self._reaches(
            connection, sorted({each.key_of_place[:2] for each in proven})
        )
        held = await self._held(connection, proven, before)
        settlement = settle(proven, held)
        stamp = Stamp(self._tenant, when(self._clock()), self._chance)
        await writing.insert_captures(connection, stamp, settlement)
        await self._mark_forked(connection, settlement.forked)
        after = await self._extend(connection, stamp.at, before, settlement.new.values())
        tally.add(settlement, after)

    async def _reaches(
        self, connection: AsyncConnection, epochs: list[Epoch]
    ) -> dict[Epoch, Reach]:
        """Lock the epochs, in one order everywhere, and return how far each is held."""
        wanted = (
            select(chain.c.agent, chain.c.epoch, chain.c.top, chain.c.contiguous)
            .where(
                chain.c.tenant == self._tenant, tuple_(chain.c.agent, chain.c.epoch).in_(epochs)
            )
            .order_by(chain.c.agent, chain.c.epoch)
            .with_for_update()
        )
        found = _as_reaches(await connection.execute(wanted))
        if len(found) == len(epochs):
            return found
        rows = [
            {
                "tenant": self._tenant,
                "agent": agent,
                "epoch": epoch,
                "top": 0,
                "contiguous": 0,
                "at": when(self._clock()),
            }
            for agent, epoch in epochs
            if (agent, epoch) not in found
        ]
        await writing.insert_missing(connection, chain, rows)
        return _as_reaches(await connection.execute(wanted))

    async def _held(
        self, connection: AsyncConnection, proven: Iterable[Proven], reaches: Mapping[Epoch, Reach]
    ) -> dict[Spot, list[Held]]:
        # In the ordinary case every capture lies beyond what is held, and nothing needs to be asked.
        spots = sorted(
            {
                (each.link.agent, each.link.epoch, each.link.seq)
                for each in proven
                if each.link.seq <= reaches[each.link.agent, each.link.epoch].top
            }
        )
        if not spots:
            return {}
        columns = (capture.c.agent, capture.c.epoch, capture.c.seq)
        rows = await connection.execute(
            select(*columns, capture.c.link_hash, capture.c.outcome, capture.c.reason).where(
                capture.c.tenant == self._tenant, tuple_(*columns).in_(spots)
            )
        )
        held: dict[Spot, list[Held]] = {}
        for agent, epoch, seq, link_hash, outcome, reason in rows:
            one = Held(link_hash, Outcome(outcome), reason)
            held.setdefault((agent, epoch, seq), []).append(one)
        return held

    async def _mark_forked(self, connection: AsyncConnection, keys: list[Key]) -> None:
        for agent, epoch, seq, link_hash in keys:
            await connection.execute(
                update(capture)
                .where(
                    capture.c.tenant == self._tenant,
                    capture.c.agent == agent,
                    capture.c.epoch == epoch,
                    capture.c.seq == seq,
                    capture.c.link_hash == link_hash,
                )
                .values(outcome=Outcome.FORKED.value)
            )

    async def _extend(
        self,
        connection: AsyncConnection,
        at: str,
        before: Mapping[Epoch, Reach],
        new: Iterable[Proven],
    ) -> dict[Epoch, Reach]:
        seqs: dict[Epoch, list[int]] = {}
        for each in new:
            seqs.setdefault((each.link.agent, each.link.epoch), []).append(each.link.seq)
        after = dict(before)
        for epoch, added in seqs.items():
            after[epoch] = await self._reach(connection, epoch, before[epoch], added)
        await writing.update_chains(
            connection, self._tenant, at, {epoch: after[epoch] for epoch in seqs}
        )
        return after

    async def _reach(
        self, connection: AsyncConnection, epoch: Epoch, before: Reach, added: list[int]
    ) -> Reach:
        reach = extend(before, added)
        if before.contiguous in {before.top, reach.contiguous}:
            return reach
        # A hole was filled: captures that came too early may follow on.
        beyond = await connection.execute(
            select(capture.c.seq).where(
                capture.c.tenant == self._tenant,
                capture.c.agent == epoch[0],
                capture.c.epoch == epoch[1],
                capture.c.seq > reach.contiguous,
            )
        )
        return extend(reach, beyond.scalars())

    async def _refuse(self, connection: AsyncConnection, refused: Collection[Refusal]) -> None:
        found = [writing.Poison(each, hashlib.sha256(each.body).hexdigest()) for each in refused]
        await writing.insert_poison(connection, self._tenant, when(self._clock()), found)

    async def keys(self, ids: Collection[str]) -> Mapping[str, RegisteredKey]:
        """Return the registered keys among ``ids``."""
        now = self._clock().timestamp()
        if not self._keys_until - KEYS_LAST_SECONDS <= now < self._keys_until or any(
            each not in self._keys for each in ids
        ):
            async with self._database.reading() as connection:
                rows = await connection.execute(
                    select(key.c.id, key.c.owner, key.c.public, key.c.revoked_at).where(
                        key.c.tenant == self._tenant
                    )
                )
                self._keys = {
                    row.id: self._registered(row.id, row.owner, row.public, row.revoked_at)
                    for row in rows
                }
            self._keys_until = now + KEYS_LAST_SECONDS
        return {each: self._keys[each] for each in ids if each in self._keys}

    def _registered(
        self, id: str, owner: str, public: str, revoked_at: str | None
    ) -> RegisteredKey:
        known = self._keys.get(id)
        verifying = known.verifying if known is not None else VerifyingKey(public)
        return RegisteredKey(owner, verifying, revoked_at is not None)

    async def assigned(self, pairs: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Return those of the pairs (intervention, agent) where the intervention was ever given to the agent."""
        missing = sorted(pairs - self._assigned)
        if missing:
            columns = tuple_(assignment.c.intervention, assignment.c.agent)
            async with self._database.reading() as connection:
                rows = await connection.execute(
                    select(assignment.c.intervention, assignment.c.agent).where(
                        assignment.c.tenant == self._tenant, columns.in_(missing)
                    )
                )
                # An assignment is never unmade, so that this memory stays true.
                self._assigned.update((row.intervention, row.agent) for row in rows)
        return pairs & self._assigned

    async def known(self, interventions: Set[str]) -> Set[str]:
        """Return those of the interventions that exist."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(intervention.c.id).where(
                    intervention.c.tenant == self._tenant,
                    intervention.c.id.in_(sorted(interventions)),
                )
            )
            return set(rows.scalars())

    async def advance(self, interventions: Set[str], epochs: Set[Epoch]) -> None:
        """Derive the stage again of these interventions, and of those that wait for captures of these epochs."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(awaited.c.intervention)
                .distinct()
                .where(
                    and_(
                        awaited.c.tenant == self._tenant,
                        tuple_(awaited.c.agent, awaited.c.epoch).in_(sorted(epochs)),
                    )
                )
            )
            waiting = set(rows.scalars())
        for each in sorted(interventions | waiting):
            stamp = Stamp(self._tenant, when(self._clock()), self._chance)
            await self._database.write(partial(stages.advance, stamp=stamp, id=each))


def _as_reaches(rows: Iterable[tuple[str, str, int, int]]) -> dict[Epoch, Reach]:
    return {(agent, epoch): Reach(top, contiguous) for agent, epoch, top, contiguous in rows}
