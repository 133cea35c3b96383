"""Cancellation that a library lost.

`asyncio.wait_for` of Python 3.11 returns its result when that comes in the moment of a cancellation, and forgets the
latter (github.com/python/cpython/issues/86296); bumble waits so for every answer of a controller.
"""

import asyncio


def heed_cancellation() -> None:
    """Raise the CancelledError that was asked for and lost; only where nothing is to be cleaned up."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
