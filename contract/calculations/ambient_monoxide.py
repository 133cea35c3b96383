"""Carbon monoxide in the room of a boiler: the law's classes and its sentences.

Source: arrêté du 15 septembre 2009 (NOR DEVE0918467A), annexe 5, with the bound of 1 July 2014.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Final


class Ambient(StrEnum):
    """What the law calls a content of carbon monoxide."""

    NORMAL = "normal"
    ANOMALY = "anomaly"
    DANGER = "danger"


ANOMALY_FROM: Final = Decimal(10)
DANGER_FROM: Final = Decimal(50)
"""In ppm."""

SENTENCES: Final = {
    Ambient.NORMAL: "La situation est normale",
    Ambient.ANOMALY: (
        "Il y a anomalie de fonctionnement nécessitant impérativement des investigations complémentaires concernant le "
        "tirage du conduit de fumée et la ventilation du local"
    ),
    Ambient.DANGER: (
        "Il y a un danger grave et imminent nécessitant la mise à l'arrêt de la chaudière et la recherche du "
        "dysfonctionnement avant remise en service"
    ),
}
"""To be reproduced as they stand."""


def ambient(ppm: Decimal) -> Ambient:
    """Return the class of a content in ppm, compared as it was read and not as it is shown."""
    if ppm >= DANGER_FROM:
        return Ambient.DANGER
    return Ambient.ANOMALY if ppm >= ANOMALY_FROM else Ambient.NORMAL
