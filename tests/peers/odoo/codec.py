"""The codec of Odoo's module for Caisse-AP: reads messages into fields, and writes requests of amounts."""

import json
import sys

from stand_in import payment_method


def main() -> None:
    said = json.load(sys.stdin)
    till = payment_method()()
    till.fr_caisse_ap_ip_mode = "card"
    asked = [
        till._fr_caisse_ap_ip_prepare_message({"amount": amount, "currency_id": currency})
        for amount, currency in said.get("ask", [])
    ]
    made = {
        "read": [till._fr_caisse_ap_ip_parse_answer(each) for each in said.get("messages", [])],
        "asked": [till._fr_caisse_ap_ip_prepare_msg(each) for each in asked],
    }
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
