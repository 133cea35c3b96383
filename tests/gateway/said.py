"""What agents say besides captures."""

import json
from typing import Any

from tests.gateway.edge import INSTRUMENT


def event(type_: str, data: dict[str, Any]) -> bytes:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": "1",
            "source": "/releve/main/van-7",
            "type": type_,
            "time": "2026-11-24T10:00:00Z",
            "datacontenttype": "application/json",
            "data": data,
        }
    ).encode()


def state(**data: Any) -> tuple[str, bytes]:
    return "releve/v1/main/van-7/state", event("releve.agent.state.v1", data)


DESCRIPTOR = {
    **INSTRUMENT,
    "quantities": ["oxygen"],
    "paired_by": {"id": "lea", "name": "Léa"},
    "paired_at": "2026-11-20T08:00:00Z",
}
DESCRIPTOR_TOPIC = "releve/v1/main/van-7/instrument/testo-300.12345678/descriptor"
