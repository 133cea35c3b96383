"""SumUp's servers, which say a whole card number wherever there is room for it."""

import json

import httpx
import sumup

from agent.adapters.sumup_line import SumupLine
from drivers.payment.profile import SumupProfile
from tests.agent.canaries import Card

CHECKOUT = "19f49a53-07ee-4c84-8eb7-a1b2c3d4e5f6"
TRANSACTION = "6f4a1b3c-5d2e-4f60-9182-736455463728"


def sumup_bodies(card: Card, reference="K7WQ2M9XHT") -> dict[str, dict[str, object]]:
    """Return what the servers say of a checkout and its transaction, by where they say a card."""
    failed = {"status": "failed"}
    return {
        "last_4_digits": {"card": {"last_4_digits": card.number, "type": "VISA"}},
        "card type": {"card": {"last_4_digits": card.number[-4:], "type": card.line}},
        "auth_code": {"auth_code": card.line},
        "transaction_code": {"transaction_code": card.line},
        "transaction id": {"id": card.line},
        "checkout id": {"checkout_id": card.line},
        "foreign_transaction_id": {"foreign_transaction_id": card.line},
        "entry_mode": {"entry_mode": card.line},
        "payment_failure_reason": {**failed, "payment_failure_reason": card.text},
        "payment_failure_reason of what is paid": {"payment_failure_reason": card.text},
        "a status of a checkout": {"status": card.line},
        "an answer that is no JSON": {"raw": (200, card.line)},
        "an answer of another shape": {"raw": (200, json.dumps({"data": card.line}))},
        "a refusal": {"raw": (422, json.dumps({"title": card.line, "detail": card.line}))},
        "an error": {"raw": (500, f"<h1>{card.line}</h1>")},
    }


class SumupServer:
    """Answers as SumUp's servers would, one payment long."""

    def __init__(self, place: str, card: Card) -> None:
        self._said = sumup_bodies(card)[place]
        self._money: object = None
        self._reference = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/status"):
            return httpx.Response(200, json={"data": {"status": "ONLINE", "state": "IDLE"}})
        if path.endswith("/checkout"):
            return self._made(json.loads(request.content))
        if "/checkout/" in path:
            return httpx.Response(200, json={"data": self._checkout()})
        if path.endswith("/transactions"):
            return httpx.Response(200, json=self._transaction())
        return httpx.Response(404, json={})

    def _made(self, asked: dict) -> httpx.Response:
        if "raw" in self._said:
            code, text = self._said["raw"]
            return httpx.Response(code, text=text, headers={"content-type": "application/json"})
        self._money = asked["total_amount"]
        self._reference = asked["affiliate"]["foreign_transaction_id"]
        ids = {"checkout_id": self._said.get("checkout_id", CHECKOUT)}
        return httpx.Response(201, json={"data": {**ids, "client_transaction_id": CHECKOUT}})

    def _checkout(self) -> dict[str, object]:
        return {
            "checkout_id": CHECKOUT,
            "client_transaction_id": self._said.get("checkout_id", CHECKOUT),
            "status": "successful",
            "payment_status": "successful",
            "payment_failure_reason": None,
            "total_amount": self._money,
            "created_at": "2026-11-24T08:00:00Z",
            "updated_at": "2026-11-24T08:00:00Z",
            "valid_until": None,
            "card_type": "VISA",
            "payment_type": "card",
            "installments": 1,
            "reader_serial_number": "SN1",
            "reader_firmware_version": "3.3",
            **{
                key: each
                for key, each in self._said.items()
                if key in {"status", "payment_failure_reason"}
            },
        }

    def _transaction(self) -> dict[str, object]:
        return {
            "id": TRANSACTION,
            "transaction_code": "TEENSK4W2K",
            "amount": 125.0,
            "currency": "EUR",
            "status": "SUCCESSFUL",
            "foreign_transaction_id": self._reference,
            "auth_code": "053201",
            "timestamp": "2026-11-24T08:00:00Z",
            "entry_mode": "CHIP",
            "card": {"last_4_digits": "1234", "type": "VISA"},
            **self._said,
        }


class ScriptedSumup(SumupLine):
    """SumUp's own library, whose requests end here."""

    def __init__(self, server: SumupServer) -> None:
        profile = SumupProfile(merchant="M", api_key="k", app="releve", affiliate_key="a")
        super().__init__(profile, "rdr")
        self._server = server

    def _client(self):
        # Its own client reads all certificates of the system first.
        client = sumup.AsyncSumup.__new__(sumup.AsyncSumup)
        client.api_key = "k"
        client._client = httpx.AsyncClient(
            transport=httpx.MockTransport(self._server), base_url="https://sumup.invalid"
        )
        return client
