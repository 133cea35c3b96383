"""What the technician of the demonstration does, through the agent's API."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from firmware_sims.demo.http import Api, MissedError, RefusedError, waited
from firmware_sims.demo.stage import TECHNICIAN

ENDED = {"accepted", "rejected", "expired"}
NEAR_WITHIN = 15.0
CAPTURED_WITHIN = 30.0


def calibrated(role: str | None, certificate: str) -> dict[str, str | None]:
    """Return what is stated at pairing of an instrument that was calibrated four months ago, for a year."""
    today = datetime.now(UTC).astimezone().date()
    return {
        "role": role,
        "calibrated_on": (today - timedelta(days=120)).isoformat(),
        "calibration_due": (today + timedelta(days=245)).isoformat(),
        "certificate": certificate,
    }


class Technician:
    """Signed in, with instruments at hand."""

    def __init__(self, agent: Api, pin: str) -> None:
        self._agent = agent
        session = agent.post("/v1/session", {"technician": TECHNICIAN[0], "pin": pin})
        agent.sign(session["token"])

    def interventions(self) -> list[dict[str, Any]]:
        """Return what is assigned here."""
        items: list[dict[str, Any]] = self._agent.get("/v1/interventions")["items"]
        return items

    def instrument(self, in_id: str) -> dict[str, Any]:
        """Return an instrument by a part of its id, waiting until it shows itself; raises MissedError."""

        def look() -> dict[str, Any] | None:
            items: list[dict[str, Any]] = self._agent.get("/v1/instruments")["items"]
            return next((each for each in items if in_id in each["id"]), None)

        return waited(f"instrument …{in_id}", look, NEAR_WITHIN)

    def pair(self, in_id: str, told: dict[str, str | None]) -> dict[str, Any]:
        """Pair an instrument, with what a person states of it, and wait until it is connected."""
        instrument = self.instrument(in_id)
        self._agent.post(f"/v1/instruments/{instrument['id']}/pair", told)

        def look() -> dict[str, Any] | None:
            now = self.instrument(in_id)
            return now if now["connected"] else None

        return waited(f"connection with …{in_id}", look, NEAR_WITHIN)

    def speaks(self, in_id: str) -> None:
        """Wait until an instrument has stated a value."""

        def look() -> bool | None:
            return any(each["value"] is not None for each in self.instrument(in_id)["readings"])

        waited(f"a value from …{in_id}", look, NEAR_WITHIN)

    def zero(self, in_id: str) -> None:
        """Have a probe zeroed."""
        instrument = self.instrument(in_id)["id"]
        self._agent.post(f"/v1/instruments/{instrument}/acts", {"act": "zero"})

    def capture(
        self,
        intervention: str,
        report: str,
        fields: Iterable[str],
        instruments: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Have fields filled; raises RefusedError, or MissedError when the request did not end as accepted."""
        request = self._agent.post(
            "/v1/captures",
            {
                "intervention": intervention,
                "report": report,
                "fields": list(fields),
                "instruments": instruments or {},
            },
        )

        def look() -> dict[str, Any] | None:
            now: dict[str, Any] = self._agent.get(f"/v1/captures/{request['id']}")
            return now if now["state"] in ENDED else None

        ended = waited(f"capture for {report}", look, CAPTURED_WITHIN)
        if ended["state"] != "accepted":
            raise MissedError(f"capture for {report}: {ended['state']}, {ended['reason']}")
        return ended

    def refused(
        self, intervention: str, report: str, field: str, instrument: str | None = None
    ) -> str:
        """Return why a capture is refused; raises MissedError when it is not."""
        chosen = {field: instrument} if instrument else {}
        try:
            self.capture(intervention, report, [field], chosen)
        except RefusedError as refusal:
            return str(refusal)
        raise MissedError(f"{field} was captured, and should have been refused")

    def step(self, intervention: str, action: str) -> None:
        """Start, suspend, resume or close."""
        self._agent.post(f"/v1/interventions/{intervention}/{action}", {})

    def note(self, intervention: str, text: str) -> None:
        """Write a note."""
        self._agent.post(f"/v1/interventions/{intervention}/notes", {"text": text})

    def attach_scan(self, text: str, intervention: str, report: str, field: str) -> None:
        """Put a scanned code into a field, once it has been read."""

        def look() -> dict[str, Any] | None:
            items: list[dict[str, Any]] = self._agent.get("/v1/scans")["items"]
            return next((each for each in items if each["text"] == text), None)

        scan = waited(f"the code {text}", look, NEAR_WITHIN)
        self._agent.post(
            f"/v1/scans/{scan['id']}/attach",
            {"intervention": intervention, "report": report, "field": field},
        )

    def outbox(self) -> dict[str, Any]:
        """Return how much waits to be sent."""
        now: dict[str, Any] = self._agent.get("/v1/outbox")
        return now
