"""The words of the pages, French and English; French is the language unless another is asked for."""

from collections.abc import Mapping

from contract import number as numbers
from contract.payment.amount import shown
from contract.payment.codes import CODES
from contract.payment.money import Money
from contract.words import first_accepted
from gateway.api.texts_of_procedures import PROCEDURE_TEXTS
from gateway.api.texts_of_reports import REPORT_TEXTS

LANGUAGES = ("fr", "en")

TEXTS: Mapping[str, tuple[str, str]] = {
    "interventions": ("Interventions", "Interventions"),
    "intervention": ("Intervention", "Intervention"),
    "captures": ("Captures", "Captures"),
    "agents": ("Agents", "Agents"),
    "agent": ("Agent", "Agent"),
    "quarantine": ("Quarantaine", "Quarantine"),
    "stage": ("Étape", "Stage"),
    "customer": ("Client", "Customer"),
    "address": ("Adresse", "Address"),
    "starts": ("Début prévu", "Planned start"),
    "instructions": ("Consignes", "Instructions"),
    "assigned_to": ("Confiée à", "Assigned to"),
    "assign": ("Confier", "Assign"),
    "assign_to": ("Confier à", "Assign to"),
    "nobody": ("personne", "nobody"),
    "report": ("Rapport", "Report"),
    "field": ("Champ", "Field"),
    "value": ("Valeur", "Value"),
    "instrument": ("Instrument", "Instrument"),
    "instruments": ("Instruments", "Instruments"),
    "serial": ("N° de série", "Serial"),
    "role": ("rôle", "role"),
    "calibration": ("Étalonnage", "Calibration"),
    "calibration_valid": ("étalonnage valide", "calibration valid"),
    "calibration_expired": ("étalonnage échu", "calibration expired"),
    "calibration_unknown": ("étalonnage inconnu", "calibration unknown"),
    "until": ("jusqu’au", "until"),
    "taken": ("Relevé", "Taken"),
    "by": ("par", "by"),
    "typed": ("saisi à la main", "typed by hand"),
    "computed": ("calculé", "calculated"),
    "computed_from": ("à partir de", "from"),
    "constants": ("constantes", "constants"),
    "not_computed": ("pas calculé", "not calculated"),
    "provenance": ("Provenance", "Provenance"),
    "place": ("Place dans la chaîne", "Place in the chain"),
    "epoch": ("époque", "epoch"),
    "link": ("Empreinte du maillon", "Link hash"),
    "signature": ("Signature", "Signature"),
    "verified": ("vérifiée", "verified"),
    "not_verified": ("ne correspond pas", "does not fit"),
    "readings": ("valeurs", "readings"),
    "required": ("obligatoire", "required"),
    "empty": ("non renseigné", "empty"),
    "filled": ("renseigné", "filled"),
    "conflict": ("conflit", "conflict"),
    "earlier": ("valeurs antérieures, conservées", "earlier values, kept"),
    "prefilled": ("connu avant la visite", "known before the visit"),
    "proposed": ("proposé, à confirmer", "proposed, to be confirmed"),
    "not_prefilled": ("non prérempli", "not filled in beforehand"),
    "source_company": ("l’entreprise", "the company"),
    "source_customer": ("le client", "the customer"),
    "source_site": ("le lieu", "the site"),
    "source_appliance": ("l’appareil", "the appliance"),
    "source_visit": ("le rendez-vous", "the appointment"),
    "source_last_visit": ("la dernière visite", "the last visit"),
    "signatures": ("Signatures", "Signatures"),
    "signature_missing": ("pas encore signé", "not signed yet"),
    "signature_signed": ("signé", "signed"),
    "signature_outdated": (
        "signé, mais le rapport a changé depuis",
        "signed, but the report has changed since",
    ),
    "signature_conflict": (
        "deux signatures, aucune ne remplace l’autre",
        "two signatures, neither replaces the other",
    ),
    "conflict_says": (
        "Plusieurs captures réclament ce champ : une personne doit choisir.",
        "Several captures claim this field: a person must choose.",
    ),
    "within": ("dans les limites", "within limits"),
    "warn": ("à surveiller", "to watch"),
    "reject": ("hors limites", "out of limits"),
    "ok": ("correct", "ok"),
    "below_range": ("sous l’étendue", "below range"),
    "above_range": ("au-dessus de l’étendue", "above range"),
    "unstable": ("instable", "unstable"),
    "not_measured": ("non mesuré", "not measured"),
    "error": ("erreur", "error"),
    "yes": ("oui", "yes"),
    "no": ("non", "no"),
    "when": ("Reçue le", "Received"),
    "kind": ("Nature", "Kind"),
    "outcome": ("Suite", "Outcome"),
    "reason": ("Motif", "Reason"),
    "attached": ("rattachée", "attached"),
    "quarantined": ("en quarantaine", "quarantined"),
    "forked": ("fourche", "forked"),
    "refused": ("refusée", "refused"),
    "measurement": ("mesure", "measurement"),
    "entry": ("saisie", "entry"),
    "transition": ("étape", "step"),
    "scan": ("lecture de code", "scan"),
    "note": ("note", "note"),
    "payment": ("paiement", "payment"),
    "payments": ("Paiements", "Payments"),
    "amount_due": ("À payer", "Due"),
    "amount_paid": ("Payé", "Paid"),
    "amount_left": ("Reste à payer", "Still to pay"),
    "amount_over": ("Payé en trop", "Paid too much"),
    "nothing_paid": ("rien encore", "nothing yet"),
    "ticket": ("Ticket", "Ticket"),
    "payment_unknown": (
        "D’un paiement, personne ne sait encore s’il a eu lieu : il n’est compté nulle part.",
        "Of one payment nobody knows yet whether it was made: it is counted nowhere.",
    ),
    "import": ("reprise d’un fichier", "import from a file"),
    "imported": ("repris d’un fichier", "imported from a file"),
    "not_taken": (
        "non retenu : ce champ demande un instrument appairé",
        "not taken: this field asks for a paired instrument",
    ),
    "file_hash": ("empreinte", "hash"),
    "file_measurement": ("mesure n°", "measurement no."),
    "file_instrument": ("instrument selon le fichier", "instrument as the file says"),
    "file_moment": ("moment selon le fichier", "moment as the file says"),
    "not_said": ("non indiqué", "not said"),
    "online": ("en ligne", "online"),
    "offline": ("hors ligne", "offline"),
    "revoked": ("révoqué", "revoked"),
    "state_unknown": ("jamais vu", "never seen"),
    "last_seen": ("Vu le", "Last seen"),
    "last_capture": ("Dernière capture", "Last capture"),
    "outbox": ("En attente d’envoi", "Waiting to be sent"),
    "enrolled": ("Enregistré le", "Enrolled"),
    "key": ("Clé", "Key"),
    "connected": ("connecté", "connected"),
    "not_connected": ("non connecté", "not connected"),
    "battery": ("batterie", "battery"),
    "problem": ("Impossible", "Not possible"),
    "commands": ("Ordres", "Commands"),
    "rescan": ("rechercher les instruments", "look for instruments"),
    "unanswered": ("sans réponse", "no answer"),
    "done": ("fait", "done"),
    "failed": ("échoué", "failed"),
    "expired": ("périmé", "expired"),
    "topic": ("Sujet", "Topic"),
    "times": ("fois", "times"),
    "size": ("octets", "bytes"),
    "next": ("Suite", "More"),
    "none": ("Rien à montrer.", "Nothing to show."),
    "waits_for": ("Attend encore", "Still waits for"),
    "export": ("Exporter les preuves", "Export the evidence"),
    "skip": ("Aller au contenu", "Skip to content"),
    "steps": ("Déroulement", "Course"),
    "start": ("commencée", "started"),
    "suspend": ("suspendue", "suspended"),
    "resume": ("reprise", "resumed"),
    "close": ("terminée", "closed"),
    "created": ("créée", "created"),
    "planned": ("planifiée", "planned"),
    "assigned": ("confiée", "assigned"),
    "started": ("en cours", "started"),
    "suspended": ("suspendue", "suspended"),
    "closing": ("terminée, réception en cours", "closed, captures arriving"),
    "completed": ("complète", "completed"),
    "validated": ("validée", "validated"),
    "cancelled": ("annulée", "cancelled"),
    "cached": (
        "État annoncé par l’agent ; non signé.",
        "State as the agent announced it; not signed.",
    ),
    "barcode scanner, plain lines": (
        "lecteur de codes-barres, lignes simples",
        "barcode scanner, plain lines",
    ),
    "barcode scanner, lines with a check byte": (
        "lecteur de codes-barres, lignes avec octet de contrôle",
        "barcode scanner, lines with a check byte",
    ),
    "Zebra scanner, SSI": ("lecteur Zebra, SSI", "Zebra scanner, SSI"),
    "KELLER manometer, gauge pressure": (
        "manomètre KELLER, pression relative",
        "KELLER manometer, gauge pressure",
    ),
    "KELLER manometer, absolute pressure": (
        "manomètre KELLER, pression absolue",
        "KELLER manometer, absolute pressure",
    ),
    "environmental sensor": ("capteur d’ambiance", "environmental sensor"),
    "BTHome sensor": ("capteur BTHome", "BTHome sensor"),
    "intro": ("Relevé, la passerelle", "Relevé, the gateway"),
    **REPORT_TEXTS,
    **PROCEDURE_TEXTS,
    **CODES,
}

