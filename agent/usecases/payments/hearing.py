"""What a terminal does, as an attempt understands it."""

from agent.usecases.payments.events import (
    Answer,
    Event,
    NothingSent,
    Sending,
    TicketCame,
    Unclear,
    WasPromised,
    WasSent,
    WasTaken,
)
from drivers.payment.dialogue import (
    AboutToSend,
    Answered,
    Doubted,
    NotSent,
    PaymentEvent,
    Printed,
    Promised,
    Sent,
    TakenOn,
)


def event_of(event: PaymentEvent, *, asked: bool, partial: bool) -> Event | None:
    """Return what an event of a terminal is to an attempt, None when it is nothing to it.

    ``asked``: the terminal was only asked what became of it; ``partial``: less than was asked for may be paid.
    """
    found: Event | None = None
    match event:
        case AboutToSend(mark=mark):
            found = Sending(mark)
        case Sent() if not asked:
            found = WasSent()
        case TakenOn(handle=handle):
            found = WasTaken(handle)
        case Promised(stated=stated):
            found = WasPromised(stated)
        case Answered(stated=stated, misfit=misfit):
            found = Answer(stated, misfit, partial, asked)
        case Printed(ticket=ticket):
            found = TicketCame(ticket)
        case Doubted(doubt=doubt):
            found = Unclear(doubt)
        case NotSent(why=why):
            found = NothingSent(why)
        case _:
            pass
    return found
