"""Join the use cases of the agent to each other and to the adapters."""

import random
import secrets
from collections.abc import Coroutine, Mapping
from typing import Any

import structlog

from agent import paying
from agent.adapters import folder, pins
from agent.adapters.clock import SystemClock
from agent.adapters.ids import new_id, new_secret
from agent.adapters.looking import Instruments
from agent.adapters.mqtt import Broker, MqttUplink, Will
from agent.api.callback import Returning
from agent.api.reasons import in_both_languages
from agent.api.services import Services
from agent.settings import Settings
from agent.stored import Store
from agent.usecases import presence
from agent.usecases.answering import Answering
from agent.usecases.capturing import Capturing
from agent.usecases.changes import Changes, Subject
from agent.usecases.choosing import Chooser
from agent.usecases.downlink import Downlink
from agent.usecases.drafting import Drafter
from agent.usecases.files import Files
from agent.usecases.forwarder import Forwarder
from agent.usecases.importing import Importing
from agent.usecases.keeper import Hooks
from agent.usecases.live import LiveValues
from agent.usecases.payments.attempt import Attempt
from agent.usecases.payments.taking import Payments
from agent.usecases.payments.terminals import Terminal, Terminals
from agent.usecases.payments.till import Around
from agent.usecases.presence import Presence
from agent.usecases.procedures import Procedures
from agent.usecases.records import Pairing
from agent.usecases.remote import RemoteCapturing
from agent.usecases.roster import Roster, Spawn
from agent.usecases.scans import Scans
from agent.usecases.signing import Signing
from agent.usecases.signing_in import SignIn
from agent.usecases.work import Work
from agent.version import installed
from contract.signing import SigningKey, VerifyingKey
from contract.topics import AgentTopics
from contract.wire.down import CommandName

log = structlog.get_logger()


