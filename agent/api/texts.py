"""The words of the technician's pages, French and English; French where neither is asked for."""

from collections.abc import Mapping

from agent.api.texts_of_codes import CODES, UNITS
from agent.api.texts_of_files import FILES
from agent.api.texts_of_payments import PAYMENTS
from agent.api.texts_of_procedures import PROCEDURES
from agent.api.texts_of_signatures import SIGNATURES
from contract.words import first_accepted

LANGUAGES = ("fr", "en")

TEXTS: Mapping[str, tuple[str, str]] = {
    **CODES,
    **FILES,
    **PAYMENTS,
    **SIGNATURES,
    **PROCEDURES,
    # Every page
    "skip": ("Aller au contenu", "Skip to content"),
    "today": ("Interventions", "Interventions"),
    "instruments": ("Instruments", "Instruments"),
    "loading": ("Chargement…", "Loading…"),
    "script_needed": (
        "Ces pages ont besoin de JavaScript : autorisez-le pour cette adresse.",
        "These pages need JavaScript: allow it for this address.",
    ),
    "lost": ("Déconnecté de l’agent", "Disconnected from the agent"),
    "failed": (
        "L’agent n’a pas pu montrer cette page. Rechargez-la ; si cela dure, redémarrez l’agent.",
        "The agent could not show this page. Reload it; if that does not help, restart the agent.",
    ),
    "unknown_here": (
        "Cette intervention n’est pas confiée à cet agent.",
        "This intervention is not assigned to this agent.",
    ),
    "to_send": ("à envoyer", "to send"),
    "all_sent": ("Tout est envoyé", "All sent"),
    "office_reached": ("bureau joint", "office reached"),
    "office_not_reached": ("bureau non joint", "office not reached"),
    "colon": (" : ", ": "),
    "yes": ("oui", "yes"),
    "no": ("non", "no"),
    "cancel": ("Annuler", "Cancel"),
    "confirm": ("Confirmer", "Confirm"),
    "reason_stated": ("Motif donné par l’agent", "Reason given by the agent"),
    # Signing in
    "sign_in": ("Se connecter", "Sign in"),
    "sign_out": ("Se déconnecter", "Sign out"),
    "technician": ("Identifiant", "Name"),
    "pin": ("Code PIN", "PIN"),
    "sign_in_first": (
        "Identifiez-vous pour voir vos interventions.",
        "Sign in to see your interventions.",
    ),
    "signed_out": (
        "Votre session a pris fin : identifiez-vous de nouveau. Ce que vous étiez en train d’écrire est gardé.",
        "Your session has ended: sign in again. What you were typing is kept.",
    ),
    # The interventions
    "none_yet": ("Rien ne vous est confié pour l’instant.", "Nothing is assigned to you yet."),
    "none_yet_do": (
        "Demandez au bureau de confier une intervention à cet agent ({agent}). "
        "Elle apparaîtra ici d’elle-même dès que le bureau est joint.",
        "Ask the office to assign an intervention to this agent ({agent}). "
        "It will show here by itself as soon as the office is reached.",
    ),
    "required_empty": ("obligatoires encore vides :", "required, still empty:"),
    "complete": ("complet", "complete"),
    "withdrawn": (
        "Confiée à quelqu’un d’autre : voyez avec le bureau.",
        "Given to somebody else: ask the office.",
    ),
    "form_missing": (
        "Un formulaire n’est pas encore arrivé du bureau.",
        "A form has not arrived from the office yet.",
    ),
    "customer": ("Client", "Customer"),
    "address": ("Adresse", "Address"),
    "starts": ("Début prévu", "Planned start"),
    "instructions": ("Consignes", "Instructions"),
    "back": ("Toutes les interventions", "All interventions"),
    "quarantined": (
        "Le bureau a mis une capture de côté et doit l’examiner",
        "The office has set a capture aside and must look at it",
    ),
    "closed_says": (
        "Intervention terminée : rien ne peut plus être changé ici.",
        "Intervention closed: nothing can be changed here any more.",
    ),
    "add_note": ("Ajouter une note", "Add a note"),
    "note": ("Note", "Note"),
    "save": ("Enregistrer", "Save"),
    "prefilled": ("connu avant la visite", "known before the visit"),
    "proposed": ("proposé, à confirmer ou à changer", "proposed, to be confirmed or changed"),
    "not_prefilled": ("non prérempli", "not filled in beforehand"),
    "source.company": ("l’entreprise", "the company"),
    "source.customer": ("le client", "the customer"),
    "source.site": ("le lieu", "the site"),
    "source.appliance": ("l’appareil", "the appliance"),
    "source.visit": ("le rendez-vous", "the appointment"),
    "source.last_visit": ("la dernière visite", "the last visit"),
    "earlier": ("Valeurs antérieures, conservées : {count}", "Earlier values, kept: {count}"),
    "fill_refused": (
        "Ces champs ne peuvent pas être remplis ici",
        "These fields cannot be filled here",
    ),
    "back_with_values": ("Retour avec les valeurs", "Back, with the values"),
    "back_without": ("Retour sans rien remettre", "Back, without handing anything over"),
    "back_once_filled": (
        "Le retour vers l’autre application apparaît une fois ces champs remplis.",
        "The way back to the other app shows once these fields are filled.",
    ),
    # Closing
    "close_title": ("Terminer l’intervention ?", "Close the intervention?"),
    "close_says": (
        "Après cela, plus rien ne peut être changé ici.",
        "After this, nothing can be changed here any more.",
    ),
    "close_missing": (
        "Ces champs obligatoires sont encore vides :",
        "These required fields are still empty:",
    ),
    "close_incomplete": ("Terminer incomplète", "Close as incomplete"),
    # Reports and fields
    "required": ("obligatoire", "required"),
    "measure": ("Mesurer", "Measure"),
    "measure_all": ("Mesurer les champs cochés", "Measure the ticked fields"),
    "to_measure": ("à mesurer", "to measure"),
    "none_ticked": ("Cochez au moins un champ.", "Tick at least one field."),
    "measured_with": ("Mesurer avec", "Measure with"),
    "any_instrument": ("celui qui répond", "whichever answers"),
    "locked": ("par un instrument seulement", "by an instrument only"),
    "type_short": ("Saisir", "Type"),
    "type": ("Saisir à la main", "Type by hand"),
    "value": ("Valeur", "Value"),
    "why_typed": ("Pourquoi saisir au lieu de mesurer ?", "Why typed instead of measured?"),
    "clear": ("Vider le champ", "Clear the field"),
    "choose": ("Choisir…", "Choose…"),
    "typed": ("saisi à la main", "typed by hand"),
    "computed": ("calculé", "calculated"),
    "computed_from": ("à partir de", "from"),
    "constants": ("constantes", "constants"),
    "not_computed": ("pas calculé", "not calculated"),
    "scanned": ("code lu", "scanned code"),
    "serial": ("N° de série", "Serial"),
    "role": ("Rôle", "Role"),
    "by": ("par", "by"),
    "until": ("jusqu’au", "until"),
    "conflict_says": (
        "Plusieurs valeurs réclament ce champ. Mesurez de nouveau, ou saisissez la bonne.",
        "Several values claim this field. Measure again, or type the right one.",
    ),
    "codes_read": ("Codes lus", "Scanned codes"),
    "use_code": ("Utiliser", "Use"),
    "ago": ("il y a {age}", "{age} ago"),
    # What the browser says while something goes on
    "sending": ("Envoi à l’agent…", "Sending to the agent…"),
    "saved": ("Enregistré", "Saved"),
    "done": ("Fait", "Done"),
    "refused": ("Refusé", "Refused"),
    "see_field": (
        "Refusé : voyez plus bas le champ en cause.",
        "Refused: see the field at fault below.",
    ),
    "other_refused": (
        "Non enregistré : un autre champ est en cause.",
        "Not saved: another field is at fault.",
    ),
    "not_reached": (
        "L’agent ne répond pas : rien n’est sûr d’être enregistré. Réessayez.",
        "The agent does not answer: nothing is sure to be saved. Try again.",
    ),
    "again_after_sign_in": (
        "Pas enregistré : identifiez-vous, puis recommencez.",
        "Not saved: sign in, then do it again.",
    ),
    "spread": ("écart", "spread"),
    "read": ("lu", "read"),
    "see_instruments": ("Voir les instruments", "See the instruments"),
    # Instruments
    "scan_again": ("Chercher de nouveau", "Scan again"),
    "no_instruments": ("Aucun instrument à portée.", "No instrument is near."),
    "no_instruments_do": (
        "Allumez l’instrument, approchez-le, puis cherchez de nouveau.",
        "Switch the instrument on, bring it near, then scan again.",
    ),
    "paired": ("appairé", "paired"),
    "not_paired": ("non appairé", "not paired"),
    "near": ("à portée", "near"),
    "not_near": ("hors de portée", "not near"),
    "hangs": ("Adresse", "Address"),
    "place_gone": ("rien ne s’y trouve", "nothing is there"),
    "place_gone_do": (
        "Branchez-le, ou corrigez l’adresse dans les réglages de l’agent.",
        "Plug it in, or correct the address in the agent’s settings.",
    ),
    "connected": ("connecté", "connected"),
    "not_connected": ("non connecté", "not connected"),
    "signal": ("Signal", "Signal"),
    "battery": ("Batterie", "Battery"),
    "calibration": ("Étalonnage", "Calibration"),
    "certificate": ("Certificat", "Certificate"),
    "calibrated_on": ("Étalonné le", "Calibrated on"),
    "calibration_due": ("Étalonnage à refaire avant le", "Calibration due"),
    "evidence": ("Pilote", "Driver"),
    "zero_needed": ("pas encore mise à zéro", "not zeroed yet"),
    "zeroed": ("mise à zéro faite", "zeroed"),
    "stranger": (
        "Vous appairez l’appareil {serial} à la place de {former} : indiquez son étalonnage à lui.",
        "You pair instrument {serial} in the place of {former}: state its own calibration.",
    ),
    "weak": (
        "Identité faible : l’instrument ne dit pas son numéro de série. "
        "Il ne peut pas remplir un champ qui exige un étalonnage.",
        "Weak identity: the instrument states no serial. "
        "It cannot fill a field that requires a calibration.",
    ),
    "unmapped": (
        "L’instrument donne aussi ces valeurs, que Relevé ne reprend pas :",
        "The instrument also states these values, which Relevé does not take over:",
    ),
    "live": ("Valeurs en direct", "Live values"),
    "no_values": ("L’instrument n’a encore rien dit.", "The instrument has said nothing yet."),
    "acts": ("Commandes", "Commands"),
    "under_way": ("En cours : regardez l’instrument…", "Under way: watch the instrument…"),
    "pair": ("Appairer", "Pair"),
    "pair_again": ("Corriger l’appairage", "Correct the pairing"),
    "role_says": (
        "Ce que l’instrument mesure ici, si le formulaire le demande.",
        "What the instrument measures here, if the form asks for it.",
    ),
    "bind_key": ("Clé de chiffrement", "Encryption key"),
    "bind_key_says": (
        "{digits} chiffres hexadécimaux, si l’instrument chiffre ses annonces.",
        "{digits} hexadecimal digits, if the instrument encrypts its advertisements.",
    ),
    "bind_key_kept": (
        "Une clé est gardée. Pour la remplacer : {digits} chiffres hexadécimaux.",
        "A key is kept. To replace it: {digits} hexadecimal digits.",
    ),
    "fuel": ("combustible réglé sur l’instrument :", "fuel set on the instrument:"),
    "skipped": ("interrogations manquées", "polls skipped"),
    "roles_asked": ("Les formulaires d’ici demandent", "The forms here ask for"),
    "role_wanted": (
        "Demande un instrument dans le rôle «\u00a0{role}\u00a0», donné à l’appairage.",
        "Asks for an instrument in the role “{role}”, given at pairing.",
    ),
    "unpair": ("Retirer l’appairage", "Unpair"),
    "unpair_confirm": (
        "Retirer l’appairage de {model} ? Il faudra redonner son rôle et son étalonnage.",
        "Unpair {model}? Its role and calibration will have to be stated again.",
    ),
}

