"""The till of Odoo's module for Caisse-AP at a terminal: one payment, what was said, and what it makes of it."""

import argparse
import json
import sys
from typing import Any

from stand_in import payment_method

ITS_OWN_MARGIN = 3.0
"""Seconds that it takes off the time it is given."""


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("address")
    words.add_argument("port", type=int)
    words.add_argument("amount", type=float, help="below nothing: money back")
    words.add_argument("--currency", default="EUR")
    words.add_argument("--mode", default="card")
    words.add_argument("--seconds", type=float, default=15.0)
    given = words.parse_args()
    json.dump(_paid(given), sys.stdout)


def _paid(given: argparse.Namespace) -> dict[str, Any]:
    said: dict[str, Any] = {"asked": None, "answered": None}

    class Till(payment_method()):
        fr_caisse_ap_ip_mode = given.mode
        fr_caisse_ap_ip_address = given.address
        fr_caisse_ap_ip_port = given.port

        def _fr_caisse_ap_ip_prepare_msg(self, msg_dict: dict[str, str]) -> str:
            said["asked"] = super()._fr_caisse_ap_ip_prepare_msg(msg_dict)
            return said["asked"]

        def _fr_caisse_ap_ip_parse_answer(self, data_str: str) -> dict[str, str]:
            said["answered"] = super()._fr_caisse_ap_ip_parse_answer(data_str)
            return said["answered"]

    order = {
        "amount": given.amount,
        "currency_id": given.currency,
        "payment_method_id": 1,
        "timeout": (given.seconds + ITS_OWN_MARGIN) * 1000,
    }
    made = Till().fr_caisse_ap_ip_send_payment(order)
    return {"status": made["payment_status"], "made": made, **said}


if __name__ == "__main__":
    main()
