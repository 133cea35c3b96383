"""Keep one session with one paired instrument: connect, listen, connect again."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

import structlog

from agent.ports import Clock, LinkLostError, Sighting
from agent.usecases.backoff import jittered
from agent.usecases.live import LiveValues
from agent.usecases.records import Pairing, short
from agent.usecases.session import Inbox, converse, put
from contract.words import Words
from drivers.kit.dialogue import (
    Act,
    ActEnded,
    ButtonPressed,
    CodeScanned,
    FaultStated,
    FrameRejected,
    FuelStated,
    IdentityStated,
    InstrumentEvent,
    PollsSkipped,
    ReadingsReceived,
    Unmapped,
)

log = structlog.get_logger()

RETRY_FIRST = 0.3
RETRY_MOST = 10.0
ACT_WITHIN = 15.0
STABLE_AFTER = 5.0
"""A session that lasted this long starts the back-off afresh."""


class InstrumentError(Exception):
    """What was asked of an instrument cannot be done; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who is told of what."""

    changed: Callable[[str], None]
    """The state of an instrument changed."""
    scanned: Callable[[Pairing, str, str | None], None]
    """A code, and the identifier of its symbology where it was stated."""
    learned: Callable[[Pairing], None]
    """An instrument said for the first time who it is, or which firmware it has."""
    pressed: Callable[[Pairing], None]


class Keeper:
    """The session of one instrument, and the state it leaves in the live values."""

    def __init__(
        self,
        pairing: Pairing,
        *,
        acts: frozenset[Act],
        live: LiveValues,
        clock: Clock,
        chance: Callable[[], float],
        hooks: Hooks,
    ) -> None:
        self.pairing = pairing
        self._known_acts = acts
        self._live = live
        self._clock = clock
        self._chance = chance
        self._hooks = hooks
        self._sighting: Sighting | None = None
        self._sighted = asyncio.Event()
        self._inbox: Inbox = asyncio.Queue(1000)
        self._acts: dict[Act, asyncio.Future[ActEnded]] = {}

    def sight(self, sighting: Sighting) -> None:
        """Take note that the instrument showed itself."""
        self._sighting = sighting
        self._sighted.set()

    async def run(self) -> None:
        """Keep a session until cancelled."""
        attempt = 0
        while True:
            await self._sighted.wait()
            self._sighted.clear()
            began = self._clock.elapsed()
            if self._sighting is not None:
                await self._session(self._sighting)
            lasted = self._clock.elapsed() - began
            attempt = 0 if lasted > STABLE_AFTER else attempt + 1
            await asyncio.sleep(
                jittered(attempt, first=RETRY_FIRST, most=RETRY_MOST, chance=self._chance)
            )

    async def act(self, act: Act) -> None:
        """Have the instrument do something, once; raises InstrumentError unless it acknowledges."""
        if act not in self._known_acts:
            raise InstrumentError(
                Words("{model} does not know how to do that", model=self.pairing.called)
            )
        if not self._live.of(self.pairing.instrument).connected:
            raise InstrumentError(
                Words("the instrument is not connected: switch it on and bring it near")
            )
        if act in self._acts:
            raise InstrumentError(Words("this is under way: wait until it has ended"))
        future: asyncio.Future[ActEnded] = asyncio.get_running_loop().create_future()
        self._acts[act] = future
        put(self._inbox, act)
        try:
            async with asyncio.timeout(ACT_WITHIN):
                ended = await future
        except TimeoutError:
            raise InstrumentError(
                Words("the instrument did not answer: look at its display")
            ) from None
        finally:
            self._acts.pop(act, None)
        if not ended.done:
            raise InstrumentError(
                Words("the instrument did not do it: {reason}", reason=ended.reason)
            )

    async def _session(self, sighting: Sighting) -> None:
        live = self._live.of(self.pairing.instrument)
        live.zeroed = live.confirmed = False
        live.fuel = None
        measures = bool(sighting.instrument.quantities)
        self._inbox = asyncio.Queue(1000)
        conversation = sighting.converse(self.pairing.secret_key)
        try:
            async with aclosing(
                converse(
                    sighting.connect(),
                    conversation,
                    self._inbox,
                    silence=sighting.instrument.silent_after if measures else None,
                    opened=lambda: self._state(connected=True, reason=None),
                    parting=sighting.parting,
                )
            ) as events:
                async for event in events:
                    self._take(event)
        except LinkLostError as error:
            log.info("session ended", instrument=self.pairing.instrument, reason=str(error))
            live.zeroed = live.confirmed = False
            live.fuel = None
            reason = error.args[0] if error.args else Words("the link was lost")
            self._state(connected=False, reason=reason)
            self._fail_acts(reason)

    def _state(self, *, connected: bool, reason: str | None) -> None:
        live = self._live.of(self.pairing.instrument)
        reason = short(reason) if reason else None
        if (live.connected, live.reason) != (connected, reason):
            live.connected, live.reason = connected, reason
            self._hooks.changed(self.pairing.instrument)

    def _take(self, event: InstrumentEvent) -> None:
        live = self._live.of(self.pairing.instrument)
        match event:
            case ReadingsReceived(readings=readings):
                self._state(connected=True, reason=None)
                self._live.hear(self.pairing.instrument, readings, self._clock.elapsed())
            case IdentityStated(serial=serial, firmware=firmware):
                self._check_identity(serial, firmware)
            case FrameRejected(reason=reason):
                live.rejected += 1
                log.debug("frame rejected", instrument=self.pairing.instrument, reason=reason)
            case Unmapped(name=name):
                live.cannot_map(short(name) or "?")
            case FuelStated(name=name):
                live.fuel = short(name)
            case PollsSkipped(count=count):
                live.skipped += count
            case FaultStated(reason=reason):
                self._state(connected=True, reason=reason)
            case ActEnded():
                self._end_act(event)
            case CodeScanned(text=text, aim=aim):
                self._hooks.scanned(self.pairing, text, aim)
            case ButtonPressed():
                self._hooks.pressed(self.pairing)

    def _check_identity(self, serial: str | None, firmware: str | None) -> None:
        known = self.pairing.serial or self.pairing.stated_serial
        live = self._live.of(self.pairing.instrument)
        if serial is not None and known is not None and serial != known:
            live.stranger = short(serial)
            raise LinkLostError(
                Words(
                    "another instrument answers, with serial {serial}: pair that one",
                    serial=serial,
                )
            )
        learned = {"stated_serial": short(serial or ""), "firmware": short(firmware or "")}
        news = {
            key: said
            for key, said in learned.items()
            if said and said != getattr(self.pairing, key)
        }
        if serial is not None:
            live.confirmed, live.stranger = True, None
        if news:
            self.pairing = self.pairing.model_copy(update=news)
            self._hooks.learned(self.pairing)

    def _end_act(self, ended: ActEnded) -> None:
        if ended.act is Act.ZERO and ended.done:
            self._live.of(self.pairing.instrument).zeroed = True
        future = self._acts.get(ended.act)
        if future is not None and not future.done():
            future.set_result(ended)
        self._hooks.changed(self.pairing.instrument)

    def _fail_acts(self, reason: str) -> None:
        for act, future in self._acts.items():
            if not future.done():
                future.set_result(ActEnded(act, done=False, reason=reason))
