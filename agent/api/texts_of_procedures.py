"""What the pages say of procedures, French and English."""

from collections.abc import Mapping

PROCEDURES: Mapping[str, tuple[str, str]] = {
    "procedure": ("Procédure", "Procedure"),
    "procedure_finished": ("terminée", "finished"),
    "procedure_to_finish": ("procédure à terminer", "procedure to finish"),
    "procedure_gone": (
        "Avec les valeurs actuelles, le formulaire ne la demande plus.",
        "As the values stand, the form does not ask for it any more.",
    ),
    "procedure_again": ("Recommencer depuis la première étape", "Begin again from the first step"),
    "procedure_again_confirm": (
        "Recommencer ? Ce qui est fait reste enregistré, mais ne compte plus : toutes les étapes sont à refaire.",
        "Begin again? What is done stays recorded, but counts no more: every step has to be done again.",
    ),
    "close_unfinished": (
        "Ces procédures ne sont pas terminées :",
        "These procedures are not finished:",
    ),
    "step_begin": ("Commencer", "Begin"),
    "step_begin_timer": ("Lancer le minuteur", "Start the timer"),
    "step_done": ("C’est fait", "Done"),
    "step_next": ("Étape suivante", "Next step"),
    "step_decide": ("Enregistrer ce choix", "Save this choice"),
    "step_acknowledge": ("J’en prends acte", "I acknowledge this"),
    "step_acknowledged": ("pris en compte", "acknowledged"),
    "step_lasts": ("durée : {time}", "lasts {time}"),
    "step_lasts_least": ("au moins {time}", "at least {time}"),
    "step_left": ("Temps restant", "Time left"),
    "step_over": ("Le temps est écoulé.", "The time is over."),
    "step_lost": (
        "L’appareil a redémarré : on ne sait pas combien de temps a passé. Recommencez cette étape.",
        "The device restarted: how much time passed is not known. Begin this step again.",
    ),
    "step_to_fill": ("À remplir pendant cette étape", "To be filled during this step"),
    "step_fills": ("Puis à remplir", "Then to be filled"),
    "step_source": ("Source", "Source"),
}
