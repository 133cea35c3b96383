"""A boiler visit from simulated instruments: two attestations, no typing but the choices, and how long that takes."""

import json
import sys
import time
from collections.abc import Callable
from importlib import resources
from typing import Any, TypeVar

import pytest

from contract.forms import shipped
from contract.forms.checklist import Check, Checklist, with_checklist
from contract.forms.form import Form
from firmware_sims.demo.technician import calibrated
from firmware_sims.testing import Office, Simulator, bench

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

FORM = "our-attestation"
ANALYSER = "testo-300:61349163"
FLUE = ("flue_temp_c", "o2_pct", "air_temp_c", "co_ppm")
NORTH, SOUTH = "north-attestation", "south-attestation"
CHOSEN: dict[str, str | bool] = {
    "distribution_checked": True,
    "regulation_checked": True,
    "sizing": "adequate",
    "gas_first": True,
    "gas_second": True,
}
CONFIRMED = ("advice_use", "advice_improvements", "advice_replacement")
"""Proposed from the last visit, and said again."""
DRAWING = {"width": 100, "height": 40, "strokes": [[[1, 2], [30, 20], [60, 5]]]}
ENDED = {"accepted", "rejected", "expired"}
Found = TypeVar("Found")


def until(holds: Callable[[], Found | None], within: float = 60.0) -> Found:
    end = time.monotonic() + within
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)
    return found


def appliance(name: str, serial: str, year: str) -> dict[str, Any]:
    """Return a boiler as the office knows it from the visit before."""
    return {
        "id": name,
        "name": f"Chaudière {name}",
        "facts": {
            "brand": "Frisquet",
            "model": "Hydroconfort",
            "serial": serial,
            "fuel": "natural_gas",
            "evacuation": "chimney",
            "commissioning_year": year,
            "nominal_power_kw": "30",
            "forced_draught_burner": False,
            "technology": "standard",
            "burner": "gas_class_3",
        },
        "last_visit": {
            "visit_date": "2025-11-20",
            "advice_use": "baisser la nuit",
            "advice_improvements": "robinets thermostatiques",
            "advice_replacement": "à étudier",
        },
    }


def intervention() -> dict[str, Any]:
    reference = {"id": FORM, "version": 1}
    return {
        "id": "visit",
        "title": "Entretien annuel",
        "starts": "2026-11-24T09:00:00+01:00",
        "company_facts": {"name": "Chauffage Sud", "contact": "04 00 00 00 00"},
        "customer_facts": {"name": "Mme Martin", "address": "3 rue Haute, Lyon"},
        "site_facts": {"address": "3 rue Haute, Lyon", "room": "cave"},
        "appliances": [appliance("north", "N-1", "2000"), appliance("south", "S-1", "1995")],
        "reports": [
            {"id": NORTH, "appliance": "north", "form": reference},
            {"id": SOUTH, "appliance": "south", "form": reference},
        ],
    }


def attestation(window: int) -> dict[str, Any]:
    """Return the form that is shipped, with the checks that an owner of NF X50-010 would put into it."""
    text = (resources.files(shipped) / "boiler-attestation.json").read_text("utf-8")
    checks = tuple(Check(name=f"gas_{each}", fr=each, en=each) for each in ("first", "second"))
    listed = Checklist(standard="NF X50-010", check=checks)
    made = with_checklist(Form.model_validate_json(text), listed, FORM)
    said = json.loads(made.to_json())
    said["schema"]["properties"]["ambient_co_ppm"]["x-measure"]["capture"]["window"] = window
    return said


