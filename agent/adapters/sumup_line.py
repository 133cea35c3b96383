"""The way to a SumUp reader: through SumUp's servers, by SumUp's own library.

Facts and their sources: docs/protocols/sumup.md. The library is an extra: ``pip install releve[sumup]``.
"""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

import structlog

from agent.adapters.sumup_answers import (
    CannotReachError,
    Failure,
    checkout_of,
    failure,
    transaction_of,
)
from agent.usecases.payments.line import Told
from contract.payment.currency import digits_of
from contract.payment.fitting import misfit
from contract.payment.stated import Doubt, Operation, Stated, Unsent, Verdict, Why
from contract.words import Words
from drivers.payment import sumup as said
from drivers.payment.dialogue import (
    AboutToSend,
    Answered,
    Asked,
    CannotAskError,
    Doubted,
    NotSent,
    Sent,
    TakenOn,
)
from drivers.payment.kinds import Can
from drivers.payment.profile import SumupProfile

log = structlog.get_logger()

ANSWER_WITHIN = 10.0
RESULT_WITHIN = 180.0
LOOK_EVERY = 2.0


class SumupLine:
    """A TerminalLine."""

    can = frozenset({Can.CANCEL, Can.TELL_STATE})

    def __init__(self, profile: SumupProfile, reader: str) -> None:
        self._profile = profile
        self._reader = reader
        self._stop = asyncio.Event()

    def check(self, asked: Asked) -> None:
        if asked.operation is Operation.REVERSAL:
            raise CannotAskError(Words("this terminal only gives money back: take a refund"))
        if asked.operation is Operation.REFUND and asked.receipt is None:
            raise CannotAskError(
                Words("the terminal did not say the number of its receipt: undo it there")
            )

    async def operate(self, asked: Asked, told: Told) -> None:
        self._stop = asyncio.Event()
        async with self._client() as client:
            if asked.operation is Operation.REFUND:
                await _refund(client, self._profile, asked, told)
            else:
                await self._charge(client, asked, told)

    async def enquire(self, asked: Asked, told: Told) -> None:
        async with self._client() as client:
            try:
                found = await self._found(client, asked)
            except CannotReachError as error:
                await told(NotSent(error.why))
                return
            if isinstance(found, Doubt):
                await told(Doubted(found))
            else:
                await told(Answered(found, misfit(found, asked.money, asked.reference)))

    async def listen(self, asked: Asked, told: Told) -> None:
        """Nothing: it says nothing by itself."""

    def cancel(self) -> None:
        self._stop.set()

    def _client(self) -> Any:
        """Return a client of the library, which has no types."""
        library: Any = import_module("sumup")
        return library.AsyncSumup(self._profile.api_key, self._profile.url, ANSWER_WITHIN)

    # --- a payment --------------------------------------------------------------------------------

    async def _charge(self, client: Any, asked: Asked, told: Told) -> None:
        merchant = self._profile.merchant
        state = await _tried(lambda: client.readers.get_status(merchant, self._reader))
        if isinstance(state, Failure):
            await told(NotSent(state.unsent))
            return
        if state.data.status != "ONLINE":
            await told(NotSent(Unsent.NO_ANSWER))
            return
        await told(AboutToSend())
        made = await _tried(lambda: self._post(client, asked))
        if isinstance(made, Failure):
            await _not_made(made, told)
            return
        await told(Sent())
        checkout = said.named(made.data.checkout_id)
        await told(TakenOn(checkout))
        if checkout is None:
            await told(Doubted(Doubt.UNREADABLE))
            return
        await self._follow(client, asked, told, checkout)

    def _post(self, client: Any, asked: Asked) -> Awaitable[Any]:
        money = asked.money
        posted: Awaitable[Any] = client.readers.create_checkout(
            self._profile.merchant,
            self._reader,
            total_amount={
                "currency": money.currency,
                "minor_unit": digits_of(money.currency),
                "value": money.minor_units,
            },
            affiliate={
                "app_id": self._profile.app,
                "key": self._profile.affiliate_key,
                "foreign_transaction_id": asked.reference,
            },
        )
        return posted

    async def _follow(self, client: Any, asked: Asked, told: Told, checkout: str) -> None:
        """Look until it ends; what cannot be looked at now is looked at again."""
        loop = asyncio.get_running_loop()
        until = loop.time() + RESULT_WITHIN
        while loop.time() < until:
            stated = await self._looked(client, asked, checkout)
            if stated is not None:
                wrong = misfit(stated, asked.money, asked.reference)
                await told(Answered(stated, wrong))
                if wrong is not None:
                    await told(Doubted(wrong))
                return
            await self._rest(client)
        await told(Doubted(Doubt.SILENT))

    async def _rest(self, client: Any) -> None:
        """Wait for the next look, and have it stopped when somebody wants that."""
        try:
            async with asyncio.timeout(LOOK_EVERY):
                await self._stop.wait()
        except TimeoutError:
            return
        merchant = self._profile.merchant
        ended = await _tried(lambda: client.readers.terminate_checkout(merchant, self._reader))
        if isinstance(ended, Failure):
            # It may not have begun yet: it is told again.
            log.info("the reader does not stop", reason=ended.reason)
            await asyncio.sleep(LOOK_EVERY)
        else:
            self._stop = asyncio.Event()

    async def _looked(self, client: Any, asked: Asked, checkout: str) -> Stated | None:
        """Return what a checkout ended with, None while it has not, or cannot be looked at."""
        merchant = self._profile.merchant
        answer = await _tried(
            lambda: client.readers.get_checkout(merchant, self._reader, checkout)
        )
        if isinstance(answer, Failure):
            return None
        stands = checkout_of(answer)
        if said.of_checkout(stands, None, asked.reference) is None:
            return None
        more = await _tried(
            lambda: client.transactions.get(
                merchant, client_transaction_id=said.named(answer.data.client_transaction_id)
            )
        )
        known = None if isinstance(more, Failure) else transaction_of(more)
        ours = known.reference if known and known.reference else asked.reference
        return said.of_checkout(stands, known, ours)

    # --- what became of it ------------------------------------------------------------------------

    async def _found(self, client: Any, asked: Asked) -> Stated | Doubt:
        if asked.operation is Operation.REFUND:
            return await _refunded(client, self._profile, asked)
        if asked.handle is not None:
            stated = await self._looked(client, asked, asked.handle)
            if stated is not None:
                return stated
        merchant, ours = self._profile.merchant, asked.reference
        answer = await _tried(
            lambda: client.transactions.get(merchant, foreign_transaction_id=ours)
        )
        if isinstance(answer, Failure):
            if answer.status == NOT_FOUND:
                return Doubt.NOT_THERE
            raise CannotReachError(answer.unsent)
        return said.of_transaction(transaction_of(answer)) or Doubt.NOT_THERE


