"""Every instrument the product supports by itself. Others are added beside these, from packages and from files."""

from collections.abc import Mapping
from types import MappingProxyType

from drivers import combustion, leak, probe, scanner
from drivers.kit.description import Instrument

Catalogue = Mapping[str, Instrument]
"""Instruments by slug."""

INSTRUMENTS: tuple[Instrument, ...] = (
    *combustion.INSTRUMENTS,
    *leak.INSTRUMENTS,
    *probe.INSTRUMENTS,
    *scanner.INSTRUMENTS,
)

BUILT_IN: Catalogue = MappingProxyType({each.slug: each for each in INSTRUMENTS})
