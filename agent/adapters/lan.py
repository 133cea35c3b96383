"""Instruments that announce themselves by UDP and answer over HTTP."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address

import httpx
import structlog

from agent.ports import LinkLostError, Sighting
from contract.words import Words
from drivers.catalog import Catalogue
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

    def __init__(
        self, catalogue: Catalogue, host: str, ports: dict[str, int] | None = None
    ) -> None:
        self._catalogue = catalogue
        self._host = host
        self._ports = ports or {}
        """Other UDP ports than the instruments' own, by slug; for tests and odd networks."""

    def rescan(self) -> None:
        """Nothing to do: announcements come by themselves."""

    async def watch(self, seen: Callable[[Sighting], None]) -> None:
        loop = asyncio.get_running_loop()
        transports: list[asyncio.DatagramTransport] = []
        try:
            for announced in _announced(self._catalogue):
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


def _announced(catalogue: Catalogue) -> list[_Announced]:
    return [
        _Announced(instrument, link)
        for instrument in catalogue.values()
        for link in instrument.links
        if isinstance(link, LanLink)
    ]


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, announced: _Announced, seen: Callable[[Sighting], None]) -> None:
        self._announced = announced
        self._seen = seen

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        sighting = self._announced.link.identify(data, addr[0])
        # An announcement may state any text as its address: only an address is asked.
        if sighting is None or not _is_address(sighting.host):
            return
        self._seen(
            Sighting(
                instrument=self._announced.instrument,
                identity=replace(sighting.identity, address=sighting.host),
                medium="lan",
                rssi=None,
                connect=lambda: HttpLink(sighting),
                converse=lambda _: self._announced.link.converse(),
            )
        )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class HttpLink:
    """A Link to an instrument's HTTP server, on the first of its ports that answers."""

    def __init__(self, sighting: LanSighting) -> None:
        self._sighting = sighting
        self._client: httpx.AsyncClient | None = None
        self._base = ""

    async def open(
        self, deliver: Callable[[LinkEvent], None], lost: Callable[[str], None]
    ) -> None:
        self._client = httpx.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False)
        answers = False
        try:
            for port in self._sighting.ports:
                self._base = f"http://{_in_url(self._sighting.host)}:{port}"
                answers = await self._answers(self._client)
                if answers:
                    return
        finally:
            if not answers:
                await self.close()
        ports = ", ".join(str(each) for each in self._sighting.ports)
        raise LinkLostError(
            Words(
                "{host} does not answer on {ports}: look at its network",
                host=self._sighting.host,
                ports=ports,
            )
        )

    async def _answers(self, client: httpx.AsyncClient) -> bool:
        with suppress(httpx.ConnectError):
            return isinstance(await self._get(client, HttpGet("/deviceInfo")), HttpAnswered)
        return False

    async def carry_out(self, request: Request) -> LinkEvent | None:
        if self._client is None:
            raise LinkLostError("the link is closed")
        if not isinstance(request, HttpGet):
            return Failed(request, "not possible over HTTP")
        try:
            return await self._get(self._client, request)
        except httpx.ConnectError as error:
            raise LinkLostError("the link was lost") from error

    async def _get(self, client: httpx.AsyncClient, request: HttpGet) -> LinkEvent:
        """Get a document, if it comes whole in time and is not too large; raises httpx.ConnectError."""
        body = bytearray()
        try:
            async with (
                asyncio.timeout(ANSWER_WITHIN),
                client.stream("GET", self._base + request.path) as response,
            ):
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > MAX_BODY:
                        return Failed(request, f"a document of more than {MAX_BODY} bytes")
            return HttpAnswered(request.path, response.status_code, bytes(body))
        except httpx.ConnectError:
            raise
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return Failed(request, str(error) or type(error).__name__)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None
