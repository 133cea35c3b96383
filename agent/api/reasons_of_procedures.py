"""Why a step of a procedure was refused: French by English template."""

from collections.abc import Mapping

OF_PROCEDURES: Mapping[str, str] = {
    "the form does not ask for it as the values stand: look at its answers": (
        "le formulaire ne la demande pas avec ces valeurs : regardez ses réponses"
    ),
    "the form has no procedure {procedure}": "le formulaire n’a pas de procédure {procedure}",
    "the procedure has no step {step}": "la procédure n’a pas d’étape {step}",
    "a procedure is begun again from its first step, {step}": (
        "une procédure se recommence à sa première étape, {step}"
    ),
    "nothing of it is done yet: begin it": "rien n’en est fait encore : commencez-la",
    "the procedure is finished: begin it again from its first step": (
        "la procédure est terminée : recommencez-la à sa première étape"
    ),
    "not the turn of this step: that is {step}": "ce n’est pas le tour de cette étape : c’est {step}",
    "there is nothing to choose here: leave it out": "il n’y a rien à choisir ici : laissez vide",
    "this step has no beginning: say when it is done": (
        "cette étape ne se commence pas : dites quand elle est faite"
    ),
    "what this step says must be acknowledged": "ce que dit cette étape doit être reconnu",
    "nothing to acknowledge here: say when it is done": (
        "il n’y a rien à reconnaître ici : dites quand c’est fait"
    ),
    "this step has begun already: say when it is done": (
        "cette étape est déjà commencée : dites quand elle est faite"
    ),
    "this step has not begun: begin it": "cette étape n’est pas commencée : commencez-la",
    "the device restarted, and how long it lasted is not known: begin it again": (
        "l’appareil a redémarré, et on ne sait pas combien de temps cela a duré : recommencez-la"
    ),
    "too early: wait {seconds} s more": "trop tôt : attendez encore {seconds} s",
    "still empty: fill it, then say that the step is done": (
        "encore vide : remplissez-le, puis dites que l’étape est faite"
    ),
    "its value does not come from this step: capture it again, or type it": (
        "sa valeur ne vient pas de cette étape : mesurez de nouveau, ou saisissez-la"
    ),
    "not finished: {procedures}; finish them or close it as incomplete": (
        "pas terminées : {procedures} ; terminez-les ou clôturez comme incomplète"
    ),
}
