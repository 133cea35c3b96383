"""The bound for the ingest: a bare paho subscriber with a bare batched SQLite insert of the same payloads.

python -m bench.bare_subscriber PORT TOPIC FILE MESSAGES
"""

import sqlite3
import sys
import threading
from collections import deque
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

BATCH = 200


def main(port: int, topic: str, file: str, messages: int) -> None:
    """Take ``messages`` messages in; acknowledge after the commit; say READY and DONE."""
    waiting: deque[MQTTMessage] = deque()
    arrived = threading.Event()
    client = Client(CallbackAPIVersion.VERSION2, "bare", protocol=MQTTv5, manual_ack=True)

    def on_message(_client: Client, _data: Any, message: MQTTMessage) -> None:
        waiting.append(message)
        arrived.set()

    def on_connect(*_: Any) -> None:
        client.subscribe(topic, 1)

    def on_subscribe(*_: Any) -> None:
        print("READY", flush=True)

    client.on_message = on_message
    client.on_connect = on_connect
    client.on_subscribe = on_subscribe
    client.connect("127.0.0.1", port)
    client.loop_start()
    store = sqlite3.connect(file, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, payload BLOB)")
    taken = 0
    while taken < messages:
        arrived.wait()
        arrived.clear()
        while waiting:
            batch = [waiting.popleft() for _ in range(min(BATCH, len(waiting)))]
            store.execute("BEGIN IMMEDIATE")
            rows = [(bytes(each.payload),) for each in batch]
            store.executemany("INSERT INTO message (payload) VALUES (?)", rows)
            store.execute("COMMIT")
            for each in batch:
                client.ack(each.mid, each.qos)
            taken += len(batch)
    print("DONE", flush=True)
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
