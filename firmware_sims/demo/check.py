"""Once through, headless: each step is named, and holds or does not."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from firmware_sims.demo.children import GOES_DOWN_WITHIN, ChildError
from firmware_sims.demo.comparison import compared, readings_in
from firmware_sims.demo.http import MissedError, RefusedError, waited
from firmware_sims.demo.outcome import Outcome, Step
from firmware_sims.demo.stage import (
    BOILERS,
    BUILDING,
    CIRCUIT,
    COLD_ROOM,
    STRANGER,
    T115I,
    T549I,
    TESTO_300,
    Stage,
)
from firmware_sims.demo.technician import Technician, calibrated

COMBUSTION = ("o2", "co", "co2", "flue_temperature", "air_temperature", "draught")
BOILER_SETTINGS = (
    {"oxygen": "5.2", "carbon_monoxide": "23", "flue_gas_temperature": "118.4", "draught": "-8.1"},
    {"oxygen": "9.7", "carbon_monoxide": "71", "flue_gas_temperature": "164.9", "draught": "-3.4"},
)
SUCTION_PASCAL = "482000"
BARCODE = "3666123456789"
ARRIVES_WITHIN = 10.0
DRAINS_WITHIN = 15.0
ALL_FIELDS = 15


Progress = Callable[[Step], None]


class Check:
    """The scenario. A step that does not hold ends it: those after it would say nothing."""

    def __init__(self, stage: Stage, progress: Progress) -> None:
        self._stage = stage
        self._progress = progress
        self._displayed: dict[str, dict[str, dict[str, str]]] = {}
        """What the instrument displayed when a report's fields were captured, by report and quantity."""
        self._technician: Technician
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Go once through."""
        began = time.monotonic()
        steps: tuple[tuple[str, Callable[[], str]], ...] = (
            ("an assignment made while the agent was off arrives when it starts", self._assigned),
            ("instruments are paired", self._paired),
            ("an un-zeroed probe is refused", self._unzeroed),
            ("an instrument that is not paired is refused", self._stranger),
            ("a scanned code fills a field", self._scanned),
            ("captures are kept while the broker is down", self._broker_down),
            ("what was kept is delivered when the broker is back", self._broker_back),
            ("both boilers are measured and never crossed", self._never_crossed),
            ("a message delivered twice is absorbed", self._twice),
            (
                "the closing capture overtakes an earlier one, and completes nothing",
                self._overtaken,
            ),
            ("the intervention completes when all have arrived", self._completed),
            ("every field holds what the instrument displayed", self._as_displayed),
        )
        for name, step in steps:
            try:
                self._note(Step(name, held=True, seen=step()))
            except (MissedError, RefusedError, ChildError) as error:
                self._note(Step(name, held=False, seen=str(error)))
                break
        # A process that is going down answers no more before it has ended.
        within = 0.0 if self.outcome.held else GOES_DOWN_WITHIN
        if (ended := self._stage.ended(within)) is not None:
            self._note(Step("no process ends by itself", held=False, seen=ended))
        self.outcome.seconds = round(time.monotonic() - began, 1)
        return self.outcome

    def _note(self, step: Step) -> None:
        self.outcome.steps.append(step)
        self._progress(step)

    def _assigned(self) -> str:
        self._stage.start_agent()
        self._technician = Technician(self._stage.agent, self._stage.pin)

        def look() -> list[str] | None:
            here = self._technician.interventions()
            complete = [
                each["id"]
                for each in here
                if len(each["reports"]) == len(each["expected_reports"])
            ]
            return complete if len(complete) == 2 else None

        return ", ".join(waited("two interventions with their forms", look, ARRIVES_WITHIN))

    def _paired(self) -> str:
        roles = ((TESTO_300, None), (T549I, "suction"), (T115I, "suction line"))
        for instrument, role in roles:
            told = calibrated(role, f"DEMO-{_serial(instrument)}")
            self._technician.pair(_serial(instrument), told)
        for instrument, _ in roles:
            self._technician.speaks(_serial(instrument))
        return ", ".join(_serial(each) for each, _ in roles)

    def _unzeroed(self) -> str:
        reason = self._technician.refused(COLD_ROOM, f"{CIRCUIT}-readings", "suction_pressure")
        if "zero" not in reason:
            raise MissedError(f"refused for another reason: {reason}")
        self._technician.zero(_serial(T549I))
        return reason

    def _stranger(self) -> str:
        stranger = self._technician.instrument(_serial(STRANGER))
        reason = self._technician.refused(
            COLD_ROOM, f"{CIRCUIT}-readings", "suction_pressure", stranger["id"]
        )
        if "not paired" not in reason or stranger["paired"]:
            raise MissedError(f"refused for another reason: {reason}")
        return reason

    def _scanned(self) -> str:
        scanner = self._technician.instrument("scanner-line.")
        self._technician.pair(scanner["id"], {})
        serial = self._stage.scanner.get("/v1/instruments")["instruments"][0]["serial"]
        self._stage.scanner.post(
            f"/v1/instruments/{serial}/acts", {"act": "scan", "text": BARCODE}
        )
        self._technician.attach_scan(
            BARCODE, BUILDING, f"{BOILERS[0]}-combustion", "boiler_serial"
        )
        return BARCODE

    def _broker_down(self) -> str:
        self._technician.step(BUILDING, "start")
        self._stage.broker.cut()
        for boiler, setting in zip(BOILERS, BOILER_SETTINGS, strict=True):
            self._show(TESTO_300, setting)
            self._measure(BUILDING, f"{boiler}-combustion", COMBUSTION, TESTO_300)
        self._show(T549I, {"differential_pressure": SUCTION_PASCAL})
        self._measure(COLD_ROOM, f"{CIRCUIT}-readings", ("suction_pressure",), T549I)
        depth = self._technician.outbox()["depth"]
        self.outcome.counts["outbox_while_down"] = depth
        if depth < 3:
            raise MissedError(f"the outbox holds {depth}, and should hold at least 3")
        return f"{depth} in the outbox"

    def _broker_back(self) -> str:
        self._stage.broker.start()
        began = time.monotonic()
        waited("an empty outbox", lambda: self._technician.outbox()["depth"] == 0, DRAINS_WITHIN)
        self.outcome.counts["outbox_after"] = self._technician.outbox()["depth"]
        return f"empty after {time.monotonic() - began:.1f} s"

    def _never_crossed(self) -> str:
        shown: list[str] = []
        for boiler, setting in zip(BOILERS, BOILER_SETTINGS, strict=True):
            values = self._values(BUILDING, f"{boiler}-combustion")
            for name, quantity in (("o2", "oxygen"), ("co", "carbon_monoxide")):
                if Decimal(values[name]["value"]) != Decimal(setting[quantity]):
                    raise MissedError(f"{boiler}: {name} is {values[name]['value']}")
            shown.append(f"{boiler} O2 {values['o2']['value']} CO {values['co']['value']}")
        return "; ".join(shown)

    def _twice(self) -> str:
        before = self._counted("absorbed")
        self._wire({"duplicate_next": True, "topic": "/captures"})
        self._show(T115I, {"line_temperature": "6.4"})
        self._measure(COLD_ROOM, f"{CIRCUIT}-readings", ("suction_temperature",), T115I)
        absorbed = waited("the repeat", lambda: self._counted("absorbed") - before, ARRIVES_WITHIN)
        self.outcome.counts["absorbed"] = absorbed
        if absorbed != 1:
            raise MissedError(f"{absorbed} were absorbed, and should have been 1")
        return "absorbed = 1"

    def _overtaken(self) -> str:
        self._drained()
        self._wire({"hold_next": True, "topic": "/captures"})
        self._technician.note(BUILDING, "Siphon nettoyé.")
        wire = self._stage.wire
        waited(
            "the note on the wire",
            lambda: wire and wire.get("/v1/wire")["held"] == 1,
            ARRIVES_WITHIN,
        )
        self._technician.step(BUILDING, "close")
        waited(
            "the closing capture", lambda: self._stage_of(BUILDING) == "closing", ARRIVES_WITHIN
        )
        return f"{BUILDING} is closing"

    def _completed(self) -> str:
        self._wire({"release": True})
        waited("completion", lambda: self._stage_of(BUILDING) == "completed", ARRIVES_WITHIN)
        self._technician.step(COLD_ROOM, "close")
        waited("completion", lambda: self._stage_of(COLD_ROOM) == "completed", ARRIVES_WITHIN)
        self._drained()
        return f"{BUILDING} and {COLD_ROOM} are completed"

    def _as_displayed(self) -> str:
        compared = [
            field
            for intervention in (BUILDING, COLD_ROOM)
            for field in self._compared(intervention)
        ]
        self.outcome.fields = compared
        wrong = [each for each in compared if not each["equal"]]
        self.outcome.counts["captures"] = self._counted("attached")
        self.outcome.counts["quarantined"] = self._counted("quarantined")
        self.outcome.counts["fields"] = len(compared)
        if wrong or len(compared) < ALL_FIELDS:
            raise MissedError(f"{len(wrong)} differ of {len(compared)} fields")
        return f"{len(compared)} fields"

    def _compared(self, intervention: str) -> Iterator[dict[str, Any]]:
        captures = self._stage.gateway.get(f"/v1/interventions/{intervention}/captures")["items"]
        readings = readings_in(captures)
        for report in self._reports(intervention):
            displayed = self._displayed.get(report, {})
            for name, value in self._values(intervention, report).items():
                if value["state"] != "empty":
                    shown = compared(value, readings.get((report, name)), displayed, BARCODE)
                    yield {"intervention": intervention, "report": report, "field": name, **shown}

    def _show(self, instrument: str, setting: dict[str, str]) -> None:
        """Have an instrument display values and hold them, and wait until the agent sees them."""
        serial = _serial(instrument)
        self._stage.air.patch(f"/v1/instruments/{serial}", {"set": setting, "hold": True})
        displayed = self._display(serial)

        def look() -> bool:
            live = {
                each["quantity"]: each for each in self._technician.instrument(serial)["readings"]
            }
            return all(
                name in live and live[name]["value"] == displayed[name]["value"]
                for name in setting
            )

        waited(f"the values of {serial} at the agent", look, ARRIVES_WITHIN)

    def _display(self, serial: str) -> dict[str, dict[str, str]]:
        shown = self._stage.air.get(f"/v1/instruments/{serial}")
        displayed: dict[str, dict[str, str]] = shown["displayed"]
        return displayed

    def _measure(
        self, intervention: str, report: str, fields: tuple[str, ...], instrument: str
    ) -> None:
        self._technician.capture(intervention, report, fields)
        self._displayed.setdefault(report, {}).update(self._display(_serial(instrument)))

    def _values(self, intervention: str, report: str) -> dict[str, dict[str, Any]]:
        path = f"/v1/interventions/{intervention}/reports/{report}"
        fields: list[dict[str, Any]] = self._stage.gateway.get(path)["fields"]
        return {each["name"]: each for each in fields}

    def _reports(self, intervention: str) -> list[str]:
        job = self._stage.gateway.get(f"/v1/interventions/{intervention}")
        return [each["id"] for each in job["intervention"]["reports"]]

    def _stage_of(self, intervention: str) -> str:
        job = self._stage.gateway.get(f"/v1/interventions/{intervention}")
        return str(job["stage"])

    def _drained(self) -> None:
        waited("an empty outbox", lambda: self._technician.outbox()["depth"] == 0, DRAINS_WITHIN)

    def _wire(self, order: dict[str, bool | str]) -> None:
        if self._stage.wire is None:
            raise MissedError("there is no wire to break")
        self._stage.wire.post("/v1/wire", order)

    def _counted(self, name: str) -> int:
        """Return one of the gateway's counters."""
        for line in self._stage.gateway.text("/metrics").splitlines():
            if line.startswith(f"releve_gateway_{name}_total "):
                return int(float(line.rsplit(" ", 1)[1]))
        return 0


def _serial(instrument: str) -> str:
    return instrument.split(":")[1]
