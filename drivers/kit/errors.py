"""Errors a driver raises; all derive from DriverError."""


class DriverError(Exception):
    """Base of every error raised under ``drivers``."""


class FrameError(DriverError):
    """A frame or document cannot be used; ``raw`` holds its bytes for the log."""

    def __init__(self, message: str, raw: bytes = b"") -> None:
        super().__init__(message)
        self.raw = raw
