"""How what came over a link stands in a recording, both ways."""

import struct
from collections.abc import Callable, Mapping
from typing import Any

from drivers.kit.link import (
    AdvertisementSeen,
    CharacteristicRead,
    HttpAnswered,
    LinkEvent,
    Notified,
    ReadRegisters,
    Received,
    RegistersRead,
)

Table = Mapping[str, Any]


def _registers(table: Table, data: bytes) -> LinkEvent:
    name, address, count = table["registers"].split()
    if name not in {"holding", "input"}:
        raise ValueError(f"{name} is no table of registers")
    block = ReadRegisters("holding" if name == "holding" else "input", int(address), int(count))
    return RegistersRead(block, struct.unpack(f">{len(data) // 2}H", data))


def _advertisement(table: Table, data: bytes) -> LinkEvent:
    service, maker = table.get("service_data"), table.get("manufacturer_data")
    return AdvertisementSeen(
        local_name=table.get("name", ""),
        address=table.get("address", ""),
        service_data={} if service is None else {service: data},
        manufacturer_data={} if maker is None else {int(maker): data},
    )


_READERS: Mapping[str, Callable[[Table, bytes], LinkEvent]] = {
    "notified": lambda table, data: Notified(table["notified"], data),
    "read": lambda table, data: CharacteristicRead(table["read"], data),
    "http": lambda table, data: HttpAnswered(table["http"], table["status"], data),
    "registers": _registers,
    "service_data": _advertisement,
    "manufacturer_data": _advertisement,
    "received": lambda _, data: Received(data),
}
"""By the key that says how it came."""


def read(table: Table) -> LinkEvent:
    """Return one event of a recording; raises KeyError and ValueError when it is none."""
    data = bytes.fromhex(table["data"]) if "data" in table else table["text"].encode()
    make = next((make for key, make in _READERS.items() if key in table), _READERS["received"])
    return make(table, data)


def written(event: LinkEvent) -> tuple[str, bytes] | None:
    """Return how an event came, in TOML, and its bytes; None for what is not recorded."""
    match event:
        case Notified(uuid=uuid, data=data):
            kept = f'notified = "{uuid}"', data
        case CharacteristicRead(uuid=uuid, data=data):
            kept = f'read = "{uuid}"', data
        case Received(data=data):
            kept = "received = true", data
        case RegistersRead(request=block, values=values):
            head = f'registers = "{block.table} {block.address} {block.count}"'
            kept = head, struct.pack(f">{len(values)}H", *values)
        case AdvertisementSeen(service_data=services) if services:
            uuid, data = next(iter(services.items()))
            kept = f'service_data = "{uuid}"', data
        case AdvertisementSeen(manufacturer_data=makers) if makers:
            maker, data = next(iter(makers.items()))
            kept = f"manufacturer_data = {maker}", data
        case HttpAnswered(path=path, status=status, body=body):
            kept = f'http = "{path}"\nstatus = {status}', body
        case _:
            return None
    return kept
