"""Check values, a bit at a time."""


def crc16_modbus(covered: bytes) -> int:
    """Return CRC-16/MODBUS: polynomial A001 reflected, initial FFFF, no final exclusive-or."""
    return _crc16(covered, 0xA001)


def crc16_mcrf4xx(covered: bytes) -> int:
    """Return CRC-16/MCRF4XX: polynomial 8408 reflected, initial FFFF, no final exclusive-or."""
    return _crc16(covered, 0x8408)


def crc16_kermit(covered: bytes) -> int:
    """Return CRC-16/KERMIT: polynomial 8408 reflected, initial 0, no final exclusive-or."""
    return _crc16(covered, 0x8408, initial=0)


def _crc16(covered: bytes, reflected: int, *, initial: int = 0xFFFF) -> int:
    remainder = initial
    for byte in covered:
        for place in range(8):
            carry = (remainder ^ byte >> place) & 1
            remainder >>= 1
            if carry:
                remainder ^= reflected
    return remainder
