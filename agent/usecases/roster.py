"""The instruments: who was seen, who is paired, and a keeper for each that is paired."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog

from agent.ports import Clock, Sighting
from agent.usecases.keeper import Hooks, InstrumentError, Keeper
from agent.usecases.live import LiveValues
from agent.usecases.records import Pairing, PairingRecords, short
from contract.wire.captured import Technician
from contract.words import Words
from drivers.catalog import Catalogue
from drivers.kit.dialogue import Act

log = structlog.get_logger()

MOST_NEAR = 200
"""Instruments listed as near: whoever invents more pushes out the oldest."""

Spawn = Callable[[Coroutine[Any, Any, None]], "asyncio.Task[None]"]


@dataclass(frozen=True, slots=True)
class Seen:
    """The last time an instrument showed itself."""

    sighting: Sighting
    elapsed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a person states of an instrument at pairing."""

    role: str | None = None
    calibrated_on: date | None = None
    calibration_due: date | None = None
    certificate: str | None = None
    bind_key: str | None = None
    """In hexadecimal; None keeps the one that was given before."""


class Roster:
    """Keeps a session with every paired instrument that shows itself, and with no other."""

    def __init__(
        self,
        *,
        records: PairingRecords,
        catalogue: Catalogue,
        live: LiveValues,
        clock: Clock,
        chance: Callable[[], float],
        spawn: Spawn,
        hooks: Hooks,
    ) -> None:
        self._records = records
        self._catalogue = catalogue
        self._live = live
        self._clock = clock
        self._chance = chance
        self._spawn = spawn
        self._hooks = hooks
        self._seen: dict[str, Seen] = {}
        self._keepers: dict[str, tuple[Keeper, asyncio.Task[None]]] = {}

    async def load(self) -> None:
        """Start a keeper for every instrument that was paired before."""
        for pairing in await self._records.pairings():
            if pairing.slug in self._catalogue:
                self._keep(pairing)
            else:
                log.error("no driver for a paired instrument", instrument=pairing.instrument)

    def seen(self, sighting: Sighting) -> None:
        """Take note of an instrument that shows itself."""
        instrument = sighting.identity.id
        known = self._keepers.get(instrument)
        if known is not None:
            mistrust = known[0].pairing.mistrusts(sighting.identity, sighting.medium)
            if mistrust is not None:
                # Remembered all the same: a person may pair it again.
                self._refuse(instrument, mistrust)
            else:
                known[0].sight(sighting)
        near = self._near()
        new = near.pop(instrument, None) is None
        if len(near) >= MOST_NEAR:
            del near[next(iter(near))]
        near[instrument] = Seen(sighting, self._clock.elapsed())
        if new:
            self._hooks.changed(instrument)

    def near(self) -> list[Sighting]:
        """Return the instruments that showed themselves lately, paired or not."""
        return [each.sighting for each in self._near().values()]

    def paired(self) -> list[Pairing]:
        """Return the paired instruments."""
        return [keeper.pairing for keeper, _ in self._keepers.values()]

    def pairing(self, instrument: str) -> Pairing:
        """Return a pairing; raises InstrumentError when there is none."""
        return self._keeper(instrument).pairing

    async def pair(self, instrument: str, told: Told, by: Technician) -> Pairing:
        """Make an instrument that is near one of ours, or correct what is stated of one; raises InstrumentError.

        A correction leaves the session and the zero alone. One that is not connected and is near is paired afresh, and
        so is one that is given another key, since the session reads with the old one.
        """
        known = self._keepers.get(instrument)
        seen = self._near().get(instrument)
        kept = None if known is None else known[0].pairing.bind_key
        stays = self._live.of(instrument).connected and told.bind_key in {None, kept}
        if known is not None and (seen is None or stays):
            known[0].pairing = pairing = self._stated(known[0].pairing, told, by)
            await self._records.keep_pairing(pairing)
        elif seen is not None:
            afresh = _identified(seen.sighting, by, self._clock.now())
            pairing = self._stated(afresh.model_copy(update={"bind_key": kept}), told, by)
            await self._records.keep_pairing(pairing)
            self._drop(instrument)
            self._keep(pairing).sight(seen.sighting)
        else:
            raise InstrumentError(Words("no such instrument is near: switch it on and scan again"))
        self._hooks.changed(instrument)
        return pairing

    def _stated(self, pairing: Pairing, told: Told, by: Technician) -> Pairing:
        return pairing.model_copy(
            update={
                "role": told.role,
                "calibrated_on": told.calibrated_on,
                "calibration_due": told.calibration_due,
                "certificate": told.certificate,
                "bind_key": told.bind_key or pairing.bind_key,
                "paired_by": by,
                "paired_at": self._clock.now(),
            }
        )

    async def unpair(self, instrument: str) -> None:
        """Let go of an instrument; raises InstrumentError when it is not paired."""
        pairing = self._keeper(instrument).pairing
        # First the session: what it learns may not bring the pairing back.
        self._drop(instrument)
        try:
            await self._records.drop_pairing(instrument)
        except BaseException:
            self._keep(pairing)
            raise
        self._live.forget(instrument)
        self._hooks.changed(instrument)

    async def remember(self, pairing: Pairing) -> None:
        """Keep what an instrument said of itself, unless it was let go meanwhile."""
        if pairing.instrument in self._keepers:
            await self._records.keep_pairing(pairing)

    async def act(self, instrument: str, act: Act) -> None:
        """Have a paired instrument do something, once; raises InstrumentError unless it acknowledges."""
        await self._keeper(instrument).act(act)

    def _keep(self, pairing: Pairing) -> Keeper:
        keeper = Keeper(
            pairing,
            acts=self._catalogue[pairing.slug].acts,
            live=self._live,
            clock=self._clock,
            chance=self._chance,
            hooks=self._hooks,
        )
        self._keepers[pairing.instrument] = (keeper, self._spawn(keeper.run()))
        return keeper

    def _drop(self, instrument: str) -> None:
        known = self._keepers.pop(instrument, None)
        if known is not None:
            known[1].cancel()
            live = self._live.of(instrument)
            live.connected, live.zeroed, live.stranger = False, False, None

    def _keeper(self, instrument: str) -> Keeper:
        known = self._keepers.get(instrument)
        if known is None:
            raise InstrumentError(
                Words("{instrument} is not paired: pair it first", instrument=instrument)
            )
        return known[0]

    def _near(self) -> dict[str, Seen]:
        now = self._clock.elapsed()
        gone = [
            key for key, each in self._seen.items() if each.elapsed < now - each.sighting.lasts
        ]
        for each in gone:
            del self._seen[each]
        return self._seen

    def _refuse(self, instrument: str, reason: str) -> None:
        live = self._live.of(instrument)
        if not live.connected and live.reason != reason:
            live.reason = reason
            log.warning("sighting refused", instrument=instrument, reason=reason)
            self._hooks.changed(instrument)


def _identified(sighting: Sighting, by: Technician, now: datetime) -> Pairing:
    identity = sighting.identity
    return Pairing(
        instrument=identity.id,
        slug=identity.slug,
        vendor=identity.vendor,
        model=identity.model,
        serial=identity.serial,
        address=short(identity.address or ""),
        medium=sighting.medium,
        firmware=short(identity.firmware or ""),
        grade=sighting.instrument.grade,
        paired_by=by,
        paired_at=now,
    )
