"""`releve pay`: have a paired terminal take a payment, or give money back, and follow it to its end."""

import time
import uuid
from typing import Annotated, Any
from urllib.parse import quote

import typer

from agent.cli import output
from agent.cli.agent_session import HttpPort, Session, signed_in
from agent.cli.payment_lines import DECLINED, UNKNOWN, sentence, state_of

LOOK_EVERY = 0.3

Technician = Annotated[str, typer.Option(help="Who asks; the PIN is asked for, or in RELEVE_PIN.")]


def pay(
    *,
    terminal: Annotated[str, typer.Option(help="Name of a paired terminal.")],
    amount: Annotated[str, typer.Option(help="As in 125.00.")],
    intervention: Annotated[str, typer.Option(help="What is paid.")],
    technician: Technician,
    currency: Annotated[str, typer.Option(help="Three letters of ISO 4217.")] = "EUR",
    refund_of: Annotated[
        str | None, typer.Option(help="Give the amount back, of this payment.")
    ] = None,
    reversal_of: Annotated[str | None, typer.Option(help="Undo this payment, whole.")] = None,
    key: Annotated[
        str | None,
        typer.Option(
            help="The same key is the same payment: for a command that may be run again.",
            show_default="a new one",
        ),
    ] = None,
    http_port: HttpPort = 7300,
    as_json: output.AsJson = False,
) -> None:
    """Have a terminal take a payment, once, and say how it stands until it is settled. Leaves with 3 when nobody knows.

    Example: releve pay --terminal van --amount 125.00 --intervention i-1 --technician amira
    """
    if refund_of is not None and reversal_of is not None:
        output.misused("--refund-of and --reversal-of: give one of them")
    wanted: dict[str, object] = {
        "terminal": terminal,
        "amount": amount,
        "currency": currency,
        "intervention": intervention,
    }
    if refund_of is not None:
        wanted |= {"operation": "refund", "of": refund_of}
    if reversal_of is not None:
        wanted |= {"operation": "reversal", "of": reversal_of}
    used = key or uuid.uuid4().hex
    texts = (*(str(each) for each in wanted.values()), used)
    with signed_in(technician, http_port, texts) as session:
        begun = session.ask("POST", "/v1/payments", json=wanted, headers={"Idempotency-Key": used})
        ended = followed(session, begun, as_json=as_json)
    _leave(ended)


def followed(session: Session, payment: dict[str, Any], *, as_json: bool) -> dict[str, Any]:
    """Print a payment each time that it moves, until it is settled, or nobody knows; return it as it stands then."""
    told: tuple[object, ...] | None = None
    while True:
        now = (payment["state"], payment["shown"])
        if now != told:
            told = now
            output.document(payment, sentence, as_json=as_json)
        if payment["settled"] or payment["state"] == UNKNOWN:
            return payment
        time.sleep(LOOK_EVERY)
        payment = session.ask("GET", f"/v1/payments/{quote(str(payment['id']), safe='')}")


def _leave(payment: dict[str, Any]) -> None:
    if payment["state"] == UNKNOWN:
        output.warn(
            "do not take it again: look at the terminal, then say what you saw with "
            f"`releve payments resolve {payment['id']}`"
        )
        raise typer.Exit(3)
    if state_of(payment) in DECLINED:
        raise typer.Exit(1)
