"""Instruments that announce themselves by UDP and answer over HTTP."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import httpx
import structlog

from agent.ports import LinkLostError, Sighting
from drivers.catalog import INSTRUMENTS
from drivers.kit.description import Instrument, LanLink, LanSighting
from drivers.kit.link import Failed, HttpAnswered, HttpGet, LinkEvent, Request

log = structlog.get_logger()

ANSWER_WITHIN = 5.0
MAX_BODY = 1_000_000


@dataclass(frozen=True, slots=True)
class _Announced:
    instrument: Instrument
    link: LanLink


class LanWatcher:
    """A Watcher of UDP announcements."""

    def __init__(self, host: str, ports: dict[str, int] | None = None) -> None:
        self._host = host
        self._ports = ports or {}
        """Other UDP ports than the instruments' own, by slug; for tests and odd networks."""

    def rescan(self) -> None:
        """Nothing to do: announcements come by themselves."""

    async def watch(self, seen: Callable[[Sighting], None]) -> None:
        loop = asyncio.get_running_loop()
        transports: list[asyncio.DatagramTransport] = []
        try:
            for announced in _announced():
                port = self._ports.get(announced.instrument.slug, announced.link.port)
                try:
                    transport, _ = await loop.create_datagram_endpoint(
                        partial(_Listener, announced, seen), local_addr=(self._host, port)
                    )
                except OSError as error:
                    log.warning("announcements not heard", port=port, error=str(error))
                    continue
                transports.append(transport)
            await asyncio.Event().wait()
        finally:
            for transport in transports:
                transport.close()


def _announced() -> list[_Announced]:
    return [
        _Announced(instrument, link)
        for instrument in INSTRUMENTS
        for link in instrument.links
        if isinstance(link, LanLink)
    ]


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, announced: _Announced, seen: Callable[[Sighting], None]) -> None:
        self._announced = announced
        self._seen = seen

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        sighting = self._announced.link.identify(data, addr[0])
        if sighting is None:
            return
        self._seen(
            Sighting(
                instrument=self._announced.instrument,
                identity=replace(sighting.identity, address=sighting.host),
                medium="lan",
                rssi=None,
                connect=lambda: HttpLink(sighting),
                converse=self._announced.link.converse,
            )
        )


class HttpLink:
    """A Link to an instrument's HTTP server, on the first of its ports that answers."""

    def __init__(self, sighting: LanSighting) -> None:
        self._sighting = sighting
        self._client: httpx.AsyncClient | None = None
        self._base = ""

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        client = httpx.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False)
        for port in self._sighting.ports:
            base = f"http://{self._sighting.host}:{port}"
            try:
                await client.get(f"{base}/deviceInfo")
            except (httpx.HTTPError, httpx.InvalidURL):
                continue
            self._client, self._base = client, base
            return
        await client.aclose()
        raise LinkLostError(f"{self._sighting.host} answers on none of {self._sighting.ports}")

    async def carry_out(self, request: Request) -> LinkEvent | None:
        if self._client is None:
            raise LinkLostError("the link is closed")
        if not isinstance(request, HttpGet):
            return Failed(request, "not possible over HTTP")
        try:
            response = await self._client.get(self._base + request.path)
        except httpx.ConnectError as error:
            raise LinkLostError(f"no longer there: {error}") from error
        except httpx.HTTPError as error:
            return Failed(request, str(error) or type(error).__name__)
        if len(response.content) > MAX_BODY:
            return Failed(request, f"a document of more than {MAX_BODY} bytes")
        return HttpAnswered(request.path, response.status_code, response.content)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None
