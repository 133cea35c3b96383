"""A broker that keeps what it is given."""

from dataclasses import dataclass, field

from agent.ports import NotConnectedError
from contract.wire.event import CapturesEvent


@dataclass
class FakeUplink:
    connected: bool = True
    published: list[tuple[str, bytes, bool]] = field(default_factory=list)

    def publish(self, topic, payload, *, retain=False, qos=1, expiry=None) -> None:
        if not self.connected:
            raise NotConnectedError("cut")
        self.published.append((topic, payload, retain))

    def captures(self) -> list[CapturesEvent]:
        return [
            CapturesEvent.model_validate_json(payload)
            for topic, payload, _ in self.published
            if topic.endswith("/captures")
        ]
