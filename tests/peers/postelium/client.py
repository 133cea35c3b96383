"""The till of pypostelium at a terminal: one payment, with every byte that it wrote and read."""

import argparse
import json
import sys

import pypostelium.pypostelium as theirs
from serial import Serial

written: list[str] = []
read: list[str] = []


class Overheard(Serial):
    """A serial line that keeps what goes over it."""

    def write(self, data: bytes) -> int | None:
        written.append(data.hex())
        return super().write(data)

    def read(self, size: int = 1) -> bytes:
        data = super().read(size)
        read.append(data.hex())
        return data


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("port")
    words.add_argument("amount", type=float)
    words.add_argument("--currency", default="EUR")
    words.add_argument("--mode", default="card")
    words.add_argument("--again", default="0", help="how often a busy terminal is tried again")
    given = words.parse_args()
    theirs.Serial = Overheard
    till = theirs.Driver(
        {
            "telium_terminal_device_name": given.port,
            "telium_terminal_retry_count": given.again,
        }
    )
    order = {
        "amount": given.amount,
        "payment_mode": given.mode,
        "currency_iso": given.currency,
    }
    taken = till.transaction_start(json.dumps(order))
    json.dump({"taken": taken, "written": written, "read": read}, sys.stdout)


if __name__ == "__main__":
    main()
