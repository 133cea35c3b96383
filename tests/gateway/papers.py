"""A report with a bit of everything, for the tests of paper and of the page that verifies it."""

import json
from typing import Any

import httpx

from contract.forms.form import Form
from contract.wire.event import SignedCapture
from contract.wire.intervention import Intervention
from tests.gateway.edge import INSTRUMENT, Edge
from tests.gateway.world import World


def label(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


FORM = {
    "id": "service",
    "version": 3,
    "title": label("Rapport de combustion", "Combustion report"),
    "schema": {
        "type": "object",
        "required": ["o2", "fuel"],
        "properties": {
            "fuel": {
                "type": "string",
                "enum": ["gas", "oil"],
                "x-choices": {
                    "gas": label("gaz naturel", "natural gas"),
                    "oil": label("fioul", "oil"),
                },
                "x-label": label("Combustible", "Fuel"),
            },
            "o2": {
                "type": "number",
                "x-label": label("Oxygène", "Oxygen"),
                "x-measure": {
                    "quantity": "oxygen",
                    "unit": "%",
                    "round": 1,
                    "limits": {"warn": {"maximum": "6"}},
                },
            },
            "pressure": {
                "type": "number",
                "x-label": label("Pression atmosphérique", "Barometric pressure"),
                "x-measure": {
                    "quantity": "absolute_pressure",
                    "unit": "Pa",
                    "round": 0,
                    "limits": {"reject": {"maximum": "110000"}},
                },
            },
            "flue": {
                "type": "number",
                "x-label": label("Température des fumées", "Flue gas temperature"),
                "x-measure": {"quantity": "flue_gas_temperature", "unit": "Cel", "round": 1},
            },
            "ratio": {
                "type": "number",
                "x-label": label("Facteur d’air", "Excess air ratio"),
                "x-compute": {
                    "formula": "excess_air_ratio",
                    "constants": "testo-330",
                    "inputs": {"oxygen": "o2"},
                    "round": 2,
                },
            },
            "aired": {"type": "boolean", "x-label": label("Local aéré", "Room aired")},
            "remark": {"type": "string", "x-label": label("Remarque", "Remark")},
            "empty": {"type": "string", "x-label": label("Observation", "Observation")},
        },
    },
}
JOB = {
    "id": "job-1",
    "title": "Entretien annuel",
    "customer": "Mme Martin",
    "address": "12 rue des Tilleuls, 69003 Lyon",
    "appliances": [{"id": "boiler-1", "name": "Chaudière du sous-sol"}],
    "reports": [{"id": "r1", "appliance": "boiler-1", "form": {"id": "service", "version": 3}}],
}
PDF = "/v1/interventions/job-1/reports/r1.pdf"


def reading(field: str, quantity: str, value: str, unit: str, **more: Any) -> dict[str, Any]:
    said = {"field": field, "quantity": quantity, "value": value, "unit": unit, "status": "ok"}
    return {**said, **more}


def captures(agent: Edge, **texts: Any) -> list[SignedCapture]:
    """Return the captures of a whole report."""
    certified = {**INSTRUMENT, "calibration": {**INSTRUMENT["calibration"], "certificate": "K-77"}}
    readings = [
        reading("o2", "oxygen", "6.25", "%"),
        reading("pressure", "absolute_pressure", "1013.25", "hPa"),
    ]
    return [
        agent.transition("start"),
        agent.measurement(readings=readings, instrument=certified),
        agent.entry("gas", "fuel"),
        agent.entry("54.2", "flue", reason="sonde en panne"),
        agent.entry(value=True, field="aired"),
        agent.entry(texts.get("remark", "Filtre changé")),
    ]


async def visited(world: World, agent: Edge | None = None, **job: Any) -> World:
    """Return the world with the form, the intervention, and its agent."""
    await world.shelf.keep(Form.model_validate_json(json.dumps(FORM)))
    agent = agent or Edge()
    await world.registry.enrol(agent.record)
    await world.office.create(Intervention.model_validate_json(json.dumps({**JOB, **job})))
    await world.office.assign("job-1", agent.name)
    return world


async def got(world: World, path: str, **headers: str) -> httpx.Response:
    """Return what the gateway answers."""
    async with world.client(**headers) as client:
        return await client.get(path)
