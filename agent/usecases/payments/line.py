"""What payments need of a terminal."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from drivers.payment.dialogue import Asked, PaymentEvent
from drivers.payment.kinds import Can

Told = Callable[[PaymentEvent], Awaitable[None]]
"""Takes in what the terminal did; the conversation goes on when it returns, and ends when it raises."""


class TerminalLine(Protocol):
    """The way to one terminal. Whatever happens on it is told as an event; only what ``told`` raises comes out."""

    @property
    def can(self) -> frozenset[Can]: ...

    def check(self, asked: Asked) -> None:
        """Raise CannotAskError where the terminal has no way to be asked for this."""
        ...

    async def operate(self, asked: Asked, told: Told) -> None:
        """Have it done, once. Ends when there is nothing left to hear."""
        ...

    async def enquire(self, asked: Asked, told: Told) -> None:
        """Ask what became of it; does nothing where the terminal cannot tell."""
        ...

    async def listen(self, asked: Asked, told: Told) -> None:
        """Hear whether its answer is still to come, until the connection ends; does nothing where it cannot."""
        ...

    def cancel(self) -> None:
        """Ask the terminal to stop what is under way, where it has a way."""
        ...


class AskTotals(Protocol):
    """Asks a terminal for the totals of its day."""

    async def __call__(self, told: Told, *, close: bool) -> None:
        """Have them told; ``close``: and the day ended."""
        ...
