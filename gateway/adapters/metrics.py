"""Counts for Prometheus, in a registry of their own."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from gateway.ports.meter import Counted

_DOCUMENTS = {
    Counted.RECEIVED: "Captures that arrived, repeats included.",
    Counted.ATTACHED: "Captures attached.",
    Counted.ABSORBED: "Repeats of captures that were held already.",
    Counted.QUARANTINED: "Captures kept, not attached.",
    Counted.FORKED: "Captures whose place another one claims too.",
    Counted.REFUSED: "Messages and captures that were not proven.",
    Counted.RECEIPTS: "Receipts sent.",
    Counted.FORGED: "Responses refused.",
    Counted.DROPPED: "Unguaranteed messages that came too fast.",
    Counted.TAKEOVERS: "Times another client took this one's name at the broker.",
    Counted.STORE_FAILURES: "Times the database did not answer.",
}


class Metrics:
    """Implements the port Meter."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._counters = {
            each: Counter(f"releve_gateway_{each}", text, registry=self._registry)
            for each, text in _DOCUMENTS.items()
        }
        self._size = Histogram(
            "releve_gateway_ingest_batch_captures",
            "Captures in one ingest transaction.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "releve_gateway_ingest_batch_seconds",
            "Seconds of one ingest transaction.",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
            registry=self._registry,
        )
        self._connected = Gauge(
            "releve_gateway_broker_connected",
            "1 while connected to the broker.",
            registry=self._registry,
        )

    def count(self, what: Counted, number: int = 1) -> None:
        if number:
            self._counters[what].inc(number)

    def batch(self, captures: int, seconds: float) -> None:
        self._size.observe(captures)
        self._seconds.observe(seconds)

    def connected(self, *, up: bool) -> None:
        self._connected.set(1 if up else 0)

    def exposition(self) -> bytes:
        """Return the text that Prometheus reads."""
        return generate_latest(self._registry)
