"""What every capture says: who, when, and how good the clock was."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypedDict

from agent.ports import Clock
from agent.usecases.live import LiveValues
from agent.usecases.records import Pairing, today
from contract.quantity import Quantity
from contract.wire.base import Place
from contract.wire.captured import Calibrated, CapturedInstrument, ClockReading, Technician
from drivers.catalog import Catalogue


class Common(TypedDict):
    """The fields that all statements share."""

    salt: str
    intervention: str
    by: Technician
    at: datetime
    clock: ClockReading
    replaces: tuple[Place, ...]


class Drafter:
    """Fills in what does not depend on the kind of capture."""

    def __init__(
        self,
        clock: Clock,
        live: LiveValues,
        catalogue: Catalogue,
        new_salt: Callable[[], str],
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._live = live
        self._new_salt = new_salt

    def common(
        self, intervention: str, by: Technician, replaces: tuple[Place, ...] = ()
    ) -> Common:
        """Return the shared fields, at this moment."""
        return Common(
            salt=self._new_salt(),
            intervention=intervention,
            by=by,
            at=self._clock.now(),
            clock=self._clock.reading(),
            replaces=replaces,
        )

    def calibrated(self, pairing: Pairing) -> Calibrated:
        """Return the state of calibration today, and what it rests on."""
        return Calibrated(
            state=pairing.calibration.state(today(self._clock.now())),
            on=pairing.calibrated_on.isoformat() if pairing.calibrated_on else None,
            due=pairing.calibration_due.isoformat() if pairing.calibration_due else None,
            certificate=pairing.certificate,
        )

    def zeroed(self, pairing: Pairing, quantities: Iterable[Quantity]) -> bool | None:
        """Tell whether the instrument was zeroed in this session; None when these quantities need no zeroing."""
        if self._catalogue[pairing.slug].zeroed.isdisjoint(quantities):
            return None
        return self._live.of(pairing.instrument).zeroed

    def serial(self, pairing: Pairing) -> str | None:
        """Return the serial of the instrument that speaks in this session; None while nothing says it."""
        return pairing.known_serial(confirmed=self._live.of(pairing.instrument).confirmed)

    def stated(self, pairing: Pairing) -> frozenset[Quantity]:
        """Return the quantities an instrument has stated in this session."""
        return frozenset(quantity for quantity, _ in self._live.of(pairing.instrument).latest)

    def instrument(
        self, pairing: Pairing, quantities: Iterable[Quantity] = ()
    ) -> CapturedInstrument:
        """Return the instrument as a capture of these quantities names it."""
        return CapturedInstrument(
            id=pairing.instrument,
            slug=pairing.slug,
            vendor=pairing.vendor,
            model=pairing.model,
            serial=self.serial(pairing),
            address=pairing.address,
            firmware=pairing.firmware,
            role=pairing.role,
            grade=pairing.grade,
            calibration=self.calibrated(pairing),
            zeroed=self.zeroed(pairing, quantities),
        )
