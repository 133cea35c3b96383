"""What the routes give of a capture request."""

from agent.api.models import Json, saved
from agent.api.reasons import said
from agent.usecases.capturing import Ticket
from contract import number
from contract.reading import Reading


def _last(reading: Reading | None) -> Json | None:
    """Return the latest reading, for people who watch; None before there is one."""
    if reading is None:
        return None
    return {
        "value": None if reading.value is None else number.write(reading.value),
        "unit": reading.unit,
        "status": reading.status,
    }


def ticket(ticket: Ticket, language: str) -> Json:
    """Return how far a request is."""
    return {
        "id": ticket.id,
        "state": ticket.state,
        "reason": said(ticket.reason, language),
        "fields": {
            name: {
                "instrument": each.pairing.instrument,
                "vendor": each.pairing.vendor,
                "model": each.pairing.model,
                "serial": each.pairing.serial or each.pairing.stated_serial,
                "state": each.state,
                "reason": said(each.reason, language),
                "spread": None
                if each.sampler.spread is None
                else number.write(each.sampler.spread),
                "value": None
                if each.sampled is None or each.sampled.reading.value is None
                else number.write(each.sampled.reading.value),
                "unit": each.sampled.reading.unit if each.sampled else None,
                "status": each.sampled.reading.status if each.sampled else None,
                "last": _last(each.sampler.last),
            }
            for name, each in ticket.fields.items()
        },
        "captures": [saved(each) for each in ticket.saved],
    }
