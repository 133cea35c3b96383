"""UUIDs of Bluetooth: a short one stands for a whole one.

Source of the base: Bluetooth Core Specification, Vol 3, Part B, §2.5.1.
"""

BASE = "-0000-1000-8000-00805f9b34fb"


def whole(uuid: str) -> str:
    """Return a UUID of 16 or 128 bits, in hexadecimal, as 128 bits in lower case."""
    return f"0000{uuid}{BASE}".lower() if len(uuid) == 4 else uuid.lower()
