"""What answers of SumUp's library mean: a refusal is only what the servers themselves refuse."""

from types import SimpleNamespace

import httpx
import pytest
from sumup.errors import APIConnectionError, APIError, APITimeoutError

from agent.adapters.sumup_answers import failure, transaction_of
from contract.payment.stated import Doubt, Unsent
from drivers.payment import sumup

REQUEST = httpx.Request("POST", "https://api.example/checkout")


def answered(status):
    return APIError.from_response("no", httpx.Response(status, request=REQUEST))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429])
def test_what_the_servers_refuse_is_not_done(status):
    assert failure(answered(status)).refused


@pytest.mark.parametrize("status", [402, 408, 413, 451, 499, 500, 502, 503, 504])
def test_what_somebody_in_between_may_say_proves_nothing(status):
    found = failure(answered(status))

    assert not found.refused
    assert Doubt.UNEXPLAINED is found.doubt


def caused(kind, cause):
    error = kind(request=REQUEST)
    error.__cause__ = cause
    return failure(error)


@pytest.mark.parametrize("cause", [httpx.ConnectError("x"), httpx.ConnectTimeout("x")])
def test_a_connection_that_was_never_made_carried_nothing(cause):
    kind = APITimeoutError if isinstance(cause, httpx.TimeoutException) else APIConnectionError

    found = caused(kind, cause)

    assert found.never_left
    assert Unsent.NO_CONNECTION is found.unsent


@pytest.mark.parametrize(
    ("cause", "doubt"),
    [
        (httpx.ReadTimeout("x"), Doubt.NOT_ACKNOWLEDGED),
        (httpx.WriteTimeout("x"), Doubt.NOT_ACKNOWLEDGED),
        (httpx.ReadError("x"), Doubt.LINK_LOST),
        (httpx.RemoteProtocolError("x"), Doubt.LINK_LOST),
    ],
)
def test_what_breaks_later_leaves_doubt(cause, doubt):
    kind = APITimeoutError if isinstance(cause, httpx.TimeoutException) else APIConnectionError

    found = caused(kind, cause)

    assert not found.never_left
    assert doubt is found.doubt


def test_an_answer_that_is_none_leaves_doubt():
    assert Doubt.UNREADABLE is failure(ValueError("no JSON")).doubt


def transaction(*events):
    said = {"event_type": "REFUND", "amount": 10.0}
    return transaction_of(
        SimpleNamespace(
            **dict.fromkeys(
                ("id", "transaction_code", "status", "amount", "foreign_transaction_id")
            ),
            **dict.fromkeys(("auth_code", "timestamp", "entry_mode", "card")),
            currency="EUR",
            transaction_events=[SimpleNamespace(**{**said, **each}) for each in events],
        )
    )


@pytest.mark.parametrize(
    ("events", "gone"),
    [
        ((), 0),
        (({"status": "REFUNDED"}, {"status": "SUCCESSFUL", "amount": 2.5}), 1250),
        (({"status": "REFUNDED"}, {"status": "FAILED"}), None),
        (({"status": "PENDING"},), None),
        (({"status": None},), None),
        (({"status": "FAILED", "event_type": "PAYOUT"},), 0),
    ],
)
def test_only_what_went_back_for_sure_counts(events, gone):
    assert gone == sumup.refunded(transaction(*events))
