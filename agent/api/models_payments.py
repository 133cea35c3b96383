"""What the routes give of payments and terminals."""

from collections.abc import Iterable

from agent.ports import Saved
from agent.usecases.payments.attempt import Attempt, State
from agent.usecases.payments.closing import Comparison
from agent.usecases.payments.giving_back import GoingBack
from agent.usecases.payments.journal import Orphan, PairedTerminal
from agent.usecases.payments.taking import Payments
from agent.usecases.payments.terminals import Terminal
from contract.payment.amount import shown
from contract.payment.money import Money
from contract.payment.stated import Stated
from contract.wire.intervention import Intervention
from contract.wire.paid import standing
from contract.wire.statement import Payment
from drivers.payment.kinds import Can

Json = dict[str, object]


def payment(payments: Payments, attempt: Attempt) -> Json:
    """Return an attempt as it stands."""
    stated = attempt.stated
    can = payments.till.can(attempt)
    moved = attempt.moved
    return {
        "id": attempt.id,
        "operation": attempt.operation,
        "of": attempt.of,
        "intervention": attempt.intervention,
        "terminal": attempt.terminal.name,
        "kind": attempt.terminal.kind,
        "amount": shown(attempt.money),
        "currency": attempt.money.currency,
        "state": attempt.state,
        "settled": not attempt.open,
        "shown": payments.till.shown(attempt.id),
        "paid": shown(moved) if moved else None,
        "partial": moved is not None and moved != attempt.money,
        "left": _left(attempt.money, moved),
        "doubt": attempt.doubt,
        "not_sent": attempt.unsent,
        "settled_by": attempt.settled_by,
        "decided_by": attempt.decided_by.model_dump() if attempt.decided_by else None,
        "reason": attempt.reason,
        "stated": _stated(stated) if stated else None,
        "by": attempt.by.model_dump(),
        "begun": attempt.begun,
        "may": {
            "cancel": attempt.state is State.CREATED
            or (attempt.state in {State.SENT, State.PENDING} and Can.CANCEL in can),
            "ask": attempt.state is State.UNKNOWN and Can.TELL_STATE in can,
            "resolve": attempt.state is State.UNKNOWN,
        },
    }


def _left(asked: Money, moved: Money | None) -> str | None:
    """Return what is still to be paid of what was asked for; None where nothing was paid of it."""
    if moved is None or moved.currency != asked.currency:
        return None
    return shown(Money(asked.minor_units - moved.minor_units, asked.currency))


def _stated(stated: Stated) -> Json:
    return {
        "why": stated.why,
        "code": stated.code or None,
        "look": stated.look,
        "authorisation": stated.authorisation,
        "receipt": stated.receipt,
        "terminal_id": stated.terminal_id,
        "at": stated.at,
        "last_four": stated.card.last_four,
        "application": stated.card.application,
        "entry": stated.card.entry,
        "ticket": stated.ticket,
    }


def terminal(each: Terminal, pairing: PairedTerminal | None) -> Json:
    """Return a terminal of the settings."""
    return {
        "name": each.name,
        "kind": each.kind.slug,
        "called": each.kind.called,
        "address": each.address,
        "grade": each.kind.grade,
        "can": sorted(each.line.can),
        "paired": pairing is not None,
        "paired_by": pairing.paired_by.model_dump() if pairing else None,
        "paired_at": pairing.paired_at if pairing else None,
    }


def going_back(found: GoingBack | None) -> Json | None:
    """Return what may still go back of a payment, and how."""
    if found is None:
        return None
    return {
        "left": shown(found.left),
        "currency": found.left.currency,
        "operations": list(found.operations),
    }


def comparison(found: Comparison) -> Json:
    """Return the totals of a terminal beside the journal."""
    currency = found.totals.currency
    return {
        "at": found.at,
        "closed": found.closed,
        "first": found.totals.first,
        "last": found.totals.last,
        "currency": currency,
        "terminal": {
            "count": found.totals.count,
            "amount": shown(Money(found.totals.minor_units, currency)),
            "groups": [
                {
                    "name": each.name,
                    "count": each.count,
                    "amount": shown(Money(each.minor_units, currency)),
                }
                for each in found.totals.groups
                if each.count
            ],
        },
        "journal": {
            "count": found.count,
            "amount": shown(found.money),
            "payments": [each.id for each in found.payments],
        },
        "equal": found.equal,
    }


def orphan(each: Orphan) -> Json:
    """Return an answer that fits no payment."""
    money = each.stated.money
    return {
        "id": each.n,
        "terminal": each.terminal,
        "at": each.at,
        "payment": each.attempt,
        "misfit": each.misfit,
        "verdict": each.stated.verdict,
        "reference": each.stated.reference,
        "amount": shown(money) if money else None,
        "currency": money.currency if money else None,
    }


def of_intervention(intervention: Intervention, captures: Iterable[Saved]) -> Json | None:
    """Return what is due and what was paid, None where there is neither."""
    found = standing(
        intervention,
        (
            (each.link.agent, statement)
            for each in captures
            if isinstance(statement := each.statement, Payment)
        ),
    )
    if found.empty:
        return None
    return {
        "due": intervention.amount_due,
        "currency": intervention.currency,
        "paid": [{"amount": shown(each), "currency": each.currency} for each in found.paid.monies],
        "unknown": [each.attempt for each in found.paid.unknown],
        "difference": shown(found.difference) if found.difference else None,
    }
