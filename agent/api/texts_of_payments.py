"""What the pages say of payments, French and English."""

from collections.abc import Mapping

from contract.payment.codes import CODES

PAYMENTS: Mapping[str, tuple[str, str]] = {
    **CODES,
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
    "totals_compare": (
        "Comparer avec les totaux du terminal",
        "Compare with the terminal’s totals",
    ),
    "totals_close": ("Clôturer la journée du terminal", "End the terminal’s day"),
    "totals_close_confirm": (
        "Clôturer la journée du terminal ? Il remet ses totaux à zéro.",
        "End the terminal’s day? It sets its totals back to zero.",
    ),
    "totals_closed": ("journée clôturée", "day ended"),
    "totals_terminal": ("Terminal", "Terminal"),
    "totals_journal": ("Journal de Relevé", "Relevé’s journal"),
    "totals.equal": ("Les totaux concordent", "The totals agree"),
    "totals.unlike": (
        "Les totaux ne concordent pas : comparez avec le ticket du terminal",
        "The totals do not agree: compare with the terminal’s receipts",
    ),
    "totals.unsaid": (
        "Avec des remboursements, aucune source ne dit comment le terminal compte : comparez vous-même",
        "With money that went back no source says how the terminal counts: compare yourself",
    ),
    "history": ("Déroulement", "What happened"),
    # What to do, in large letters.
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
}
