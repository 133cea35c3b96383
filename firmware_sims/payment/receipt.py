"""The ticket that a terminal prints for the customer."""

from firmware_sims.payment.order import Kind, Outcome

TITLES = {Kind.DEBIT: "DÉBIT", Kind.CREDIT: "CRÉDIT", Kind.CANCELLATION: "ANNULATION"}
WIDTH = 32
LONGEST = 675
"""In base64 it must fit into AK."""
FOOT = (
    "TICKET CLIENT",
    "À CONSERVER",
    "MERCI DE VOTRE VISITE",
    "LE PAIEMENT PAR CARTE EST IRRÉVOCABLE.",
    "TOUTE RÉCLAMATION EST À ADRESSER",
    "À L'ÉTABLISSEMENT QUI TIENT LE COMPTE",
    "AUQUEL CETTE CARTE EST RATTACHÉE.",
    "TERMINAL SIMULÉ : CE TICKET NE PROUVE",
    "AUCUN PAIEMENT ET N'OUVRE AUCUN DROIT.",
)


def receipt(outcome: Outcome, card: str, expiry: str) -> str:
    """Return the lines of a ticket, in characters of Latin-1."""
    order = outcome.order
    euros, cents = divmod(outcome.amount, 100)
    lines = (
        "CARTE BANCAIRE",
        "A00000000159352874191",
        f"LE {outcome.at:%d/%m/%y À %H:%M:%S}",
        "CHAUFFAGE DE L'ÉTÉ",
        "69001 LYON",
        f"CARTE {card}",
        f"FIN {expiry}",
        f"N° AUTO {outcome.code}",
        f"RÉF {order.reference}",
        "MONTANT".ljust(12) + f"{euros},{cents // 10}{cents % 10} {order.currency}",
        TITLES[order.kind],
        *FOOT,
    )
    return "".join(line.center(WIDTH) + "\n" for line in lines)[:LONGEST]
