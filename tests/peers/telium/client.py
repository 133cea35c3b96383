"""The till of pyTeliumManager at a terminal: one payment, and what it makes of the answer."""

import argparse
import json
import sys
from typing import Any

from telium import Telium, TeliumAsk
from telium.payment import TeliumDataException


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("port")
    words.add_argument("amount", type=float)
    words.add_argument("--currency", default="EUR")
    words.add_argument("--kind", default="debit")
    words.add_argument("--card", action="store_true", help="ask for the answer with a card number")
    words.add_argument("--at-once", action="store_true", help="do not wait for the result")
    words.add_argument(
        "--look-first", action="store_true", help="ask whether the terminal is there"
    )
    json.dump(_paid(words.parse_args()), sys.stdout)


def _paid(given: argparse.Namespace) -> dict[str, Any]:
    till = Telium(given.port)
    request = TeliumAsk.new_payment(
        given.amount,
        payment_mode=given.kind,
        target_currency=given.currency,
        wait_for_transaction_to_end=not given.at_once,
        collect_payment_source_info=given.card,
    )
    there = till.is_ok() if given.look_first else None
    try:
        taken = till.ask(request)
        answer = till.verify(request, waiting_timeout=15) if taken else None
    except (OSError, TeliumDataException) as error:
        return {"error": type(error).__name__}
    finally:
        till.close()
    if answer is None:
        return {"there": there, "taken": taken}
    return {
        "there": there,
        "taken": taken,
        "paid": answer.has_succeeded,
        "amount": f"{answer.amount:.2f}",
        "currency": answer.currency_numeric,
        "till": answer.pos_number,
        "card": answer.repport.strip(),
    }


if __name__ == "__main__":
    main()
