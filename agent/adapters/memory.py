"""Give memory back that only the start needed."""

import ctypes
import gc


def give_back() -> None:
    """Return free memory to the system where the C library can: imports leave several megabytes of holes."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
