"""From advertising data, a structure at a time, to bleak's words."""

from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_16
from bumble.device import Advertisement

UUIDS_16, UUIDS_128 = (0x02, 0x03), (0x06, 0x07)
NAMES = (0x08, 0x09)
TX_POWER, SERVICE_DATA_16, SERVICE_DATA_128, MANUFACTURER = 0x0A, 0x16, 0x21, 0xFF


def advertisement_data(advertisement: Advertisement) -> AdvertisementData:
    """Return what a device advertises; a UUID that is said twice is returned once."""
    name: str | None = None
    power: int | None = None
    uuids: dict[str, None] = {}
    services: dict[str, bytes] = {}
    manufacturers: dict[int, bytes] = {}
    for kind, said in advertisement.data.ad_structures:
        if kind in NAMES:
            name = said.decode("utf-8", "replace")
        elif kind in UUIDS_16:
            uuids |= dict.fromkeys(_uuids(said, 2))
        elif kind in UUIDS_128:
            uuids |= dict.fromkeys(_uuids(said, 16))
        elif kind == SERVICE_DATA_16 and len(said) >= 2:
            services[_uuid(said[:2])] = said[2:]
        elif kind == SERVICE_DATA_128 and len(said) >= 16:
            services[_uuid(said[:16])] = said[16:]
        elif kind == MANUFACTURER and len(said) >= 2:
            manufacturers[said[0] | said[1] << 8] = said[2:]
        elif kind == TX_POWER and said:
            power = said[0] - 256 if said[0] > 127 else said[0]
    return AdvertisementData(
        name, manufacturers, services, list(uuids), power, advertisement.rssi, (advertisement,)
    )


def _uuids(said: bytes, size: int) -> list[str]:
    whole = len(said) - len(said) % size
    return [_uuid(said[at : at + size]) for at in range(0, whole, size)]


def _uuid(little_endian: bytes) -> str:
    if len(little_endian) == 2:
        return normalize_uuid_16(little_endian[0] | little_endian[1] << 8)
    digits = little_endian[::-1].hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