UNITS: Mapping[str, str] = {
    "1": "",
    "[ppm]": "ppm",
    "[ppb]": "ppb",
    "Cel": "°C",
    "[degF]": "°F",
    "[psi]": "psi",
    "[in_i'H2O]": "inH₂O",
    "g/m3": "g/m³",
    "mg/m3": "mg/m³",
    "ug/m3": "µg/m³",
    "mg/(kW.h)": "mg/kWh",
    "m3/h": "m³/h",
    "Pa.m3/s": "Pa·m³/s",
    "mbar.L/s": "mbar·L/s",
    "g/a": "g/an",
    "kg/a": "kg/an",
    "[in_i]": "in",
    "[ft_i]": "ft",
}
"""How units are written for people; a unit that is not here is written by its code."""


def text(key: str, language: str) -> str:
    """Return a text; a key nobody translated is shown as it is."""
    pair = TEXTS.get(key)
    return key if pair is None else pair[LANGUAGES.index(language)]


def number(value: str, language: str) -> str:
    """Write a number with the language's decimal sign."""
    return value.replace(".", ",") if language == "fr" else value


def money(value: Money, language: str) -> str:
    """Write an amount with its currency."""
    return f"{number(shown(value), language)} {value.currency}"


def figure(value: str, language: str) -> str:
    """Write a number for paper: thousands parted by a narrow space, which no language reads as a decimal sign."""
    whole, point, decimals = f"{numbers.parse(value):,f}".partition(".")
    return number(whole.replace(",", "\N{NARROW NO-BREAK SPACE}") + point + decimals, language)


def unit(code: str, language: str) -> str:
    """Write a unit for people."""
    shown = UNITS.get(code, code)
    return shown.replace("/an", "/yr") if language == "en" else shown


def chosen(query: str | None, accepted: str) -> str:
    """Return the language of a page: the one asked for, else the browser's first of ours, else French."""
    return query if query in LANGUAGES else first_accepted(accepted, LANGUAGES) or LANGUAGES[0]
