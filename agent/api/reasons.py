"""Why something was refused, in the reader's language: French by English template, English as it was said."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Header

from agent.api.reasons_of_files import OF_FILES
from agent.api.reasons_of_instruments import OF_INSTRUMENTS
from agent.api.reasons_of_payments import OF_PAYMENTS
from agent.api.reasons_of_procedures import OF_PROCEDURES
from agent.api.texts import LANGUAGES, text, unit
from contract.forms.french import FRENCH as OF_FORMS
from contract.instrument import InstrumentClass
from contract.quantity import Quantity
from contract.unit import Unit
from contract.wire.base import Bilingual
from contract.words import first_accepted, translated

FRENCH: Mapping[str, str] = {
    "{field}: {reason}": "{field} : {reason}",
    "{first}; {then}": "{first} ; {then}",
    # The intervention and its reports.
    "{id} is not assigned to this agent": "{id} n’est pas affectée à cet agent",
    "it was given to somebody else: ask the office": "elle a été confiée à quelqu’un d’autre : demandez au bureau",
    "it is closed: have the office reopen it": "elle est clôturée : demandez au bureau de la rouvrir",
    "{id} has no report {report}": "{id} n’a pas de rapport {report}",
    "the form has no field {field}": "le formulaire n’a pas de champ {field}",
    "the form {form} has no such field": "le formulaire {form} n’a pas ce champ",
    "not possible now: the intervention is {stage}": "impossible maintenant : l’intervention est {stage}",
    "assigned": "affectée",
    "started": "en cours",
    "suspended": "suspendue",
    "closing": "en cours de clôture",
    "the form calculates this value: fill in what it is made from": (
        "le formulaire calcule cette valeur : remplissez ce dont elle est faite"
    ),
    "the form takes this value from an instrument only": "le formulaire n’accepte ici que la valeur d’un appareil",
    "say why the value is typed instead of measured": "indiquez pourquoi la valeur est saisie au lieu d’être mesurée",
    "{code} is no UCUM code known here": "{code} n’est pas un code UCUM connu ici",
    "there is no version {version} of {form} here": "il n’y a pas ici de version {version} de {form}",
    "still empty: {fields}; fill them or close it as incomplete": (
        "encore vides : {fields} ; remplissez-les ou clôturez comme incomplète"
    ),
    # Choosing the instrument.
    "name at least one field of the form": "nommez au moins un champ du formulaire",
    "{field} is named twice: name it once": "{field} est nommé deux fois : nommez-le une fois",
    "there is no request {id}": "il n’y a pas de demande {id}",
    "{count} requests are under way: wait for one to end": (
        "{count} demandes sont en cours : attendez que l’une se termine"
    ),
    "this value is typed: no instrument fills the field": (
        "cette valeur est saisie : aucun appareil ne remplit ce champ"
    ),
    "no instrument fills this field: type the answer": "aucun appareil ne remplit ce champ : saisissez la réponse",
    "{instrument} is not paired: pair it first": "{instrument} n’est pas appairé : appairez-le d’abord",
    "no paired instrument states {quantity}: pair one that does": (
        "aucun appareil appairé ne donne «\u00a0{quantity}\u00a0» : appairez-en un qui la donne"
    ),
    "{instrument} does not state {quantity} for this field: choose another one": (
        "{instrument} ne donne pas «\u00a0{quantity}\u00a0» pour ce champ : choisissez-en un autre"
    ),
    "{model} states {others}, and the form wants {substance}: choose it on the instrument": (
        "{model} donne {others}, et le formulaire veut {substance} : choisissez-le sur l’appareil"
    ),
    "no paired instrument with the role '{role}' states {quantity}: pair one in that role": (
        "aucun appareil appairé dans le rôle «\u00a0{role}\u00a0» ne donne «\u00a0{quantity}\u00a0» : "
        "appairez-en un dans ce rôle"
    ),
    "no paired instrument that fits states {quantity}: the form wants {kind}, pair one": (
        "aucun appareil appairé qui convienne ne donne «\u00a0{quantity}\u00a0» : "
        "le formulaire veut {kind}, appairez-en un"
    ),
    "not signed as they stand: {signatures}; have them signed or close it as incomplete": (
        "pas signés tels quels : {signatures} ; faites signer, ou terminez l’intervention comme incomplète"
    ),
    "the report has changed since: look at it again, then sign": (
        "le rapport a changé depuis : relisez-le, puis signez"
    ),
    "the form {form} asks for no such signature": "le formulaire {form} ne demande pas cette signature",
    "{name} leads to a place that the settings of this device do not name: see form_origins and return_schemes": (
        "{name} mène à un endroit que les réglages de cet appareil ne nomment pas : "
        "voyez form_origins et return_schemes"
    ),
    "the form asks for other fields by now: look, and measure again": (
        "le formulaire demande d’autres champs maintenant : regardez, et mesurez à nouveau"
    ),
    "the form does not ask for this as it stands": "le formulaire ne demande pas ceci, tel qu’il est rempli",
    "nobody is signed in on the device: sign in there": (
        "personne n’est connecté sur l’appareil : connectez-vous-y"
    ),
    "fill this in first: what is measured together depends on it": (
        "remplissez d’abord ceci : ce qui est mesuré ensemble en dépend"
    ),
    "several instruments could serve: choose one of {names}": (
        "plusieurs appareils conviennent : choisissez parmi {names}"
    ),
    "{model} was not zeroed since it was switched on: zero it": (
        "{model} n’a pas été mis à zéro depuis sa mise en marche : mettez-le à zéro"
    ),
    "{model} states no serial: its calibration proves nothing": (
        "{model} ne donne pas de numéro de série : son étalonnage ne prouve rien"
    ),
    "the calibration of {model} is {state}: use another one, or have it calibrated": (
        "étalonnage de {model} : {state} ; prenez un autre appareil, ou faites-le étalonner"
    ),
    "the calibration of {model} is {state}: say its date where it is paired": (
        "étalonnage de {model} : {state} ; dites sa date là où l’appareil est appairé"
    ),
    "unknown": "inconnu",
    "expired": "dépassé",
    # Sampling and saving.
    "the instrument states an error": "l’appareil signale une erreur",
    "{value} {unit} is outside what the form accepts: look at the instrument and where it measures": (
        "{value} {unit} : hors de ce que le formulaire accepte ; regardez l’appareil, et où il mesure"
    ),
    "{model} is not connected": "{model} n’est pas connecté",
    "not stable: the last values lie {spread} {unit} apart; keep still, and measure again": (
        "instable : les dernières valeurs s’écartent de {spread} {unit} ; ne bougez plus, et mesurez à nouveau"
    ),
    "{model} stated no value: start the measurement on it": (
        "{model} n’a donné aucune valeur : lancez la mesure sur l’appareil"
    ),
    "nothing was stated": "rien n’a été mesuré",
    "the disk is full: free some space and try again; nothing was saved": (
        "le disque est plein : libérez de la place et recommencez ; rien n’a été enregistré"
    ),
    "the agent is stopping: nothing was saved": "l’agent s’arrête : rien n’a été enregistré",
    # Instruments.
    "not seen yet": "pas encore vu",
    "silent": "muet",
    "the link was lost": "la liaison est perdue",
    "cannot connect: {error}": "connexion impossible : {error}",
    "there is no Bluetooth adapter: plug one in": "il n’y a pas d’adaptateur Bluetooth : branchez-en un",
    "Bluetooth is off: switch it on": "le Bluetooth est éteint : allumez-le",
    "this user may not use Bluetooth: have it allowed": (
        "cet utilisateur n’a pas accès au Bluetooth : faites-le autoriser"
    ),
    "the bonding is out of date: remove the instrument from the system's Bluetooth devices, and bond it afresh": (
        "l’appairage Bluetooth est périmé : retirez l’instrument des appareils du système, puis ajoutez-le de nouveau"
    ),
    "the instrument wants to be bonded first: bond it in the system's Bluetooth devices": (
        "l’instrument doit d’abord être ajouté aux appareils Bluetooth du système"
    ),
    "the radio holds as many connections as it can: unpair an instrument that is not needed": (
        "la radio ne tient pas plus de connexions : retirez un instrument dont vous n’avez pas besoin"
    ),
    "the Bluetooth service does not answer: start bluetoothd": (
        "le service Bluetooth ne répond pas : démarrez bluetoothd"
    ),
    "no such instrument is near: switch it on and scan again": (
        "pas d’appareil de ce nom à proximité : allumez-le et cherchez à nouveau"
    ),
    "another serial": "un autre numéro de série",
    "the same serial at another address, {address}: pair again if it is yours": (
        "le même numéro de série à une autre adresse, {address} : appairez à nouveau si c’est le vôtre"
    ),
    "another instrument answers, with serial {serial}: pair that one": (
        "un autre appareil répond, de numéro de série {serial} : appairez celui-là"
    ),
    "the instrument is not connected: switch it on and bring it near": (
        "l’appareil n’est pas connecté : allumez-le et approchez-le"
    ),
    "{model} does not know how to do that": "{model} ne sait pas faire cela",
    "this is under way: wait until it has ended": "c’est en cours : attendez la fin",
    "the instrument did not answer: look at its display": "l’appareil n’a pas répondu : regardez son écran",
    "the instrument did not do it: {reason}": "l’appareil ne l’a pas fait : {reason}",
    "no acknowledgement within {seconds} s": "pas d’accusé de réception en {seconds} s",
    "the instrument is switching itself off": "l’appareil s’éteint",
    "its advertisements are encrypted: give its key, when it is paired or with --bind-key": (
        "ses annonces sont chiffrées : donnez sa clé, à l’appairage ou avec --bind-key"
    ),
    "this computer does not tell its address, and without it cannot decrypt": (
        "cet ordinateur ne donne pas son adresse, et sans elle ne peut pas déchiffrer"
    ),
    "no instrument is connected": "aucun appareil n’est raccordé",
    "there are no results": "il n’y a pas de résultats",
    "not possible over the network": "impossible par le réseau",
    "cannot open {path}: is it plugged in, and free?": (
        "impossible d’ouvrir {path} : est-il branché, et libre ?"
    ),
    "{host} does not answer on {ports}: look at its network": (
        "{host} ne répond pas sur {ports} : vérifiez son réseau"
    ),
    "is not hexadecimal": "n’est pas de l’hexadécimal",
    "this instrument needs no key: leave it out": "cet appareil n’a pas besoin de clé : laissez vide",
    "must have {size} bytes": "doit avoir {size} octets",
    "{path} is gone": "{path} a disparu",
    # What is stated at pairing.
    "is before the date of calibration: correct one of the two": (
        "est avant la date d’étalonnage : corrigez l’une des deux"
    ),
    "is in the future: correct it, or this device's clock": (
        "est dans le futur : corrigez-la, ou l’heure de cet appareil"
    ),
    # Scanned codes.
    "{model} has not said its serial since it connected: wait a moment": (
        "{model} n’a pas dit son numéro de série depuis sa connexion : attendez un instant"
    ),
    "there is no recent code {scan}: scan it again": "pas de code récent {scan} : scannez-le à nouveau",
    "the code has no element {element}": "le code n’a pas d’élément {element}",
    "{field} does not take a code": "{field} n’accepte pas de code",
    # Readings from files.
    **OF_FILES,
    # Procedures.
    **OF_PAYMENTS,
    **OF_PROCEDURES,
    **OF_FORMS,
    # Signing in.
    "too many wrong PINs: wait {seconds} s": "trop de codes PIN faux : attendez {seconds} s",
    "this name and PIN do not fit": "ce nom et ce code PIN ne vont pas ensemble",
    "sign in with your PIN": "connectez-vous avec votre code PIN",
    # What is wrong with a request.
    "must have 1 to {most} characters": "doit avoir de 1 à {most} caractères",
    "must be text, true or false; null clears the field": (
        "doit être un texte, true ou false ; null vide le champ"
    ),
    "is required": "est obligatoire",
    "is not known here: look at its spelling": "n’est pas connu ici : vérifiez l’orthographe",
    "is not JSON: {error}": "n’est pas du JSON : {error}",
    "must not be empty": "ne doit pas être vide",
    "must have at most {max_length} characters": "doit avoir au plus {max_length} caractères",
    "must match {pattern}": "doit avoir la forme {pattern}",
    "must be 1 to 64 characters of a-z, 0-9 and '-'": "doit avoir de 1 à 64 caractères parmi a-z, 0-9 et '-'",
    "must be 1 to 64 characters of a-z, 0-9 and '_', a letter first": (
        "doit avoir de 1 à 64 caractères parmi a-z, 0-9 et '_', en commençant par une lettre"
    ),
    "must be text": "doit être un texte",
    "has characters that are not Unicode": "contient des caractères hors d’Unicode",
    "give at least {min_length}": "donnez-en au moins {min_length}",
    "give at most {max_length}": "donnez-en au plus {max_length}",
    "must be at least {ge}": "doit être au moins {ge}",
    "must be at most {le}": "doit être au plus {le}",
    "must be less than {lt}": "doit être inférieur à {lt}",
    "must be a whole number": "doit être un nombre entier",
    "must be a number": "doit être un nombre",
    "must be true or false": "doit être true ou false",
    "must be a path": "doit être un chemin",
    "must be a list": "doit être une liste",
    "must be a table, in JSON an object": "doit être une table, en JSON un objet",
    "must be one of {expected}": "doit être parmi {expected}",
    "must be a day, as in 2026-11-24": "doit être un jour, comme 2026-11-24",
    "must be a time with its zone, as in 2026-11-24T08:00:00+01:00": (
        "doit être une heure avec son fuseau, comme 2026-11-24T08:00:00+01:00"
    ),
    **OF_INSTRUMENTS,
}


def _codes(language: str) -> dict[str, str]:
    return {
        **{code: text(f"quantity.{code}", language) for code in Quantity},
        **{code: unit(code, language) for code in Unit},
        **{code: text(f"class.{code}", language) for code in InstrumentClass},
    }


_SPOKEN: Mapping[str, tuple[Mapping[str, str], str]] = {
    "fr": ({**_codes("fr"), **FRENCH}, ","),
    "en": (_codes("en"), "."),
}
"""By language: how sentences and codes are said, and the sign before the decimals."""


LONGEST = 200
"""Characters of a short text on the wire."""


def said(reason: str | None, language: str) -> str | None:
    """Return a reason in ``language``; what other libraries said stays as it is."""
    return None if reason is None else translated(reason, *_SPOKEN[language])


def in_both_languages(reason: str) -> Bilingual:
    """Return a reason as it is said to whoever reads either language, cut where the wire has no room."""
    fr, en = (str(said(reason, each))[:LONGEST] for each in LANGUAGES)
    return Bilingual(fr=fr, en=en)


def language(accept_language: Annotated[str, Header()] = "") -> str:
    """Return the language of an answer: the first of ours that the header names, otherwise English."""
    return first_accepted(accept_language, LANGUAGES) or "en"


Language = Annotated[str, Depends(language)]
