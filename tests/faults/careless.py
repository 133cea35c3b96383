"""The rule that nothing is sent again after its first byte, taken away: what the harnesses must then find."""

from contextlib import contextmanager

from agent.usecases.payments.attempt import State
from agent.usecases.payments.till import Till
from contract.payment.stated import Doubt
from drivers.payment.dialogue import AboutToSend

RETRIED = frozenset({Doubt.LINK_LOST, Doubt.SILENT, Doubt.NOT_ACKNOWLEDGED, Doubt.INTERRUPTED})


@contextmanager
def sending_again():
    """Have every till send a payment once more of which it does not know the end."""
    event, leave, follow = Till._event, Till._leave, Till._follow
    again: set[str] = set()

    def careless_event(self, attempt, told, *, asked, partial):
        if isinstance(told, AboutToSend) and attempt in again:
            return None
        return event(self, attempt, told, asked=asked, partial=partial)

    async def once_more(self, attempt):
        line = self._line(attempt)
        if attempt.doubt in RETRIED and attempt.id not in again and line is not None:
            again.add(attempt.id)
            await self._converse(attempt.id, lambda told: line.operate(attempt.asked, told))

    async def careless_leave(self, attempt):
        await once_more(self, await self.attempt(attempt))
        await leave(self, attempt)

    def careless_follow(self, attempt):
        if attempt.state is State.UNKNOWN and attempt.id not in again:
            self._around.spawn(once_more(self, attempt))
        else:
            follow(self, attempt)

    Till._event, Till._leave, Till._follow = careless_event, careless_leave, careless_follow
    try:
        yield
    finally:
        Till._event, Till._leave, Till._follow = event, leave, follow
