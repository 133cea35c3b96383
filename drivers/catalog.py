"""Every instrument the product supports."""

from drivers import combustion, probe, scanner
from drivers.kit.description import Instrument

INSTRUMENTS: tuple[Instrument, ...] = (
    *combustion.INSTRUMENTS,
    *probe.INSTRUMENTS,
    *scanner.INSTRUMENTS,
)

BY_SLUG = {instrument.slug: instrument for instrument in INSTRUMENTS}