NOT_FOUND = 404


async def _tried(act: Callable[[], Awaitable[Any]]) -> Any:
    """Ask, and return the answer, or the Failure why there is none."""
    try:
        return await act()
    except Exception as error:
        # The library lets through whatever its parts raise: ValueError for no JSON, pydantic's for missing fields.
        return failure(error)


async def _not_made(failed: Failure, told: Told) -> None:
    """Tell what a checkout, or a refund, that was not confirmed means."""
    if failed.never_left:
        await told(NotSent(failed.unsent))
        return
    await told(Sent())
    if failed.refused:
        why = Why.NOT_TAKEN
        stated = Stated(verdict=Verdict.DECLINED, why=why, code=str(failed.status))
        await told(Answered(stated))
    else:
        await told(Doubted(failed.doubt))


# --- money that goes back -------------------------------------------------------------------------


async def _refund(client: Any, profile: SumupProfile, asked: Asked, told: Told) -> None:
    before = await _tried(
        lambda: client.transactions.get(profile.merchant, id=asked.receipt or "")
    )
    if isinstance(before, Failure):
        await told(NotSent(before.unsent))
        return
    gone = said.refunded(transaction_of(before))
    if gone is None:
        await told(NotSent(Unsent.NO_ANSWER))
        return
    await told(AboutToSend(str(gone)))
    # The library takes a float: of two decimals it writes the very digits.
    amount = float(said.major(asked.money))
    made = await _tried(
        lambda: client.transactions.refund(profile.merchant, asked.receipt or "", amount=amount)
    )
    if isinstance(made, Failure):
        await _not_made(made, told)
        return
    await told(Sent())
    await told(Answered(_given_back(asked)))


async def _refunded(client: Any, profile: SumupProfile, asked: Asked) -> Stated | Doubt:
    """Return whether a refund was made: only where exactly its amount went back since it was asked for."""
    if asked.mark is None or not asked.mark.isdecimal():
        return Doubt.NOT_THERE
    answer = await _tried(
        lambda: client.transactions.get(profile.merchant, id=asked.receipt or "")
    )
    if isinstance(answer, Failure):
        raise CannotReachError(answer.unsent)
    gone = said.refunded(transaction_of(answer))
    since = None if gone is None else gone - int(asked.mark)
    return _given_back(asked) if since == asked.money.minor_units else Doubt.NOT_THERE


def _given_back(asked: Asked) -> Stated:
    return Stated(
        verdict=Verdict.APPROVED,
        why=Why.AUTHORISED,
        money=asked.money,
        reference=asked.reference,
        receipt=asked.receipt,
    )