IN_THE_BROWSER = (
    *(
        "colon",
        "sending",
        "saved",
        "see_field",
        "done",
        "refused",
        "other_refused",
        "not_reached",
        "spread",
        "read",
    ),
    *("again_after_sign_in", "see_instruments", "none_ticked", "signed_out", "sign_in_first"),
    *("file_read", "file_none", "file_too_large", "sign_nothing", "step_over"),
    *("reason_stated", "under_way", "no_values", "ago", "failed", "unknown_here", "cancel"),
    *(each for each in CODES if each.startswith(("capture.", "quantity.", "status."))),
)
"""The texts that scripts show."""


def text(key: str, language: str) -> str:
    """Return a text; a key nobody translated is shown as it is."""
    pair = TEXTS.get(key)
    return key if pair is None else pair[LANGUAGES.index(language)]


def number(value: object, language: str) -> str:
    """Write a number with the language's decimal sign."""
    return str(value).replace(".", ",") if language == "fr" else str(value)


def unit(code: object, language: str) -> str:
    """Write a unit for people."""
    shown = UNITS.get(str(code), str(code))
    return shown.replace("/an", "/yr") if language == "en" else shown


def age(seconds: float) -> str:
    """Write how long ago something was."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def chosen(asked: str | None, header: str) -> str:
    """Return the language of a page: the one asked for, else the browser's first of ours, else French."""
    return asked if asked in LANGUAGES else first_accepted(header, LANGUAGES) or LANGUAGES[0]
