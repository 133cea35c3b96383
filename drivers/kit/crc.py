"""Check values of frames."""


def _reflected_table(polynomial: int) -> tuple[int, ...]:
    table: list[int] = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ polynomial if value & 1 else value >> 1  # noqa: PLW2901 - the shift register
        table.append(value)
    return tuple(table)


_MODBUS = _reflected_table(0xA001)
_MCRF4XX = _reflected_table(0x8408)


def crc16_modbus(data: bytes) -> int:
    """CRC-16/MODBUS: polynomial 8005 reflected, initial FFFF; check("123456789") = 4B37."""
    return _reflected(_MODBUS, data)


def crc16_mcrf4xx(data: bytes) -> int:
    """CRC-16/MCRF4XX: polynomial 1021 reflected, initial FFFF; check("123456789") = 6F91."""
    return _reflected(_MCRF4XX, data)


def crc16_kermit(data: bytes) -> int:
    """CRC-16/KERMIT: polynomial 1021 reflected, initial 0; check("123456789") = 2189."""
    return _reflected(_MCRF4XX, data, 0)


def _reflected(table: tuple[int, ...], data: bytes, initial: int = 0xFFFF) -> int:
    crc = initial
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc
