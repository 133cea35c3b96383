"""Check values, a bit at a time."""


def crc16_modbus(covered: bytes) -> int:
    """Return CRC-16/MODBUS: polynomial A001 reflected, initial FFFF, no final exclusive-or."""
    return _crc16(covered, 0xA001)


def crc16_mcrf4xx(covered: bytes) -> int:
    """Return CRC-16/MCRF4XX: polynomial 8408 reflected, initial FFFF, no final exclusive-or."""
    return _crc16(covered, 0x8408)


def _crc16(covered: bytes, reflected: int) -> int:
    remainder = 0xFFFF
    for byte in covered:
        for place in range(8):
            carry = (remainder ^ byte >> place) & 1
            remainder >>= 1
            if carry:
                remainder ^= reflected
    return remainder
