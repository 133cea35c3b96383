"""What the office knew stands in a field until somebody states more, and never where it does not fit."""

import json
from decimal import Decimal

import pytest

from contract.forms.asked import missing
from contract.forms.check import faults_of
from contract.forms.fold import fold
from contract.forms.form import Form, fields
from contract.forms.prefill import Source
from contract.forms.prefilled import known
from contract.forms.value import FieldState
from contract.wire.intervention import Intervention
from tests.contract.making import entry, placed


def text(source, key=None, **more):
    block = {"from": source} if key is None else {"from": source, "key": key}
    return {"type": "string", "x-label": {"fr": "T", "en": "T"}, "x-prefill": block, **more}


def form(**properties):
    said = {
        "id": "attestation",
        "version": 1,
        "title": {"fr": "F", "en": "F"},
        "schema": {"type": "object", "required": ["client"], "properties": properties},
    }
    return Form.model_validate_json(json.dumps(said))


FORM = form(
    client=text("customer", "name"),
    street=text("site"),
    company=text("company", "name"),
    date=text("visit", "day"),
    serial=text("appliance"),
    power=text("appliance", type="number", minimum=4),
    vented=text("appliance", type="boolean"),
    brand=text("appliance", enum=["Frisquet", "Saunier"]),
    defects=text("last_visit"),
    remarks={"type": "string", "x-label": {"fr": "R", "en": "R"}},
)
REFERENCE = {"id": "attestation", "version": 1}
INTERVENTION = Intervention.model_validate_json(
    json.dumps(
        {
            "id": "i-1",
            "title": "Entretien",
            "starts": "2026-11-25T00:30:00+01:00",
            "customer_facts": {"name": "Mme Martin", "remarks": "not asked for"},
            "site_facts": {"street": "3 rue Haute"},
            "company_facts": {"name": "Chauffage Sud"},
            "appliances": [
                {
                    "id": "north",
                    "name": "Nord",
                    "facts": {
                        "serial": "N-1",
                        "power": "24.5",
                        "vented": False,
                        "brand": "Viessmann",
                    },
                    "last_visit": {"defects": "joint usé"},
                },
                {"id": "south", "name": "Sud", "facts": {"serial": "S-1", "power": "2"}},
            ],
            "reports": [
                {"id": "r-1", "appliance": "north", "form": REFERENCE},
                {"id": "r-2", "appliance": "south", "form": REFERENCE},
                {"id": "r-3", "appliance": "nowhere", "form": REFERENCE},
            ],
        }
    )
)


def values(*captures, report="r-1"):
    return fold(FORM, report, captures, known(FORM, INTERVENTION, report))


def test_facts_of_each_source_stand_in_their_fields_and_say_whence():
    found = values()

    assert {
        "client": ("Mme Martin", Source.CUSTOMER),
        "street": ("3 rue Haute", Source.SITE),
        "company": ("Chauffage Sud", Source.COMPANY),
        "date": ("2026-11-25", Source.VISIT),
        "serial": ("N-1", Source.APPLIANCE),
        "power": ("24.5", Source.APPLIANCE),
        "vented": (False, Source.APPLIANCE),
        "defects": ("joint usé", Source.LAST_VISIT),
    } == {name: (each.value, each.prefilled) for name, each in found.items() if each.prefilled}
    assert Decimal("24.5") == found["power"].exact
    assert FieldState.EMPTY is found["remarks"].state


def test_the_facts_of_two_appliances_never_cross():
    assert "S-1" == values(report="r-2")["serial"].value
    assert FieldState.EMPTY is values(report="r-2")["defects"].state
    assert FieldState.EMPTY is values(report="r-3")["serial"].state
    assert "Mme Martin" == values(report="r-3")["client"].value


@pytest.mark.parametrize(("name", "report"), [("brand", "r-1"), ("power", "r-2")])
def test_a_fact_that_the_field_cannot_hold_stays_out_and_is_told(name, report):
    found = values(report=report)[name]

    assert FieldState.EMPTY is found.state
    assert "the office gave" in found.reason


def test_what_is_stated_during_the_visit_wins_and_what_is_cleared_stays_empty():
    stated = values(placed(1, entry(field="serial", value="N-2")))["serial"]
    cleared = values(placed(1, entry(field="serial", value=None)))["serial"]

    assert ("N-2", None) == (stated.value, stated.prefilled)
    assert FieldState.EMPTY is cleared.state


def test_what_is_only_known_to_the_office_is_not_looked_for_elsewhere():
    assert "remarks" not in known(FORM, INTERVENTION, "r-1")


def test_an_instrument_field_cannot_be_prefilled():
    measured = {
        **text("appliance"),
        "type": "number",
        "x-measure": {"quantity": "oxygen", "unit": "%"},
    }
    [found] = faults_of(form(client=text("customer"), o2=measured))

    assert "schema.properties.o2.x-prefill" == found.field
    assert "is no reading" in found.remedy


def test_a_slip_is_found():
    [found] = faults_of(
        form(client=text("customer", kye="name") | {"x-prefill": {"from": "customer", "kye": "n"}})
    )

    assert "did you mean key?" in found.remedy


def test_a_heading_holds_until_the_next():
    made = form(
        client=text("customer"),
        a=text("site") | {"x-section": {"fr": "A", "en": "A"}},
        b=text("site"),
        c=text("site") | {"x-section": {"fr": "C", "en": "C"}},
    )

    assert [None, "A", "A", "C"] == [each.section and each.section.en for each in fields(made)]


def test_a_fact_that_must_be_confirmed_is_only_proposed():
    made = form(
        client=text("customer", "name")
        | {"x-prefill": {"from": "customer", "key": "name", "confirm": True}}
    )
    before = fold(made, "r-1", [], known(made, INTERVENTION, "r-1"))["client"]
    said = [placed(1, entry(field="client", value="Mme Martin"))]
    after = fold(made, "r-1", said, known(made, INTERVENTION, "r-1"))["client"]

    assert (FieldState.EMPTY, None, "Mme Martin") == (before.state, before.value, before.proposed)
    assert ("client",) == missing(made, {"client": before})
    assert (FieldState.FILLED, "Mme Martin", None) == (after.state, after.value, after.proposed)
