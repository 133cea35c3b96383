"""Cables: a pseudo-terminal, or a TCP port, with a wired instrument at the near end."""

import asyncio
import contextlib
import os
import pty
import socket
import tempfile
import tty
from collections import deque
from collections.abc import AsyncGenerator
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware_sims.kit.faults import Fault, slices
from firmware_sims.kit.ports import listening
from firmware_sims.kit.serving import LOOPBACK
from firmware_sims.kit.way import delay, on_the_way
from firmware_sims.kit.wired import WiredInstrument

LONGEST_WRITE = 256
AT_ONCE = 4096


class Outlet:
    """Frames on their way out of an instrument, with what its faults do to them."""

    def __init__(self, instrument: WiredInstrument) -> None:
        self._instrument = instrument
        self._due: deque[tuple[float, bytes]] = deque()

    def pieces(self) -> list[bytes]:
        """Return what leaves now, as it is cut."""
        instrument = self._instrument
        late = instrument.elapsed + delay(instrument.faults)
        said = on_the_way(instrument.take_outgoing(), instrument.faults, instrument.chance)
        self._due.extend((late, frame) for frame in said)
        leaving: list[bytes] = []
        while self._due and self._due[0][0] <= instrument.elapsed:
            chance = instrument.chance if Fault.SPLIT in instrument.faults else None
            longest = 1 if Fault.SINGLE_BYTES in instrument.faults else LONGEST_WRITE
            leaving += slices(self._due.popleft()[1], longest, chance)
        return leaving


class Cable:
    """The near end of a pseudo-terminal. Its path stays the same when it is plugged in again."""

    def __init__(self, instrument: WiredInstrument) -> None:
        self._instrument = instrument
        self._outlet = Outlet(instrument)
        self._folder = tempfile.TemporaryDirectory(prefix="releve-sim-")
        self._path = Path(self._folder.name) / f"{instrument.slug}-{instrument.serial}"
        self._ends: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        self._plug_in()
        self._instrument.place = str(self._path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unplug()
        self._folder.cleanup()

    def tend(self) -> None:
        """Follow the instrument in and out of reach, take in what came, and send what waits."""
        if self._instrument.out_of_reach:
            self._unplug()
            self._instrument.unplugged()
        elif not self._ends:
            self._plug_in()
        self._listen()

    def _listen(self) -> None:
        if self._ends is None:
            return
        with contextlib.suppress(BlockingIOError, OSError):
            self._instrument.heard(os.read(self._ends[0], AT_ONCE))
        for piece in self._outlet.pieces():
            # Nobody reads and the line is full: an instrument does not wait.
            with contextlib.suppress(BlockingIOError):
                os.write(self._ends[0], piece)

    def _plug_in(self) -> None:
        near, far = pty.openpty()
        tty.setraw(near)
        tty.setraw(far)
        os.set_blocking(near, False)
        self._ends = (near, far)
        self._path.symlink_to(os.ttyname(far))
        self._instrument.plugged_in()
        # Without a loop, as in a plain test, only `tend` listens.
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().add_reader(near, self._listen)

    def _unplug(self) -> None:
        if self._ends is None:
            return
        with contextlib.suppress(RuntimeError):
            asyncio.get_running_loop().remove_reader(self._ends[0])
        self._path.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = None


class Jack:
    """A TCP port with the instrument behind it; one peer at a time, the latest."""

    def __init__(self, instrument: WiredInstrument, port: int) -> None:
        self._instrument = instrument
        self._outlet = Outlet(instrument)
        self._peer: socket.socket | None = None
        self._door: socket.socket | None = None
        self._open(port)

    def tend(self) -> None:
        """Follow the instrument in and out of reach, and send what waits."""
        instrument = self._instrument
        if instrument.refuses_connections:
            self._shut()
        elif self._door is None:
            # Somebody else may have the port for a moment.
            with contextlib.suppress(OSError):
                self._open(self._port)
        if instrument.out_of_reach:
            self._hang_up()
        if self._peer is None:
            instrument.take_outgoing()
            return
        for piece in self._outlet.pieces():
            # Nobody reads and the line is full, or nobody is there: an instrument does not wait.
            with contextlib.suppress(OSError):
                self._peer.send(piece)

    def close(self) -> None:
        """Let go of the port and of the peer."""
        self._shut()
        self._hang_up()

    def _open(self, port: int) -> None:
        self._door = socket.create_server((LOOPBACK, port))
        self._door.settimeout(0)
        self._port = int(self._door.getsockname()[1])
        self._instrument.place = f"{LOOPBACK}:{self._port}"
        asyncio.get_running_loop().add_reader(self._door, self._let_in, self._door)

    def _shut(self) -> None:
        if self._door is not None:
            asyncio.get_running_loop().remove_reader(self._door)
            self._door.close()
            self._door = None

    def _let_in(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            peer, _ = door.accept()
            self._hang_up()
            peer.settimeout(0)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peer = peer
            self._instrument.plugged_in()
            asyncio.get_running_loop().add_reader(peer, self._listen, peer)

    def _listen(self, peer: socket.socket) -> None:
        try:
            data = peer.recv(AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._instrument.heard(data)
            self.tend()
        else:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._peer is not None:
            asyncio.get_running_loop().remove_reader(self._peer)
            self._peer.close()
            self._peer = None
        self._instrument.unplugged()


@contextlib.asynccontextmanager
async def on_tcp(instrument: WiredInstrument, port: int = 0) -> AsyncGenerator[Jack]:
    """Serve an instrument on the loopback while the context lasts."""
    with listening(port, "--port"):
        jack = Jack(instrument, port)
    try:
        yield jack
    finally:
        jack.close()
