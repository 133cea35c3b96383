"""Publish prepared messages as fast as the broker takes them.

python -m bench.publisher PORT TOPIC FILE   (one message a line)
"""

import sys
from pathlib import Path

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

WINDOW = 100


def main(port: int, topic: str, file: str) -> None:
    """Publish at QoS 1, a hundred at a time on their way."""
    messages = Path(file).read_bytes().splitlines()
    client = Client(CallbackAPIVersion.VERSION2, "publisher", protocol=MQTTv5)
    client.max_inflight_messages_set(WINDOW)
    client.max_queued_messages_set(0)
    client.connect("127.0.0.1", port)
    client.loop_start()
    last = None
    for message in messages:
        last = client.publish(topic, message, qos=1)
    if last is not None:
        last.wait_for_publish(300)
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