class Agent:
    """The use cases of one agent process, joined to each other and to the adapters."""

    def __init__(
        self,
        settings: Settings,
        key: SigningKey,
        store: Store,
        instruments: Instruments,
        spawn: Spawn,
    ) -> None:
        self._settings = settings
        self._key = key
        self._spawn = spawn
        self._store = store
        self._catalogue = instruments.catalogue
        self._clock = SystemClock()
        self._topics = AgentTopics(settings.tenant, settings.name)
        self._changes = Changes()
        self._live = LiveValues()
        self._looking = instruments.looking
        self._drafter = Drafter(self._clock, self._live, self._catalogue, new_secret)
        self._sign_in = SignIn(
            store.records,
            self._clock,
            verify=pins.verify_pin,
            new_token=lambda: secrets.token_urlsafe(32),
        )
        self._work = Work(store.records, store.captures, self._drafter)
        self._scans = Scans(self._work, store.captures, self._drafter, self._clock)
        files = Files(lambda: self._changes.tell(Subject.FILE))
        self._importing = Importing(files, self._work, store.captures, self._drafter, self._saved)
        self.roster = self._new_roster()
        self._chooser = Chooser(self._live, self._drafter, self.roster.paired, self._catalogue)
        self._capturing = self._new_capturing()
        self._payments = self._new_payments(instruments.terminals)
        self._uplink = self._new_uplink()
        self._answering = Answering(key, self._topics, self._uplink, new_id)
        self._forwarder = self._new_forwarder()
        self._presence = self._new_presence()
        self._downlink = self._new_downlink()

    def _new_roster(self) -> Roster:
        hooks = Hooks(
            changed=self._instrument_changed,
            scanned=self._scanned,
            learned=self._learned,
            pressed=self._pressed,
        )
        return Roster(
            records=self._store.records,
            catalogue=self._catalogue,
            live=self._live,
            clock=self._clock,
            chance=random.random,
            spawn=self._spawn,
            hooks=hooks,
        )

    def _new_uplink(self) -> MqttUplink:
        settings = self._settings
        password = settings.broker_password
        return MqttUplink(
            Broker(
                settings.broker_host,
                settings.broker_port,
                settings.name,
                settings.broker_username,
                password.get_secret_value() if password else None,
            ),
            Will(self._topics.state, presence.will(self._topics, self._clock.now())),
            self._topics.down(),
            self._from_gateway,
            connected=self._connected,
            lost=lambda: self._changes.tell(Subject.OUTBOX),
            chance=random.random,
        )

    def _new_forwarder(self) -> Forwarder:
        return Forwarder(
            store=self._store.captures,
            uplink=self._uplink,
            topics=self._topics,
            key_id=self._key.id,
            clock=self._clock,
            chance=random.random,
        )

    def _new_presence(self) -> Presence:
        return Presence(
            topics=self._topics,
            uplink=self._uplink,
            captures=self._store.captures,
            live=self._live,
            drafter=self._drafter,
            catalogue=self._catalogue,
            clock=self._clock,
            version=installed(),
            signed_in=self._sign_in.present,
            paired=self.roster.paired,
            new_id=new_id,
        )

    def _new_capturing(self) -> Capturing:
        return Capturing(
            work=self._work,
            captures=self._store.captures,
            live=self._live,
            drafter=self._drafter,
            clock=self._clock,
            chooser=self._chooser,
            new_id=new_id,
            saved=self._saved,
        )

    def _new_payments(self, known: Mapping[str, Terminal]) -> Payments:
        journal = self._store.payments
        around = Around(self._clock, self._spawn, self._payment_changed)
        terminals = Terminals(known, journal, self._clock)
        return paying.payments(terminals, journal, self._work, self._drafter, around)

    def _new_remote(self) -> RemoteCapturing:
        return RemoteCapturing(
            agent=self._topics.agent,
            capturing=self._capturing,
            signed_in=self._sign_in.present,
            tell=self._answering.tell,
            translate=in_both_languages,
            clock=self._clock,
            spawn=self._spawn,
        )

    def _new_downlink(self) -> Downlink:
        keys = [VerifyingKey(each) for each in self._settings.gateway_keys]
        return Downlink(
            topics=self._topics,
            keys={each.id: each for each in keys},
            captures=self._store.captures,
            work=self._store.records,
            commands=self._store.records,
            clock=self._clock,
            settled=self._settled,
            respond=self._answering.respond,
            orders={
                CommandName.RESCAN: self._looking.ordered,
                CommandName.CAPTURE: self._new_remote().order,
            },
        )

    def services(self) -> Services:
        """Return what the API works with."""
        return Services(
            agent=self._settings.name,
            version=installed(),
            clock=self._clock,
            sign_in=self._sign_in,
            roster=self.roster,
            live=self._live,
            work=self._work,
            forms=self._store.records,
            captures=self._store.captures,
            capturing=self._capturing,
            chooser=self._chooser,
            catalogue=self._catalogue,
            scans=self._scans,
            importing=self._importing,
            procedures=Procedures(
                self._work, self._store.captures, self._drafter, self._clock, self._saved
            ),
            signing=Signing(self._work, self._store.captures, self._drafter, self._saved),
            returning=Returning(
                frozenset(self._settings.form_origins), frozenset(self._settings.return_schemes)
            ),
            payments=self._payments,
            changes=self._changes,
            uplink=self._uplink,
            rescan=self._looking.rescan,
            absent=self._looking.absent,
            spawn=self._spawn,
            saved=self._saved,
        )

    async def recover(self) -> None:
        """Take up what an earlier life of this agent left; run this before anything begins."""
        await self.roster.load()
        await self._payments.till.recover()

    def loops(self) -> list[Coroutine[Any, Any, None]]:
        """Return what runs as long as the agent does."""
        return [
            *(each.watch(self.roster.seen) for each in self._looking.watchers),
            folder.watch(self._settings.import_folder, self._importing.files.found),
            self._uplink.run(),
            self._uplink.run_inbox(),
            self._forwarder.run(),
            self._presence.run(),
        ]

    async def _from_gateway(self, topic: str, payload: bytes) -> None:
        handled = await self._downlink.handle(topic, payload)
        log.info(
            "message from the gateway", topic=topic, verdict=handled.verdict, why=handled.reason
        )
        if topic.startswith(f"{self._topics.base}/intervention/"):
            # The gateway says its assignments again when it comes back; what was sent meanwhile met nobody.
            self._forwarder.hurry()

    def _connected(self) -> None:
        self._forwarder.connected()
        self._spawn(self._presence.say_all())
        self._changes.tell(Subject.OUTBOX)

    def _saved(self, intervention: str) -> None:
        self._forwarder.wake()
        self._changes.tell(Subject.INTERVENTION, intervention)
        self._changes.tell(Subject.OUTBOX)

    def _payment_changed(self, attempt: Attempt) -> None:
        self._changes.tell(Subject.PAYMENT, attempt.id)
        self._saved(attempt.intervention)

    def _settled(self) -> None:
        self._forwarder.wake()
        self._changes.tell(Subject.OUTBOX)
        self._changes.tell(Subject.INTERVENTION)

    def _instrument_changed(self, instrument: str) -> None:
        self._changes.tell(Subject.INSTRUMENT, instrument)
        for pairing in self.roster.paired():
            if pairing.instrument == instrument:
                self._presence.say_instrument(pairing)
                return
        self._presence.forget_instrument(instrument)

    def _scanned(self, pairing: Pairing, text: str, aim: str | None) -> None:
        self._scans.scanned(pairing, text, aim)
        self._changes.tell(Subject.SCAN)

    def _learned(self, pairing: Pairing) -> None:
        self._spawn(self.roster.remember(pairing))
        self._instrument_changed(pairing.instrument)

    def _pressed(self, pairing: Pairing) -> None:
        self._changes.tell(Subject.BUTTON, pairing.instrument)
