"""An agent's side of the wire, as small as it gets: makes chained, signed captures."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from contract import chain
from contract.chain import Link
from contract.forms.form import Form
from contract.signing import KeyRecord, SigningKey
from contract.wire.event import SignedCapture
from contract.wire.intervention import Intervention

INSTRUMENT: dict[str, Any] = {
    "id": "testo-300.12345678",
    "slug": "testo-300",
    "vendor": "Testo",
    "model": "testo 300",
    "serial": "12345678",
    "grade": "published-code",
    "calibration": {"state": "valid", "on": "2026-03-01", "due": "2027-03-01"},
}


class Edge:
    """One agent with one key and one epoch. Everything it makes is repeatable."""

    def __init__(self, name: str = "van-7", epoch: str = "a" * 32) -> None:
        self.name = name
        self.key = SigningKey.from_seed(hashlib.sha256(name.encode()).digest())
        self.epoch = epoch
        self.seq = 0
        self.last = chain.FIRST

    @property
    def record(self) -> KeyRecord:
        return KeyRecord(self.name, self.key.public)

    def twin(self) -> "Edge":
        """Return a clone of this agent as it stands: a restored backup."""
        other = Edge(self.name, self.epoch)
        other.seq, other.last = self.seq, self.last
        return other

    def capture(self, statement: str) -> SignedCapture:
        """Chain and sign one statement, given in its very bytes."""
        self.seq += 1
        link = str(Link(self.name, self.epoch, self.seq, self.last, chain.digest(statement)))
        self.last = chain.digest(link)
        return SignedCapture(link=link, sig=self.key.sign(link), statement=statement)

    def statement(self, kind: str, intervention: str = "job-1", **fields: Any) -> str:
        """Write a statement of any kind, with what every statement says."""
        salt = hashlib.sha256(f"{self.epoch}{self.seq}".encode()).hexdigest()[:32]
        return json.dumps(
            {
                "v": 1,
                "salt": salt,
                "kind": kind,
                "intervention": intervention,
                "by": {"id": "lea", "name": "Léa"},
                "at": f"2026-11-24T10:{self.seq // 60 % 60:02}:{self.seq % 60:02}Z",
                "clock": {"boot": "b1", "uptime": str(self.seq), "quality": "synced"},
                **fields,
            },
            ensure_ascii=False,
        )

    def note(self, text: str = "vu", **fields: Any) -> SignedCapture:
        return self.capture(self.statement("note", text=text, **fields))

    def notes(self, number: int) -> list[SignedCapture]:
        return [self.note(f"note {index}") for index in range(number)]

    def measurement(self, value: str = "5.2", field: str = "o2", **fields: Any) -> SignedCapture:
        reading = {
            "field": field,
            "quantity": "oxygen",
            "value": value,
            "unit": "%",
            "status": "ok",
        }
        said = {"report": "r1", "instrument": INSTRUMENT, "readings": [reading], **fields}
        return self.capture(self.statement("measurement", **said))

    def entry(self, value: Any, field: str = "remark", **fields: Any) -> SignedCapture:
        said = {"report": "r1", "field": field, "value": value, **fields}
        return self.capture(self.statement("entry", **said))

    def transition(self, action: str, **fields: Any) -> SignedCapture:
        return self.capture(self.statement("transition", action=action, **fields))

    def message(self, captures: Sequence[SignedCapture], **data: Any) -> bytes:
        """Return the message that carries these captures."""
        return json.dumps(
            {
                "specversion": "1.0",
                "id": "message",
                "source": f"/releve/main/{self.name}",
                "type": "releve.captures.v1",
                "time": "2026-11-24T10:00:00Z",
                "datacontenttype": "application/json",
                "data": {
                    "key": self.key.id,
                    "captures": [each.model_dump(exclude_none=True) for each in captures],
                    **data,
                },
            }
        ).encode()

    @property
    def topic(self) -> str:
        return f"releve/v1/main/{self.name}/captures"


FORM = Form.model_validate_json(
    json.dumps(
        {
            "id": "boiler",
            "version": 1,
            "title": {"fr": "Entretien de chaudière", "en": "Boiler maintenance"},
            "schema": {
                "type": "object",
                "required": ["o2"],
                "properties": {
                    "o2": {
                        "type": "number",
                        "x-label": {"fr": "Oxygène", "en": "Oxygen"},
                        "x-measure": {
                            "quantity": "oxygen",
                            "unit": "%",
                            "round": 1,
                            "limits": {"warn": {"maximum": "6"}},
                        },
                    },
                    "remark": {"type": "string", "x-label": {"fr": "Remarque", "en": "Remark"}},
                },
            },
        }
    )
)


def job(id: str = "job-1") -> Intervention:
    """Return an intervention with one boiler and one report."""
    return Intervention.model_validate_json(
        json.dumps(
            {
                "id": id,
                "title": "Entretien annuel",
                "customer": "Mme Martin",
                "appliances": [{"id": "boiler-1", "name": "Chaudière du sous-sol"}],
                "reports": [
                    {
                        "id": "r1",
                        "appliance": "boiler-1",
                        "form": {"id": "boiler", "version": 1},
                    }
                ],
            }
        )
    )
