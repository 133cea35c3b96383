"""Instruments on serial lines, through serialx."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import serialx
import structlog

from agent.adapters.places import hanging, on_network
from agent.adapters.tty import TERMINAL_ERRORS, possible
from agent.ports import LinkLostError, Sighting
from contract.words import Words
from drivers.kit.description import Instrument, LineSettings, SerialLink
from drivers.kit.link import Failed, LinkEvent, Received, Request, Send

log = structlog.get_logger()

LINE_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    ValueError,
    serialx.SerialException,
    *TERMINAL_ERRORS,
)

_PARITY = {
    "none": serialx.Parity.NONE,
    "even": serialx.Parity.EVEN,
    "odd": serialx.Parity.ODD,
}


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A line, and what a person says hangs on it; there while its device file is.

    ``path`` may also be ``host:port``: a line behind a network adapter that passes bytes as they are.
    """

    instrument: Instrument
    link: SerialLink
    path: str

    def is_there(self) -> bool:
        return on_network(self.path) is not None or Path(self.path).exists()

    def sighting(self) -> Sighting:
        """Return the instrument as it shows itself."""
        return hanging(
            self.instrument, self.link, self.path, lambda: SerialLine(self.path, self.link.line)
        )


class SerialLine(asyncio.Protocol):
    """A Link over one serial line."""

    def __init__(self, path: str, settings: LineSettings) -> None:
        self._path = path
        self._settings = possible(path, settings)
        self._transport: asyncio.Transport | None = None
        self._deliver: Callable[[LinkEvent], None] | None = None
        self._lost: Callable[[str], None] | None = None

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        self._deliver, self._lost = deliver, lost
        try:
            transport, _ = await serialx.create_serial_connection(
                asyncio.get_running_loop(),
                lambda: self,
                self._path if on_network(self._path) is None else f"socket://{self._path}",
                baudrate=self._settings.baud_rate,
                exclusive=True,
                bytesize=self._settings.data_bits,
                parity=_PARITY[self._settings.parity],
                stopbits=serialx.StopBits(float(self._settings.stop_bits)),
            )
        except LINE_ERRORS as error:
            raise LinkLostError(
                Words("cannot open {path}: is it plugged in, and free?", path=self._path)
            ) from error
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._deliver is not None:
            self._deliver(Received(bytes(data)))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._lost is not None:
            log.debug("line lost", path=self._path, error=str(exc))
            self._lost(Words("{path} is gone", path=self._path))

    async def carry_out(self, request: Request) -> LinkEvent | None:
        if self._transport is None or self._transport.is_closing():
            raise LinkLostError(Words("{path} is gone", path=self._path))
        if not isinstance(request, Send):
            return Failed(request, "not possible on a serial line")
        try:
            self._transport.write(request.data)
        except LINE_ERRORS as error:
            raise LinkLostError(Words("{path} is gone", path=self._path)) from error
        return None

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
