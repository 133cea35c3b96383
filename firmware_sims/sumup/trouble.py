"""What can go wrong between a till and SumUp's servers."""

from enum import StrEnum
from typing import Any

from firmware_sims.kit.instrument import ControlError


class Trouble(StrEnum):
    """The closed set; each can be asked for a number of times. Names that terminals have too mean the same."""

    ANSWER_LOST = "answer_lost"
    """A checkout has started, its 201 never comes: the connection is closed."""
    ANSWER_LATE = "answer_late"
    """A checkout has started, its 201 comes after the till gave up."""
    CUT_BEFORE_AUTHORISATION = "cut_before_authorisation"
    """Connections are closed unanswered while the customer is at it; nothing is authorised."""
    CUT_AFTER_AUTHORISATION = "cut_after_authorisation"
    """Connections are closed unanswered right after the decision is in the ledger."""
    REFUSE_REFERENCE = "refuse_reference"
    """A checkout is refused for a used reference that no transaction has."""
    SERVER_ERROR = "server_error"
    """500 and 503 in turn; nothing is taken."""
    SERVER_ERROR_THOUGH_TAKEN = "server_error_though_taken"
    """A checkout has started, and 503 is said instead of 201."""
    RATE_LIMITED = "rate_limited"
    """429; nothing is taken."""
    GARBAGE = "garbage"
    """200 or 201 with a body that is no JSON and, the next time, with one that misses all fields."""
    WRONG_AMOUNT = "wrong_amount"
    """All answers about a payment name another amount than was paid."""
    WRONG_CURRENCY = "wrong_currency"
    """All answers about a payment name another currency than was paid."""
    WRONG_REFERENCE = "wrong_reference"
    """All answers about a payment name another reference than was paid."""
    UNKNOWN_STATUS = "unknown_status"
    """An answer about what has ended says a status that nobody described."""
    NOT_FOUND_YET = "not_found_yet"
    """A transaction that there is is not found."""
    OFFLINE = "offline"
    """The reader is offline: it is asked for nothing, and starts nothing."""
    REFUND_ANSWER_LOST = "refund_answer_lost"
    """Money went back, the 201 never comes: the connection is closed."""
    SILENCE = "silence"
    """What is asked is done, and never answered; the connection stays."""


class Troubles:
    """Those that are on, and how often still."""

    def __init__(self) -> None:
        self._times: dict[Trouble, int | None] = {}

    def switch(self, name: str, *, on: bool, times: int | None = None) -> None:
        """Switch one, for so many times, or until it is switched off; raises ControlError for an unknown one."""
        if name not in frozenset(Trouble):
            raise ControlError("fault", name, frozenset(Trouble))
        self._times.pop(Trouble(name), None)
        if on:
            self._times[Trouble(name)] = times

    def has(self, trouble: Trouble) -> bool:
        """Whether one is on."""
        return trouble in self._times

    def spend(self, trouble: Trouble) -> bool:
        """Whether one is on; what was asked for a number of times is then on once less."""
        if trouble not in self._times:
            return False
        times = self._times[trouble]
        if times is not None:
            if times == 1:
                del self._times[trouble]
            else:
                self._times[trouble] = times - 1
        return True

    def about(self) -> dict[str, Any]:
        """Return what the control tells of them."""
        counted = {each.value: times for each, times in self._times.items() if times is not None}
        return {"faults": sorted(self._times), "fault_times": counted}
