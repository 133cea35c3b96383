"""What was paid for an intervention, as its captures say."""

from collections.abc import Iterable

from contract.forms.value import Placed
from contract.wire.intervention import Intervention
from contract.wire.paid import Standing, standing
from contract.wire.statement import Payment


def standing_of(intervention: Intervention, captures: Iterable[Placed]) -> Standing:
    """Return how an intervention stands; what is quarantined counts for nothing."""
    return standing(
        intervention,
        (
            (each.id.agent, each.statement)
            for each in captures
            if isinstance(each.statement, Payment)
        ),
    )
