"""What the codes of a payment mean, French and English, for the pages of agent and gateway."""

from collections.abc import Mapping

CODES: Mapping[str, tuple[str, str]] = {
    "operation.charge": ("Paiement", "Payment"),
    "operation.refund": ("Remboursement", "Refund"),
    "operation.reversal": ("Annulation", "Reversal"),
    # How it stands.
    "paying.created": ("Connexion au terminal…", "Reaching the terminal…"),
    "paying.sending": ("Envoi du montant…", "Sending the amount…"),
    "paying.sent": ("Regardez le terminal", "Look at the terminal"),
    "paying.pending": ("Présentez votre carte", "Present your card"),
    "paying.approved": ("Accepté", "Approved"),
    "paying.declined": ("Refusé", "Declined"),
    "paying.cancelled": ("Abandonné", "Cancelled"),
    "paying.not_sent": ("Pas demandé", "Not asked for"),
    "paying.unknown": ("À vérifier", "To be checked"),
    # What happens at the terminal.
    "shown.insert": ("Insérez ou présentez la carte", "Insert or present the card"),
    "shown.host": ("La banque est interrogée…", "Asking the bank…"),
    "shown.wait": ("Patientez…", "Please wait…"),
    "shown.dialling": ("Le terminal se connecte…", "The terminal connects…"),
    "shown.reversing": (
        "Le terminal annule de lui-même : regardez-le",
        "The terminal undoes something by itself: look at it",
    ),
    "shown.declined": ("Refusé", "Declined"),
    "shown.take_card": ("Reprenez la carte", "Take the card"),
    # Why it ended so, as the terminal says.
    "why.authorised": ("autorisé", "authorised"),
    "why.refused": ("refusé par la banque", "refused by the bank"),
    "why.forbidden": ("interdit", "forbidden"),
    "why.call": ("la banque demande un appel", "the bank wants to be called"),
    "why.abandoned": ("abandonné au terminal", "given up at the terminal"),
    "why.stopped": ("arrêté au terminal", "stopped at the terminal"),
    "why.timed_out": ("délai dépassé", "time ran out"),
    "why.not_completed": ("pas terminé", "not completed"),
    "why.busy": ("terminal occupé", "the terminal is busy"),
    "why.not_taken": (
        "le terminal n’a pas pris la demande",
        "the terminal did not take the request",
    ),
    "why.not_understood": (
        "demande non comprise par le terminal",
        "not understood by the terminal",
    ),
    "why.currency": ("monnaie non acceptée", "the currency is not taken"),
    "why.amount": ("montant non accepté", "the amount is not taken"),
    "why.not_ready": (
        "le terminal n’est pas prêt : faites ce que son écran demande",
        "the terminal is not ready: do what its display asks for",
    ),
    "why.already_reversed": ("déjà annulé", "undone already"),
    "why.not_reversible": ("ne peut pas être annulé", "cannot be undone"),
    "why.unstated": ("sans motif connu", "no known reason"),
    # Why nobody knows.
    "doubt.not_acknowledged": (
        "la demande est partie, le terminal n’en a pas accusé réception",
        "the request was sent, and the terminal did not acknowledge it",
    ),
    "doubt.silent": ("le terminal n’a pas répondu à temps", "the terminal did not answer in time"),
    "doubt.link_lost": ("la liaison a été perdue", "the link was lost"),
    "doubt.interrupted": ("l’agent s’est arrêté entre-temps", "the agent stopped in between"),
    "doubt.contradiction": ("le terminal se contredit", "the terminal contradicts itself"),
    "doubt.other_reference": (
        "la réponse porte une autre référence",
        "the answer names another reference",
    ),
    "doubt.other_amount": ("la réponse porte un autre montant", "the answer names another amount"),
    "doubt.other_currency": (
        "la réponse porte une autre monnaie",
        "the answer names another currency",
    ),
    "doubt.other_operation": (
        "la réponse concerne autre chose",
        "the answer is about something else",
    ),
    "doubt.unexplained": (
        "aucune source n’explique cette réponse",
        "no source explains this answer",
    ),
    "doubt.unreadable": ("la réponse est illisible", "the answer cannot be read"),
    "doubt.not_there": (
        "interrogé ensuite, le terminal n’en sait rien, ce qui ne prouve rien",
        "asked afterwards, the terminal knows nothing of it, which proves nothing",
    ),
    # Why nothing was asked.
    "unsent.no_connection": ("terminal injoignable", "the terminal cannot be reached"),
    "unsent.no_answer": ("le terminal ne répond pas", "the terminal does not answer"),
    "unsent.busy": ("terminal occupé", "the terminal is busy"),
    "unsent.not_registered": (
        "le terminal n’accepte pas cette caisse : vérifiez son mot de passe",
        "the terminal does not accept this till: check its password",
    ),
    "unsent.withdrawn": ("arrêté avant l’envoi", "stopped before it was sent"),
    "unsent.interrupted": (
        "l’agent s’est arrêté avant l’envoi",
        "the agent stopped before sending",
    ),
    "unsent.not_saved": ("n’a pas pu être enregistré", "could not be saved"),
    # What it rests on.
    "settled.terminal": ("dit par le terminal", "stated by the terminal"),
    "settled.late_answer": ("dit par le terminal, en retard", "stated by the terminal, late"),
    "settled.enquiry": (
        "dit par le terminal, interrogé ensuite",
        "stated by the terminal when asked",
    ),
    "settled.person": ("dit par une personne", "stated by a person"),
    "entry.contact": ("puce", "chip"),
    "entry.contactless": ("sans contact", "contactless"),
    "entry.stripe": ("piste", "stripe"),
    "entry.keyed": ("saisie", "keyed"),
}
