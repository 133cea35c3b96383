"""Two serial lines that are one: what is written into an end comes out of the other."""

import asyncio
import contextlib
import os
import pty
import tty


class PtyPair:
    """Two device files joined by a cable, which can be cut, mute, or made to mangle what passes."""

    def __init__(self) -> None:
        self._ends = [pty.openpty() for _ in range(2)]
        for near, far in self._ends:
            tty.setraw(near)
            tty.setraw(far)
            os.set_blocking(near, False)
        self.paths = [os.ttyname(far) for _, far in self._ends]
        self.mangle = lambda data, to: data
        self._joined = False

    def join(self) -> None:
        """Begin to pass bytes on; needs a running loop."""
        loop = asyncio.get_running_loop()
        for here, there in ((0, 1), (1, 0)):
            loop.add_reader(self._ends[here][0], self._pass, here, there)
        self._joined = True

    def _pass(self, here: int, there: int) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            data = self.mangle(os.read(self._ends[here][0], 4096), there)
            if data:
                os.write(self._ends[there][0], data)

    def cut(self) -> None:
        """Unplug both ends; their device files are gone with them."""
        if not self._joined:
            return
        self._joined = False
        loop = asyncio.get_running_loop()
        for near, far in self._ends:
            loop.remove_reader(near)
            os.close(near)
            os.close(far)
