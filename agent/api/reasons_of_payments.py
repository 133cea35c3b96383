"""Why something about a payment or a terminal was refused: French by English template."""

from collections.abc import Mapping

OF_PAYMENTS: Mapping[str, str] = {
    # Amounts.
    "write it in digits, with a point before the cents, as in 125.00": (
        "écrivez-le en chiffres, avec un point avant les centimes, comme 125.00"
    ),
    "{currency} has {digits} digits after the point": "{currency} a {digits} chiffres après la virgule",
    "must be more than nothing, and have at most 12 digits": "doit être plus que rien, et avoir au plus 12 chiffres",
    "write the three letters of a currency, as in EUR": "écrivez les trois lettres d’une monnaie, comme EUR",
    "the protocol has room for 8 digits: take several payments": (
        "le protocole n’a de place que pour 8 chiffres : encaissez en plusieurs fois"
    ),
    # What stands against a payment.
    "payment {id} is not settled yet: settle it first": (
        "le paiement {id} n’est pas encore réglé : réglez-le d’abord"
    ),
    "another payment was made meanwhile: look at it first": (
        "un autre paiement a été fait entre-temps : regardez-le d’abord"
    ),
    "it stands for another payment: take a new one": "elle vaut pour un autre paiement : prenez-en une nouvelle",
    "{name} is not paired: pair it where terminals are listed": (
        "{name} n’est pas associé : associez-le dans la liste des terminaux"
    ),
    "the settings name no terminal {name}": "les réglages ne nomment pas de terminal {name}",
    "the disk is full: free some space first, the end must be saved": (
        "le disque est plein : libérez de la place d’abord, la fin doit être enregistrée"
    ),
    # What becomes of one.
    "there is no payment {id}": "il n’y a pas de paiement {id}",
    "only the red key of the terminal stops it now": "seule la touche rouge du terminal l’arrête maintenant",
    "this terminal cannot be asked about it: look at its own journal, then say": (
        "ce terminal ne peut pas être interrogé là-dessus : regardez son propre journal, puis dites ce qu’il en est"
    ),
    "it is settled, or under way: there is nothing to decide": (
        "il est réglé, ou en cours : il n’y a rien à décider"
    ),
    "there is no such answer left to look at": "il n’y a plus de telle réponse à regarder",
    # Money that goes back.
    "giving money back needs a right that {name} has not": (
        "rembourser demande un droit que {name} n’a pas"
    ),
    "say which payment the money goes back from": "dites quel paiement est remboursé",
    "only money that goes back is of another payment": "seul un remboursement se rapporte à un autre paiement",
    "nothing was paid there: no money goes back from it": "rien n’y a été payé : rien n’en est remboursé",
    "it was paid for another intervention": "il a été payé pour une autre intervention",
    "it was paid in {currency}": "il a été payé en {currency}",
    "more than what was paid would go back": "plus que ce qui a été payé serait remboursé",
    "a reversal is of the whole amount: take a refund": (
        "une annulation est du montant entier : faites un remboursement"
    ),
    "only the terminal it was paid at can undo it": "seul le terminal où il a été payé peut l’annuler",
    "this terminal says no totals: compare with what it prints itself": (
        "ce terminal ne donne pas de totaux : comparez avec ce qu’il imprime lui-même"
    ),
    "it is saying its totals: try again when it has": "il donne ses totaux : réessayez quand il aura fini",
    "it says nothing: {why}": "il ne dit rien : {why}",
    "no_connection": "injoignable",
    "no_answer": "pas de réponse",
    "busy": "occupé",
    "not_registered": "caisse refusée, vérifiez le mot de passe",
    # The options of a terminal in the settings.
    "this terminal has no such option; it has {wants}": "ce terminal n’a pas cette option ; il a {wants}",
    "say it: six digits, as the terminal has them": "indiquez-le : six chiffres, comme sur le terminal",
    "the terminal did not say the number of its receipt: undo it there": (
        "le terminal n’a pas dit le numéro de son reçu : annulez sur le terminal"
    ),
    "this terminal cannot be reached without it": "ce terminal ne peut pas être joint sans cela",
    "this terminal only gives money back: take a refund": (
        "ce terminal ne sait que rembourser : faites un remboursement"
    ),
    "write it as {kind}": "écrivez-le comme {kind}",
    "on a serial line it is always there: leave it out": "sur une ligne série elle y est toujours : ne l’indiquez pas",
    "answer {answer} brings the whole card number here, which is never taken: leave it at 0": (
        "la réponse {answer} apporte le numéro de carte entier, qui n’est jamais pris : laissez 0"
    ),
}
