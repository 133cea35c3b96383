"""How the elements of a GS1 code are said to people. Source of the identifiers: the GS1 syntax dictionary."""

from collections.abc import Mapping

from agent.api.texts import LANGUAGES

_NAMES: Mapping[str, tuple[str, str]] = {
    "01": ("Code article GTIN", "Item number GTIN"),
    "10": ("Lot", "Batch"),
    "11": ("Date de production", "Production date"),
    "15": ("À utiliser de préférence avant", "Best before"),
    "17": ("Date limite", "Expiry date"),
    "21": ("N° de série", "Serial number"),
    "240": ("Référence produit", "Product reference"),
    "241": ("Référence client", "Customer reference"),
    "8003": ("Actif réutilisable GRAI", "Returnable asset GRAI"),
    "8004": ("Repère d’équipement GIAI", "Asset tag GIAI"),
}


def element(said: Mapping[str, str], language: str) -> str:
    """Return the name of an element, by the standard's own short title where we have no word for it."""
    identifier = said["identifier"]
    known = _NAMES.get(identifier)
    name = said["title"] if known is None else known[LANGUAGES.index(language)]
    return f"{name} ({identifier})"
