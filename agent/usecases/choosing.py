"""Which instrument serves a field: by quantity and role, never by position; in doubt a person chooses."""

from collections.abc import Callable

from agent.usecases.drafting import Drafter
from agent.usecases.live import LiveValues
from agent.usecases.records import Pairing
from agent.usecases.work import WorkError
from contract.forms.measure import Measure
from contract.instrument import CalibrationState
from contract.words import Words
from drivers.catalog import Catalogue


class Chooser:
    """Chooses among the paired instruments."""

    def __init__(
        self,
        live: LiveValues,
        drafter: Drafter,
        paired: Callable[[], list[Pairing]],
        catalogue: Catalogue,
    ) -> None:
        self._catalogue = catalogue
        self._live = live
        self._drafter = drafter
        self._paired = paired

    def able(self, measure: Measure) -> list[Pairing]:
        """Return the paired instruments of the role and class that know the quantity."""
        return [
            each
            for each in self._paired()
            if measure.quantity in self._catalogue[each.slug].quantities
            and measure.role in {None, each.role}
            and measure.instrument.kind in {None, self._catalogue[each.slug].kind}
        ]

    def _states(self, pairing: Pairing, measure: Measure) -> bool:
        latest = self._live.of(pairing.instrument).latest
        return (measure.quantity, measure.substance) in latest

    def choose(self, name: str, measure: Measure, chosen: str | None) -> Pairing:
        """Return the instrument that serves a field; raises WorkError that names the field and the remedy."""
        if chosen is not None and chosen not in {each.instrument for each in self._paired()}:
            raise WorkError(
                name, Words("{instrument} is not paired: pair it first", instrument=chosen)
            )
        able = [each for each in self.able(measure) if chosen in {None, each.instrument}]
        if not able and chosen is not None:
            raise WorkError(
                name,
                Words(
                    "{instrument} does not state {quantity} for this field: choose another one",
                    instrument=chosen,
                    quantity=Words(measure.quantity),
                ),
            )
        if not able:
            raise WorkError(name, _nobody(measure))
        speaking = [each for each in able if self._states(each, measure)]
        serving = speaking or able
        if len(serving) > 1:
            names = ", ".join(f"{each.called} ({each.instrument})" for each in serving)
            raise WorkError(
                name, Words("several instruments could serve: choose one of {names}", names=names)
            )
        return serving[0]

    def check(self, name: str, measure: Measure, pairing: Pairing) -> None:
        """Raise WorkError unless the instrument is what the form wants it to be."""
        unfit = self._not_zeroed(measure, pairing) or self._not_calibrated(measure, pairing)
        if unfit is not None:
            raise WorkError(name, unfit)

    def _not_zeroed(self, measure: Measure, pairing: Pairing) -> Words | None:
        zeroed = self._drafter.zeroed(pairing, [measure.quantity])
        if measure.instrument.zeroed is None or zeroed is not False:
            return None
        return Words(
            "{model} was not zeroed since it was switched on: zero it", model=pairing.called
        )

    def _not_calibrated(self, measure: Measure, pairing: Pairing) -> Words | None:
        if measure.instrument.calibrated is None:
            return None
        model = pairing.called
        if self._drafter.serial(pairing) is None:
            if pairing.stated_serial is None:
                return Words(
                    "{model} states no serial: its calibration proves nothing", model=model
                )
            return Words(
                "{model} has not said its serial since it connected: wait a moment", model=model
            )
        state = self._drafter.calibrated(pairing).state
        if state is CalibrationState.VALID:
            return None
        if state is CalibrationState.EXPIRED:
            return Words(
                "the calibration of {model} is {state}: use another one, or have it calibrated",
                model=model,
                state=Words(state),
            )
        return Words(
            "the calibration of {model} is {state}: say its date where it is paired",
            model=model,
            state=Words(state),
        )


def _nobody(measure: Measure) -> Words:
    if measure.instrument.kind is not None:
        return Words(
            "no paired instrument that fits states {quantity}: the form wants {kind}, pair one",
            quantity=Words(measure.quantity),
            kind=Words(measure.instrument.kind),
        )
    if measure.role is None:
        return Words(
            "no paired instrument states {quantity}: pair one that does",
            quantity=Words(measure.quantity),
        )
    return Words(
        "no paired instrument with the role '{role}' states {quantity}: pair one in that role",
        role=measure.role,
        quantity=Words(measure.quantity),
    )