class Visit:
    """A technician with an analyser on the flue and another instrument in the room."""

    def __init__(self, office: Office, flue: Simulator, room: Simulator) -> None:
        self.agent, self.gateway = office.agent, office.gateway
        self.flue, self.room = flue, room
        self.instruments: dict[str, str] = {}

    def plan(self, window: int) -> None:
        self.gateway.post("/v1/forms", attestation(window))
        self.gateway.post("/v1/interventions", intervention())
        self.gateway.post("/v1/interventions/visit/assign", {"agent": "van"})
        until(lambda: len(self.reports()) == 2 or None)

    def pair(self) -> None:
        for simulator in (self.flue, self.room):
            found = until(lambda slug=simulator.slug: self.near(slug))
            self.agent.post(
                f"/v1/instruments/{found['id']}/pair", calibrated(None, f"C-{simulator.slug}")
            )
            self.instruments[simulator.slug] = until(
                lambda slug=simulator.slug: self.speaking(slug)
            )["id"]

    def near(self, slug: str) -> dict[str, Any] | None:
        items = self.agent.get("/v1/instruments")["items"]
        return next((each for each in items if each["slug"] == slug), None)

    def speaking(self, slug: str) -> dict[str, Any] | None:
        found = self.near(slug)
        return found if found and found["serial"] and found["readings"] else None

    def reports(self) -> dict[str, dict[str, Any]]:
        items = self.agent.get("/v1/interventions")["items"]
        return {each["id"]: each for item in items for each in item["reports"]}

    def values(self, report: str) -> dict[str, Any]:
        return {each["name"]: each["value"] for each in self.reports()[report]["fields"]}

    def ask(self, report: str, slug: str, *fields: str) -> str:
        chosen = dict.fromkeys(fields, self.instruments[slug])
        asked = {
            "intervention": "visit",
            "report": report,
            "fields": list(fields),
            "instruments": chosen,
        }
        return str(self.agent.post("/v1/captures", asked)["id"])

    def ended(self, *requests: str) -> None:
        for each in requests:
            found = until(lambda request=each: self.over(request))
            assert "accepted" == found["state"], found

    def over(self, request: str) -> dict[str, Any] | None:
        found = self.agent.get(f"/v1/captures/{request}")
        return found if found["state"] in ENDED else None

    def choose(self, report: str) -> None:
        proposed = {
            each["name"]: each["proposed"]
            for each in self.reports()[report]["fields"]
            if each["proposed"] is not None
        }
        for name, value in {**CHOSEN, **proposed}.items():
            path = f"/v1/interventions/visit/reports/{report}/fields/{name}"
            self.agent.put(path, {"value": value})

    def sign(self, report: str) -> None:
        self.agent.post(
            "/v1/signatures",
            {
                "intervention": "visit",
                "report": report,
                "signatory": "technician",
                "name": "Test Technician",
                "drawing": DRAWING,
                "shown": self.reports()[report]["digest"],
            },
        )


@pytest.fixture(params=[3, pytest.param(30, marks=pytest.mark.slow)])
def visit(tmp_path, request):
    """A visit; the room is measured over so many seconds, 30 as the law says."""
    with bench(tmp_path) as releve:
        [flue] = releve.air(ANALYSER).values()
        room = releve.simulator("testo-330-2-ll")
        visit = Visit(releve.office(flue, room), flue, room)
        visit.plan(request.param)
        visit.pair()
        yield visit


def test_two_boilers_are_attested_with_no_typing_but_the_choices(
    visit: Visit, record_property, capsys
):
    for report, o2, co in ((NORTH, "5.2", "3"), (SOUTH, "9.7", "12")):
        visit.choose(report)
        visit.flue.set(hold=True, oxygen=o2)
        visit.room.set(hold=True, carbon_monoxide_ambient=co)
        until(lambda o2=o2: visit.flue.displayed()["oxygen"] == o2 or None)
        until(lambda co=co: visit.room.displayed()["carbon_monoxide_ambient"] == co or None)
        time.sleep(1.5)  # what was on its way before is heard
        asked = [
            visit.ask(report, visit.flue.slug, *FLUE),
            visit.ask(report, visit.flue.slug, "draught_pa"),
            visit.ask(report, visit.room.slug, "ambient_co_ppm"),
        ]
        visit.ended(*asked)
        began = time.monotonic()
        until(lambda report=report: visit.reports()[report]["missing"] == [] or None)
        visit.sign(report)
        until(lambda report=report: visit.reports()[report]["unsigned"] == [] or None)
        took = time.monotonic() - began
        record_property(f"seconds from the last reading to a complete {report}", round(took, 2))
        with capsys.disabled():
            sys.stdout.write(
                f"\n{report}: complete and signed {took:.2f} s after its last reading\n"
            )

    north, south = visit.values(NORTH), visit.values(SOUTH)
    assert ("5.2", "9.7") == (north["o2_pct"], south["o2_pct"])
    assert ("3", "12") == (north["ambient_co_ppm"], south["ambient_co_ppm"])
    assert ("normal", "anomaly") == (north["ambient_co_class"], south["ambient_co_class"])
    assert ("N-1", "S-1") == (north["boiler_serial"], south["boiler_serial"])
    assert ("Mme Martin", "2025-11-20") == (north["client_name"], north["last_maintenance"])
    told = {each["name"]: each for each in visit.reports()[NORTH]["fields"]}
    assert visit.instruments[visit.room.slug] == told["ambient_co_ppm"]["instrument"]
    assert visit.instruments[visit.flue.slug] == told["o2_pct"]["instrument"]
    typed = [name for name, each in told.items() if each["at"] and each["instrument"] is None]
    assert sorted([*CHOSEN, *CONFIRMED]) == sorted(typed)

    office = until(lambda: arrived(visit, NORTH))
    assert north["evaluated_efficiency_pct"] == office["evaluated_efficiency_pct"]


def arrived(visit: Visit, report: str) -> dict[str, Any] | None:
    found = visit.gateway.get(f"/v1/interventions/visit/reports/{report}")
    complete = found["unsigned"] == [] and found["counts"]["required_missing"] == 0
    return {each["name"]: each["value"] for each in found["fields"]} if complete else None
