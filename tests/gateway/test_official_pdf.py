"""The refrigerant sheet in the fields of a PDF: all 72 by their official names, read back by another library."""

import ctypes
import io
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw
from reportlab.pdfgen.canvas import Canvas

from contract.forms import shipped
from contract.forms.form import Form
from contract.wire.intervention import Intervention
from tests.gateway.edge import Edge, job
from tests.gateway.test_signatures import DRAWING, using
from tests.gateway.world import World

CERFA = Form.model_validate_json(
    (resources.files(shipped) / "cerfa-15497.json").read_text("utf-8")
)
OFFICIAL = [
    "Fiche_no",
    "Operateur",
    "Attestation_no",
    "Detenteur",
    "Equipement_ID",
    "Equipement_Fluide",
    "Equipement_Charge",
    "Equipement_teqCO2",
    "Case_Assemblage",
    "Case_MiseService",
    "Case_Modif",
    "Case_Maintenance",
    "Case_CtrlPerio",
    "Case_CtrlNonPerio",
    "Case_Demantel",
    "Case_Autre",
    "Autre",
    "Detecteur_ID",
    "Controle_Jour",
    "Controle_Mois",
    "Controle_Annee",
    "Bouton_Oui",
    "Case_HCFC_2",
    "Case_HCFC_30",
    "Case_HCFC_300",
    "Case_HFC_5",
    "Case_HFC_50",
    "Case_HFC_500",
    "Case_HFO_1",
    "Case_HFO_10",
    "Case_HFO_100",
    "Case_Sans_12m",
    "Case_Sans_6m",
    "Case_Sans_3m",
    "Case_Avec_24m",
    "Case_Avec_12m",
    "Case_Avec_6m",
    "Case_Fuite_Oui",
    "Case_Fuite_Non",
    "Fuite_Loca_1",
    "Fuite_Loca_2",
    "Fuite_Loca_3",
    "Case_Rep_Fuite1_realisee",
    "Case_Rep_Fuite2_realisee",
    "Case_Rep_Fuite3_realisee",
    "Case_Rep_Fuite1_AFaire",
    "Case_Rep_Fuite2_AFaire",
    "Case_Rep_Fuite3_AFaire",
    "11_Denom",
    "11_Quantite",
    "11_QA",
    "11_QB",
    "11_QC",
    "11_QD",
    "11_QE",
    "11_QDE",
    "11_Contenant_ID",
    "11_BSFF",
    "Case_12_UN1078",
    "Case_12_Autre140601",
    "Autre-FF-NON-inflammable",
    "Case_12_UN3161",
    "Case_12_Autre160504",
    "Autre-FF-inflammable",
    "13_Instal",
    "14_Observations",
    "Sign_Operateur_Nom",
    "Sign_Operateur_Qualite",
    "Sign_Operateur_Date",
    "Sign_Detenteur_Nom",
    "Sign_Detenteur_Qualite",
    "Sign_Detenteur_Date",
]
"""Typed a second time, from the published list."""


