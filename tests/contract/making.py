"""Statements, forms and chains for tests."""

from datetime import UTC, datetime
from decimal import Decimal

from contract import chain
from contract.chain import Link
from contract.forms.form import Form
from contract.forms.value import CaptureId, Placed
from contract.instrument import CalibrationState, Grade
from contract.quantity import Quantity
from contract.reading import Status
from contract.signing import SigningKey
from contract.unit import Unit
from contract.wire.base import Place
from contract.wire.captured import (
    Calibrated,
    CapturedInstrument,
    CapturedReading,
    ClockQuality,
    ClockReading,
    Technician,
)
from contract.wire.event import SignedCapture
from contract.wire.statement import Entry, Measurement

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BY = Technician(id="amira", name="Amira Benali")
CLOCK = ClockReading(boot="b0", uptime=Decimal("12.345"), quality=ClockQuality.SYNCED)
EPOCH = "a" * 32
KEY = SigningKey.from_seed(b"k" * 32)
TESTO = CapturedInstrument(
    id="testo-300.1",
    slug="testo-300",
    vendor="testo",
    model="300",
    serial="1",
    grade=Grade.MANUAL,
    calibration=Calibrated(state=CalibrationState.VALID, on="2026-01-05", due="2027-01-05"),
)
FORM = Form.model_validate(
    {
        "id": "combustion",
        "version": 1,
        "title": {"fr": "Combustion", "en": "Combustion"},
        "schema": {
            "type": "object",
            "required": ("o2",),
            "properties": {
                "o2": {
                    "type": "number",
                    "x-label": {"fr": "O₂", "en": "O₂"},
                    "x-measure": {
                        "quantity": Quantity.OXYGEN,
                        "unit": Unit.PERCENT,
                        "round": 1,
                        "limits": {"reject": {"maximum": "21.5"}, "warn": {"maximum": "9"}},
                    },
                },
                "pressure": {
                    "type": "number",
                    "x-label": {"fr": "Pression", "en": "Pressure"},
                    "x-measure": {
                        "quantity": Quantity.DIFFERENTIAL_PRESSURE,
                        "unit": Unit.BAR,
                        "round": 3,
                    },
                },
                "remarks": {"type": "string", "x-label": {"fr": "Obs.", "en": "Remarks"}},
            },
        },
    }
)


def reading(
    field="o2", quantity=Quantity.OXYGEN, value="5.2", unit=Unit.PERCENT, status=Status.OK
):
    return CapturedReading(
        field=field,
        quantity=quantity,
        value=None if value is None else Decimal(value),
        unit=unit,
        status=status,
    )


def measurement(*readings, report="r-1", intervention="i-1", replaces=(), salt="0" * 32):
    return Measurement(
        salt=salt,
        intervention=intervention,
        by=BY,
        at=AT,
        clock=CLOCK,
        replaces=tuple(Place(epoch=EPOCH, seq=each) for each in replaces),
        report=report,
        instrument=TESTO,
        readings=readings or (reading(),),
    )


def entry(field="remarks", value="vu", report="r-1", replaces=(), unit=None):
    return Entry(
        salt="0" * 32,
        intervention="i-1",
        by=BY,
        at=AT,
        clock=CLOCK,
        replaces=tuple(Place(epoch=EPOCH, seq=each) for each in replaces),
        report=report,
        field=field,
        value=value,
        unit=unit,
        reason="pas d’instrument",
    )


def placed(seq, statement, agent="van-7", epoch=EPOCH, link=""):
    return Placed(CaptureId(agent, epoch, seq, link), statement)


def chained(statements, *, agent="van-7", epoch=EPOCH, key=KEY, first=1, previous=chain.FIRST):
    """Return signed captures, each naming the one before."""
    captures = []
    for seq, statement in enumerate(statements, start=first):
        text = statement.to_json()
        link = Link(agent, epoch, seq, previous, chain.digest(text))
        captures.append(SignedCapture(link=str(link), sig=key.sign(str(link)), statement=text))
        previous = link.hash
    return captures
