"""What forms say to people, in French, by English template: of typed answers, and of calculations."""

from collections.abc import Mapping

from contract.calculations.french import FRENCH as OF_CALCULATIONS

FRENCH: Mapping[str, str] = {
    **OF_CALCULATIONS,
    "answer yes or no": "répondez par oui ou par non",
    "give a text": "donnez un texte",
    "choose one of {choices}": "choisissez parmi {choices}",
    "{answer} is not a number: write it in digits, as in 20.8": (
        "{answer} n’est pas un nombre : écrivez-le en chiffres, comme 20,8"
    ),
    "{value} is not a whole number": "{value} n’est pas un nombre entier",
    "{value} is less than {minimum}": "{value} : il faut au moins {minimum}",
    "{value} is more than {maximum}": "{value} : il faut au plus {maximum}",
    "give at least {count} characters": "donnez au moins {count} caractères",
    "give at most {count} characters": "donnez au plus {count} caractères",
    "the form wants another pattern: {pattern}": "le formulaire attend un autre format : {pattern}",
    "{quantity} cannot be converted from {source} to {target}": (
        "« {quantity} » ne se convertit pas de {source} en {target}"
    ),
    "this field has no unit: leave it out": "ce champ n’a pas d’unité : laissez-la de côté",
    "{answer} is no day: write it as in 2026-11-24": "{answer} n’est pas un jour : écrivez-le comme 2026-11-24",
    "{value} {unit} is outside what the form accepts": "{value} {unit} : hors de ce que le formulaire accepte",
    "the office gave '{fact}': {reason}": "donné d’avance : « {fact} » ; {reason}",
}
