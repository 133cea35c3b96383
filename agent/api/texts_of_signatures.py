"""What the pages say of signatures, French and English."""

from collections.abc import Mapping

SIGNATURES: Mapping[str, tuple[str, str]] = {
    "signatures": ("Signatures", "Signatures"),
    "signer_name": ("Nom de la personne qui signe", "Name of whoever signs"),
    "signer_capacity": ("Qualité (facultatif)", "Capacity (optional)"),
    "sign_here": (
        "Signez dans le cadre, au doigt ou au stylet",
        "Sign in the box, by finger or pen",
    ),
    "sign": ("Signer", "Sign"),
    "sign_again": ("Signer à nouveau", "Sign again"),
    "sign_clear": ("Effacer le dessin", "Clear the drawing"),
    "sign_nothing": ("le cadre est vide : signez d’abord", "the box is empty: sign first"),
    "sign_says": (
        "La signature porte sur le rapport tel qu’il est affiché ; s’il change ensuite, il faut signer à nouveau.",
        "The signature is put under the report as it is shown; if it changes afterwards, sign again.",
    ),
    "close_unsigned": (
        "Ces signatures manquent, ou portent sur un rapport qui a changé depuis :",
        "These signatures are missing, or were put under a report that has changed since:",
    ),
    "signature.missing": ("pas encore signé", "not signed yet"),
    "signature.signed": ("signé", "signed"),
    "signature.outdated": (
        "signé, mais le rapport a changé depuis",
        "signed, but the report has changed since",
    ),
    "signature.conflict": (
        "deux signatures : signez à nouveau pour décider",
        "two signatures: sign again to decide",
    ),
}
