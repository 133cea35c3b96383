"""The version that is installed."""

from importlib.metadata import PackageNotFoundError, version


def installed() -> str:
    """Return the version of the distribution, ``0`` when it is not installed."""
    try:
        return version("releve")
    except PackageNotFoundError:
        return "0"
