"""`releve payments`: look at payments, and settle the ones that nobody knows the end of."""

from typing import Annotated
from urllib.parse import quote

import typer

from agent.cli import output, payment_lines
from agent.cli.agent_session import HttpPort, signed_in
from agent.cli.paying import Technician, followed

app = typer.Typer(help="Look at payments, and settle those that nobody knows the end of.")

Id = Annotated[str, typer.Argument(help="Of a payment, ten letters and digits.")]


@app.callback(invoke_without_command=True)
def payments(
    context: typer.Context,
    *,
    technician: Annotated[
        str | None, typer.Option(help="Who asks; the PIN is asked for, or in RELEVE_PIN.")
    ] = None,
    intervention: Annotated[str | None, typer.Option(help="Of this one alone.")] = None,
    http_port: HttpPort = 7300,
    as_json: output.AsJson = False,
) -> None:
    """List payments, newest first, and the answers of terminals that fit none.

    Example: releve payments --technician amira
    """
    if context.invoked_subcommand is not None:
        if technician is not None or intervention is not None:
            output.misused("--technician and --intervention go after the name of the command")
        return
    if technician is None:
        output.misused("--technician: say who asks")
    asked = {} if intervention is None else {"intervention": intervention}
    with signed_in(technician, http_port, asked.values()) as session:
        found = session.ask("GET", "/v1/payments", params=asked)
    for each in found["unmatched"]:
        output.document(each, payment_lines.unmatched, as_json=as_json)
    for each in found["items"]:
        output.document(each, payment_lines.sentence, as_json=as_json)
    if not as_json and not found["items"]:
        output.line("no payments yet: see `releve pay --help`")


@app.command()
def show(
    payment: Id,
    *,
    technician: Technician,
    http_port: HttpPort = 7300,
    as_json: output.AsJson = False,
) -> None:
    """Say how a payment stands, and what happened to it.

    Example: releve payments show K7WQ2M9XHT --technician amira
    """
    with signed_in(technician, http_port, (payment,)) as session:
        found = session.ask("GET", f"/v1/payments/{quote(payment, safe='')}")
    output.document(found, payment_lines.sentence, as_json=as_json)
    if as_json:
        return
    for each in found["history"]:
        output.line(f"  {each['at']} {each['event']}: {each['state']}")
    if found["stated"] and found["stated"]["ticket"]:
        output.line(str(found["stated"]["ticket"]))


@app.command()
def ask(
    payment: Id,
    *,
    technician: Technician,
    http_port: HttpPort = 7300,
    as_json: output.AsJson = False,
) -> None:
    """Ask the terminal again what became of a payment, where it can tell.

    Example: releve payments ask K7WQ2M9XHT --technician amira
    """
    with signed_in(technician, http_port, (payment,)) as session:
        found = session.ask("POST", f"/v1/payments/{quote(payment, safe='')}/ask")
    output.document(found, payment_lines.sentence, as_json=as_json)


@app.command()
def cancel(
    payment: Id,
    *,
    technician: Technician,
    http_port: HttpPort = 7300,
    as_json: output.AsJson = False,
) -> None:
    """Have a payment stopped, as far as its terminal allows, and follow it to its end.

    Example: releve payments cancel K7WQ2M9XHT --technician amira
    """
    with signed_in(technician, http_port, (payment,)) as session:
        found = session.ask("POST", f"/v1/payments/{quote(payment, safe='')}/cancel")
        followed(session, found, as_json=as_json)


@app.command()
def resolve(
    payment: Id,
    *,
    paid: Annotated[
        bool,
        typer.Option(
            "--paid/--not-paid",
            help="What you saw at the terminal, or on its ticket.",
            prompt=True,
        ),
    ],
    reason: Annotated[str, typer.Option(help="What you saw.", prompt=True)],
    technician: Technician,
    http_port: HttpPort = 7300,
    as_json: output.AsJson = False,
) -> None:
    """Say what became of a payment of which nobody knows, after a look at the terminal or its ticket. It is final.

    Example: releve payments resolve K7WQ2M9XHT --paid --reason "ticket 0042" --technician amira
    """
    with signed_in(technician, http_port, (payment, reason)) as session:
        path = f"/v1/payments/{quote(payment, safe='')}/resolve"
        found = session.ask("POST", path, json={"paid": paid, "reason": reason})
    output.document(found, payment_lines.sentence, as_json=as_json)


@app.command()
def seen(
    number: Annotated[int, typer.Argument(help="Of an answer that fits no payment.", min=0)],
    *,
    technician: Technician,
    http_port: HttpPort = 7300,
) -> None:
    """Say that you looked at an answer of a terminal that fits no payment.

    Example: releve payments seen 3 --technician amira
    """
    with signed_in(technician, http_port) as session:
        session.ask("POST", f"/v1/payments/unmatched/{number}/seen")
    output.line(f"{number}: seen")


@app.command()
def terminals(
    *, technician: Technician, http_port: HttpPort = 7300, as_json: output.AsJson = False
) -> None:
    """List the terminals of the agent's settings, and whether they are paired.

    Example: releve payments terminals --technician amira
    """
    with signed_in(technician, http_port) as session:
        found = session.ask("GET", "/v1/terminals")["items"]
    for each in found:
        output.document(
            each,
            lambda one: (
                f"{one['name']}: {one['called']} at {one['address']}, "
                f"{'paired' if one['paired'] else 'not paired'}"
            ),
            as_json=as_json,
        )
    if not found and not as_json:
        output.line("the agent's settings name no terminal: see docs/how-to/take-a-payment.md")


@app.command()
def pair(
    terminal: Annotated[str, typer.Argument(help="Name of a terminal of the settings.")],
    *,
    technician: Technician,
    http_port: HttpPort = 7300,
    as_json: output.AsJson = False,
) -> None:
    """Say that a terminal is yours: only then it is ever sent an amount.

    Example: releve payments pair van --technician amira
    """
    with signed_in(technician, http_port, (terminal,)) as session:
        found = session.ask("POST", f"/v1/terminals/{quote(terminal, safe='')}/pair")
    output.document(found, lambda one: f"{one['name']}: paired", as_json=as_json)


@app.command()
def totals(
    terminal: Annotated[str, typer.Argument(help="Name of a paired terminal.")],
    *,
    close_day: Annotated[
        bool, typer.Option("--close-day", help="End the terminal's day with it.")
    ] = False,
    technician: Technician,
    http_port: HttpPort = 7300,
    as_json: output.AsJson = False,
) -> None:
    """Hold the journal against the totals of a terminal, where its protocol has them. Leaves with 1 when they differ.

    Example: releve payments totals van --close-day --technician amira
    """
    with signed_in(technician, http_port, (terminal,)) as session:
        path = f"/v1/terminals/{quote(terminal, safe='')}/totals"
        found = session.ask("POST", path, json={"close": close_day})
    if as_json:
        output.json_line(found)
    else:
        for each in payment_lines.totals(found):
            output.line(each)
    if found["equal"] is False:
        raise typer.Exit(1)
