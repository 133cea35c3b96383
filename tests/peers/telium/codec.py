"""The codec of pyTeliumManager: reads requests, given in hexadecimal, and writes requests and answers.

Its amounts are floats; here they are text with two digits after the point.
"""

import json
import sys
from typing import Any

from telium import TeliumAsk, TeliumResponse
from telium.payment import TeliumDataException


def main() -> None:
    said = json.load(sys.stdin)
    made = {
        "read": [_read(bytes.fromhex(each)) for each in said.get("requests", [])],
        "asked": [_asked(**each).encode().encode("ascii").hex() for each in said.get("ask", [])],
        "answered": [
            _answered(**each).encode().encode("ascii").hex() for each in said.get("answer", [])
        ],
    }
    json.dump(made, sys.stdout)


def _read(frame: bytes) -> dict[str, Any]:
    try:
        request = TeliumAsk.decode(frame)
    except TeliumDataException as error:
        return {"error": type(error).__name__}
    return {
        "till": request.pos_number,
        "amount": f"{request.amount:.2f}",
        "answer": request.answer_flag,
        "mode": request.payment_mode,
        "type": request.transaction_type,
        "currency": request.currency_numeric,
        "delay": request.delay,
        "authorisation": request.authorization,
    }


def _asked(*, amount: str, kind: str, currency: str, wait: bool) -> TeliumAsk:
    return TeliumAsk.new_payment(
        float(amount),
        payment_mode=kind,
        target_currency=currency,
        wait_for_transaction_to_end=wait,
        collect_payment_source_info=False,
    )


def _answered(
    *, till: str, status: int, amount: str, card: str, currency: str, private: str
) -> TeliumResponse:
    wide = card.ljust(55) if card else ""
    return TeliumResponse(till, status, float(amount), "1", wide, currency, private)


if __name__ == "__main__":
    main()