def blank(names: list[str]) -> bytes:
    """Draw a sheet with these fields, as the official one has them: texts, boxes, and one choice of two."""
    written = io.BytesIO()
    canvas = Canvas(written)
    for at, name in enumerate(names):
        x, y = 30 + 180 * (at % 3), 800 - 26 * (at // 3)
        if name == "Bouton_Oui":
            for state, beside in (("1", 0), ("2", 40)):
                canvas.acroForm.radio(name=name, value=state, x=x + beside, y=y, selected=False)
        elif name.startswith("Case_"):
            canvas.acroForm.checkbox(name=name, x=x, y=y)
        else:
            canvas.acroForm.textfield(name=name, x=x, y=y, width=150, height=18)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def read(document: bytes) -> dict[str, set[str]]:
    """Return what PDFium finds in the fields of a PDF, by name; a box that is ticked says so."""
    pdf = pdfium.PdfDocument(document)
    pdf.init_forms()
    found: dict[str, set[str]] = {}
    page = pdf[0]
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        name = _text(raw.FPDFAnnot_GetFormFieldName, pdf, annotation)
        kind = raw.FPDFAnnot_GetFormFieldType(pdf.formenv, annotation)
        values = found.setdefault(name, set())
        if kind == raw.FPDF_FORMFIELD_TEXTFIELD:
            values.add(_text(raw.FPDFAnnot_GetFormFieldValue, pdf, annotation))
        elif raw.FPDFAnnot_IsChecked(pdf.formenv, annotation):
            values.add(_text(raw.FPDFAnnot_GetFormFieldExportValue, pdf, annotation))
        raw.FPDFPage_CloseAnnot(annotation)
    return found


def _text(of: Any, pdf: Any, annotation: Any) -> str:
    size = of(pdf.formenv, annotation, None, 0)
    buffer = ctypes.create_string_buffer(size)
    of(pdf.formenv, annotation, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[: size - 2].decode("utf-16-le")


@pytest.fixture
async def cold_room(small_world: World, tmp_path: Path) -> World:
    document = json.loads(using(CERFA, job()).to_json())
    document["customer_facts"] = {"name": "Boucherie Perrin"}
    document["company_facts"] = {"name": "Froid & Fils", "certificate_number": "1234"}
    agent = Edge()
    await small_world.shelf.keep(CERFA)
    await small_world.registry.enrol(agent.record)
    await small_world.office.create(Intervention.model_validate_json(json.dumps(document)))
    await small_world.office.assign("job-1", agent.name)
    small_world.official_forms = tmp_path
    (tmp_path / "cerfa-15497.pdf").write_bytes(blank(OFFICIAL))
    await small_world.send(agent, [agent.entry(value, field) for field, value in answers()])
    shown = await sheet(small_world)
    said = {"signatory": "operator", "name": "Amira Benali", "capacity": "frigoriste"}
    signature = {"report": "r1", **said, "drawing": DRAWING, "report_sha256": shown["digest"]}
    await small_world.send(agent, [agent.capture(agent.statement("signature", **signature))])
    return small_world


def answers() -> Iterator[tuple[str, Any]]:
    yield from {
        "sheet_number": "2026-17",
        "equipment": "chambre froide 3",
        "refrigerant": "R404A",
        "charge_kg": "4.20",
        "nature_periodic_check": True,
        "detector": "D-9",
        "detector_checked_on": "2026-03-07",
        "fixed_detection": False,
        "leak_found": True,
        "leak_1_place": "raccord (n° 2) é €",
        "leak_1_repair": "to_do",
        "recovered_waste_kg": "1.25",
        "recovered_reuse_kg": "0.5",
        "un_1078": True,
    }.items()


async def sheet(world: World) -> dict[str, Any]:
    async with world.client() as client:
        return (await client.get("/v1/interventions/job-1/reports/r1")).json()


def test_the_form_fills_the_72_official_fields() -> None:
    assert 72 == len(OFFICIAL) == len(set(OFFICIAL))
    assert set(OFFICIAL) == set(CERFA.form.acroform or {})


async def test_another_library_finds_what_was_captured_in_the_official_fields(
    cold_room: World,
) -> None:
    async with cold_room.client() as client:
        answer = await client.get("/v1/interventions/job-1/reports/r1/official.pdf")
    found = {name: values for name, values in read(answer.content).items() if values - {""}}

    assert (200, "application/pdf") == (answer.status_code, answer.headers["content-type"])
    assert {
        "Fiche_no": {"2026-17"},
        "Operateur": {"Froid & Fils"},
        "Attestation_no": {"1234"},
        "Detenteur": {"Boucherie Perrin"},
        "Equipement_ID": {"chambre froide 3"},
        "Equipement_Fluide": {"R404A"},
        "Equipement_Charge": {"4,20"},
        "Equipement_teqCO2": {"16,47"},
        "Case_CtrlPerio": {"Yes"},
        "Detecteur_ID": {"D-9"},
        "Controle_Jour": {"07"},
        "Controle_Mois": {"03"},
        "Controle_Annee": {"2026"},
        "Bouton_Oui": {"2"},
        "Case_HFC_5": {"Yes"},
        "Case_Sans_12m": {"Yes"},
        "Case_Fuite_Oui": {"Yes"},
        "Fuite_Loca_1": {"raccord (n° 2) é €"},
        "Case_Rep_Fuite1_AFaire": {"Yes"},
        "11_QD": {"1,25"},
        "11_QE": {"0,50"},
        "11_QDE": {"1,75"},
        "Case_12_UN1078": {"Yes"},
        "Sign_Operateur_Nom": {"Amira Benali"},
        "Sign_Operateur_Qualite": {"frigoriste"},
        "Sign_Operateur_Date": {"24/11/2026"},
    } == found


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "cerfa-15497.pdf").unlink(), "cannot be read"),
        (lambda folder: (folder / "cerfa-15497.pdf").write_bytes(b"no pdf"), "cannot be filled"),
        (
            lambda folder: (folder / "cerfa-15497.pdf").write_bytes(blank(OFFICIAL[1:])),
            "has no field Fiche_no (1 are missing): is it another edition?",
        ),
    ],
)
async def test_a_pdf_that_is_not_the_official_one_is_refused_with_what_to_do(
    cold_room: World, tmp_path: Path, spoil: Any, said: str
) -> None:
    spoil(tmp_path)
    async with cold_room.client() as client:
        answer = await client.get("/v1/interventions/job-1/reports/r1/official.pdf")

    assert 409 == answer.status_code
    assert said in answer.json()["detail"]


async def test_without_a_folder_the_setting_is_named(cold_room: World) -> None:
    cold_room.official_forms = None
    async with cold_room.client() as client:
        answer = await client.get("/v1/interventions/job-1/reports/r1/official.pdf")

    assert (409, True) == (answer.status_code, "official_forms" in answer.json()["detail"])


async def test_a_form_without_an_official_pdf_has_none(small_world: World) -> None:
    await small_world.furnished(Edge())
    async with small_world.client() as client:
        assert (
            404
            == (await client.get("/v1/interventions/job-1/reports/r1/official.pdf")).status_code
        )
