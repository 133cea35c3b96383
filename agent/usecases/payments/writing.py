"""The capture that goes with a step of a payment."""

from agent.ports import Build, Placing
from agent.usecases.drafting import Drafter
from agent.usecases.payments.attempt import Attempt
from contract.payment.stated import Card
from contract.wire.payment import PaymentState
from contract.wire.statement import Payment, Statement


def draft(drafter: Drafter, attempt: Attempt) -> Build:
    """Return what drafts the capture of an attempt as it stands; it takes the place of the one before."""
    earlier = () if attempt.captured is None else (attempt.captured,)
    common = drafter.common(attempt.intervention, attempt.decided_by or attempt.by, earlier)
    stated = attempt.stated
    card = stated.card if stated else Card()
    moved = attempt.moved

    def build(_: Placing) -> Statement:
        return Payment(
            **common,
            attempt=attempt.id,
            operation=attempt.operation,
            of=attempt.of,
            state=PaymentState(attempt.state),
            asked_minor_units=attempt.money.minor_units,
            paid_minor_units=moved.minor_units if moved else None,
            currency=attempt.money.currency,
            terminal=attempt.terminal.model_copy(
                update={"terminal_id": stated.terminal_id if stated else None}
            ),
            begun=attempt.begun,
            settled_by=attempt.settled_by,
            reason=attempt.reason,
            doubt=attempt.doubt,
            why=stated.why if stated else None,
            code=(stated.code or None) if stated else None,
            authorisation=stated.authorisation if stated else None,
            receipt=stated.receipt if stated else None,
            trace=stated.trace if stated else None,
            stated_at=stated.at if stated else None,
            last_four=card.last_four,
            application=card.application,
            entry=card.entry,
            ticket=stated.ticket if stated else None,
        )

    return build
