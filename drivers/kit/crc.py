"""Check values of frames."""


def _reflected_table(polynomial: int) -> tuple[int, ...]:
    table: list[int] = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ polynomial if value & 1 else value >> 1  # noqa: PLW2901 - the shift register
        table.append(value)
    return tuple(table)


_MODBUS = _reflected_table(0xA001)


def crc16_modbus(data: bytes) -> int:
    """CRC-16/MODBUS: polynomial 8005 reflected, initial FFFF; check("123456789") = 4B37."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _MODBUS[(crc ^ byte) & 0xFF]
    return crc
