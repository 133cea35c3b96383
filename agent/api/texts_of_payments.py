"""What the pages say of payments, French and English."""

from collections.abc import Mapping

PAYMENTS: Mapping[str, tuple[str, str]] = {
    "payments": ("Paiements", "Payments"),
    "payment": ("Paiement", "Payment"),
    "amount": ("Montant", "Amount"),
    "amount_due": ("À payer", "Due"),
    "amount_paid": ("Payé", "Paid"),
    "amount_left": ("Reste à payer", "Still to pay"),
    "amount_over": ("Payé en trop", "Paid too much"),
    "nothing_paid": ("rien encore", "nothing yet"),
    "of_amount": ("sur {amount}", "of {amount}"),
    "terminal": ("Terminal", "Terminal"),
    "take_payment": ("Encaisser par carte", "Take a card payment"),
    "refund": ("Rembourser", "Give money back"),
    "refund_confirm": (
        "Rembourser ce montant sur la carte ?",
        "Give this amount back to the card?",
    ),
    "reversal": ("Annuler le paiement entier", "Undo the whole payment"),
    "reversal_confirm": ("Annuler le paiement entier ?", "Undo the whole payment?"),
    "payment_open": ("Ce paiement n’est pas encore réglé :", "This payment is not settled yet:"),
    "see_payment": ("Voir le paiement", "See the payment"),
    "back_to_visit": ("Retour à l’intervention", "Back to the intervention"),
    "no_payments": ("Aucun paiement encore.", "No payments yet."),
    "no_payments_do": (
        "Un paiement se demande depuis la page d’une intervention.",
        "A payment is asked for on the page of an intervention.",
    ),
    "no_terminal": (
        "Aucun terminal n’est associé : voyez la page Paiements.",
        "No terminal is paired: see the page Payments.",
    ),
    "terminals": ("Terminaux", "Terminals"),
    "no_terminals": (
        "Les réglages de l’agent ne nomment aucun terminal de paiement.",
        "The agent’s settings name no payment terminal.",
    ),
    "terminal_pair": ("Associer ce terminal", "Pair this terminal"),
    "terminal_pair_confirm": (
        "Ce terminal est-il bien le vôtre ? Les montants de vos clients lui seront envoyés.",
        "Is this terminal really yours? Your customers’ amounts will be sent to it.",
    ),
    "terminal_unpair": ("Retirer l’association", "Unpair"),
    "terminal_unpair_confirm": (
        "Ne plus envoyer de montant à ce terminal ?",
        "Send no more amounts to this terminal?",
    ),
    "paired_by": ("associé par {name}", "paired by {name}"),
    "unmatched": (
        "Un terminal a répondu ce qui ne correspond à aucun paiement",
        "A terminal gave an answer that fits no payment",
    ),
    "unmatched_do": (
        "Regardez le journal du terminal : de l’argent a peut-être été pris sans être noté ici.",
        "Look at the terminal’s own journal: money may have been taken that is not noted here.",
    ),
    "unmatched_seen": ("J’ai regardé", "I looked"),
    "ask_terminal": ("Interroger à nouveau le terminal", "Ask the terminal again"),
    "unknown_says": (
        "Personne ne sait si ce paiement a eu lieu. Aucun autre n’est possible pour cette intervention, "
        "ni à ce terminal, tant que ce n’est pas réglé.",
        "Nobody knows whether this was paid. No other payment is possible for this intervention, "
        "or at this terminal, until it is settled.",
    ),
    "unknown_do": (
        "Regardez le ticket, ou le journal du terminal (menu duplicata), puis dites ce que vous avez vu.",
        "Look at the ticket, or at the terminal’s own journal (its duplicate menu), then say what you saw.",
    ),
    "decide_paid": ("Payé, j’ai vu le ticket", "Paid, I saw the ticket"),
    "decide_unpaid": ("Pas payé, j’ai vérifié le terminal", "Not paid, I checked the terminal"),
    "decide_why": ("Ce que vous avez vu", "What you saw"),
    "decide_confirm": (
        "Ce choix est définitif et porte votre nom. Continuer ?",
        "This choice is final and carries your name. Go on?",
    ),
    "cancel_payment": ("Arrêter", "Stop"),
    "ticket": ("Ticket", "Ticket"),
    "authorisation": ("Autorisation", "Authorisation"),
    "receipt_number": ("N° de reçu", "Receipt"),
    "card": ("Carte", "Card"),
    "settled": ("Issue", "Outcome"),
    "decided_by": ("Décidé par {name}", "Decided by {name}"),
    "look_at_terminal": (
        "Regardez tout de même le terminal.",
        "Look at the terminal all the same.",
    ),
    "paid_partly": (
        "Moins que demandé a été payé : il reste {amount}.",
        "Less than was asked for was paid: {amount} is left.",
    ),
    "history": ("Déroulement", "What happened"),
    "operation.charge": ("Paiement", "Payment"),
    "operation.refund": ("Remboursement", "Refund"),
    "operation.reversal": ("Annulation", "Reversal"),
    # How it stands, in large letters; and what to do.
    "paying.created": ("Connexion au terminal…", "Reaching the terminal…"),
    "paying.sending": ("Envoi du montant…", "Sending the amount…"),
    "paying.sent": ("Regardez le terminal", "Look at the terminal"),
    "paying.pending": ("Présentez votre carte", "Present your card"),
    "paying.approved": ("Accepté", "Approved"),
    "paying.declined": ("Refusé", "Declined"),
    "paying.cancelled": ("Abandonné", "Cancelled"),
    "paying.not_sent": ("Pas demandé", "Not asked for"),
    "paying.unknown": ("À vérifier", "To be checked"),
    "paying_do.created": ("Un instant.", "One moment."),
    "paying_do.sending": ("Un instant.", "One moment."),
    "paying_do.sent": (
        "Le montant a été envoyé ; le terminal va demander la carte.",
        "The amount was sent; the terminal will ask for the card.",
    ),
    "paying_do.pending": (
        "Vérifiez le montant sur le terminal, présentez la carte et suivez son écran. "
        "Pour arrêter : touche rouge du terminal.",
        "Check the amount on the terminal, present the card and follow its display. "
        "To stop: the red key of the terminal.",
    ),
    "paying_do.approved": ("Merci. Reprenez votre carte.", "Thank you. Take your card."),
    "paying_do.declined": (
        "Rien n’a été débité. Le technicien peut recommencer.",
        "Nothing was charged. The technician may try again.",
    ),
    "paying_do.cancelled": (
        "Rien n’a été débité. Le technicien peut recommencer.",
        "Nothing was charged. The technician may try again.",
    ),
    "paying_do.not_sent": (
        "Le terminal n’a rien reçu : rien n’a été débité. Le technicien peut recommencer.",
        "The terminal received nothing: nothing was charged. The technician may try again.",
    ),
    "paying_do.unknown": (
        "Ne payez pas une seconde fois. Le technicien vérifie le terminal.",
        "Do not pay a second time. The technician checks the terminal.",
    ),
    "paying_do.refunded": ("Le montant est rendu.", "The amount is given back."),
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
