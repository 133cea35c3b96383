"""An event loop whose time passes only when nothing else is to be done: an hour takes as long as what happens in it."""

import asyncio
import selectors
from contextlib import contextmanager

import aiosqlite

WAITS_FOR_A_THREAD = 5.0


class _Jumping(selectors.DefaultSelector):
    """Instead of waiting it moves the loop's clock, unless a thread is at work for the loop."""

    loop: "VirtualLoop"

    def select(self, timeout=None):
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.in_threads or timeout is None:
            return super().select(WAITS_FOR_A_THREAD)
        self.loop.passed += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its ``time`` begins at 0. Whoever has a thread do something counts it in ``in_threads`` meanwhile."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.in_threads = 0
        selector = _Jumping()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.passed

    def run_in_executor(self, executor, func, *args):
        self.in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._back)
        return future

    def _back(self, _) -> None:
        self.in_threads -= 1


def run(main):
    """Run a coroutine in time of its own."""
    with databases_counted(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


@contextmanager
def databases_counted():
    """Have the threads of aiosqlite counted by the loop that waits for them."""
    whole = aiosqlite.Connection

    def counted(real):
        async def call(*args, **named):
            loop = asyncio.get_running_loop()
            loop.in_threads += 1
            try:
                return await real(*args, **named)
            finally:
                loop.in_threads -= 1

        return call

    kept = {name: getattr(whole, name) for name in ("_execute", "_connect")}
    for name, real in kept.items():
        setattr(whole, name, counted(real))
    try:
        yield
    finally:
        for name, real in kept.items():
            setattr(whole, name, real)
