"""Check values, a bit at a time."""


def crc16_modbus(covered: bytes) -> int:
    """Return CRC-16/MODBUS: polynomial A001 reflected, initial FFFF, no final exclusive-or."""
    remainder = 0xFFFF
    for byte in covered:
        for place in range(8):
            carry = (remainder ^ byte >> place) & 1
            remainder >>= 1
            if carry:
                remainder ^= 0xA001
    return remainder
