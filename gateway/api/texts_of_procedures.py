"""The words of procedures on the pages, French and English."""

from collections.abc import Mapping

PROCEDURE_TEXTS: Mapping[str, tuple[str, str]] = {
    "step": ("étape d’une procédure", "step of a procedure"),
    "decision": ("choix dans une procédure", "decision in a procedure"),
    "procedure": ("Procédure", "Procedure"),
    "procedure_finished": ("terminée", "finished"),
    "procedure_unfinished": ("pas terminée", "not finished"),
    "procedure_untouched": ("pas commencée", "not begun"),
    "step_begun": ("commencée", "begun"),
    "step_done": ("faite", "done"),
    "step_acknowledged": ("reconnu", "acknowledged"),
    "step_restarted": ("procédure recommencée", "procedure begun again"),
}
