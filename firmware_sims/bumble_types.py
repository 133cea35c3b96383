"""What is used of bumble where its own annotations are loose. Only casts lead here."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from bumble.core import UUID
from bumble.gatt import Characteristic
from bumble.gatt_client import DescriptorProxy


class ScanParameters(Protocol):
    """The command LE Set Extended Scan Parameters."""

    scan_types: Sequence[int]


class Connecting(Protocol):
    """A device that may be waiting for a connection."""

    async def cancel_connection(self) -> None:
        """Tell the controller to give up."""


class Answering(Protocol):
    """A host that may await the controller's answer."""

    pending_response: asyncio.Future[Any] | None


class RemoteCharacteristic(Protocol):
    """A characteristic of the peer."""

    handle: int
    uuid: UUID
    properties: Characteristic.Properties

    async def read_value(self) -> bytes:
        """Read, with long reads if need be."""
        ...

    async def write_value(self, value: bytes, with_response: bool = False) -> None:  # noqa: FBT001, FBT002 - bumble's own
        """Write."""

    async def subscribe(self, subscriber: Callable[[bytes], None]) -> None:
        """Set the client characteristic configuration."""

    async def unsubscribe(self, subscriber: Callable[[bytes], None]) -> None:
        """Clear the client characteristic configuration."""

    async def discover_descriptors(self) -> list[DescriptorProxy]:
        """Find the descriptors."""
        ...


class RemoteService(Protocol):
    """A service of the peer."""

    handle: int
    uuid: UUID

    async def discover_characteristics(self) -> "list[RemoteCharacteristic]":
        """Find the characteristics."""
        ...
