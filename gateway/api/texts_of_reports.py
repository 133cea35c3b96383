"""The words of printed reports and of the page that verifies them, French and English."""

from collections.abc import Mapping

REPORT_TEXTS: Mapping[str, tuple[str, str]] = {
    "pdf": ("PDF", "PDF"),
    "form_version": ("version", "version"),
    "appliance": ("Appareil", "Appliance"),
    "technician": ("Technicien", "Technician"),
    "paper_date": ("Date du rapport", "Date of the report"),
    "no_date": ("aucune capture", "no capture"),
    "incomplete": ("Incomplet", "Incomplete"),
    "required_empty": ("obligatoire, non renseigné", "required, empty"),
    "paper_values": ("Valeurs", "Values"),
    "paper_evidence": ("Preuves", "Evidence"),
    "paper_taken": ("relevé le", "taken"),
    "capacity": ("en qualité de", "as"),
    "paper_number": ("Preuve", "Evidence"),
    "paper_verify": ("Vérifier ce rapport", "Verify this report"),
    "paper_verify_says": (
        "Le code en haut de la première page, ou l’adresse ci-dessous, ouvre une page qui recalcule empreintes, chaîne "
        "et signatures, et montre le résultat avec les valeurs tenues aujourd’hui. L’empreinte est la même tant que "
        "rien n’a changé.",
        "The code at the top of the first page, or the address below, opens a page that recomputes hashes, chain and "
        "signatures, and shows the result with the values held today. The fingerprint is the same as long as nothing "
        "changed.",
    ),
    "paper_verify_alt": (
        "Code QR de l’adresse où ce rapport se vérifie",
        "QR code of the address where this report is verified",
    ),
    "fingerprint": ("empreinte", "fingerprint"),
    "papers_quarantined": (
        "Captures en quarantaine, qui ne remplissent rien",
        "Captures in quarantine, which fill nothing",
    ),
    "papers_erased": (
        "Captures dont la déclaration a été effacée",
        "Captures whose statement was erased",
    ),
    "papers_forked": (
        "Captures qui partagent leur place avec une autre",
        "Captures that share their place with another",
    ),
    "page": ("page", "page"),
    "firmware": ("micrologiciel", "firmware"),
    "zeroed": ("mis à zéro", "zeroed"),
    "calibrated_on": ("fait le", "done on"),
    "calibration_due": ("échéance", "due"),
    "certificate": ("certificat", "certificate"),
    "clock": ("horloge", "clock"),
    "clock_held": (
        "synchronisée plus tôt, pas à cet instant",
        "synchronised earlier, not at that moment",
    ),
    "clock_never_synced": ("jamais synchronisée", "never synchronised"),
    "grade": ("Preuve du pilote", "Evidence of the driver"),
    "grade_recording": (
        "vérifié par un enregistrement de l’instrument",
        "checked by a recording of the instrument",
    ),
    "grade_manual": (
        "non essayé sur matériel (manuel du fabricant)",
        "not tried on hardware (maker’s manual)",
    ),
    "grade_published-code": (
        "non essayé sur matériel (code publié)",
        "not tried on hardware (published code)",
    ),
    "grade_synthetic": (
        "non essayé sur matériel (supposé)",
        "not tried on hardware (assumed)",
    ),
    "verify": ("Vérification", "Verification"),
    "verify_holds": ("Ce rapport tient.", "This report holds."),
    "verify_fails": ("Ce rapport ne tient pas.", "This report does not hold."),
    "verify_nothing": (
        "Il n’y a rien à vérifier : aucune capture.",
        "There is nothing to verify: no capture.",
    ),
    "verify_what": (
        "Recalculé à l’instant, à partir des octets conservés : l’empreinte de chaque déclaration, la signature de "
        "l’agent, et la chaîne de la première à la dernière capture de l’intervention.",
        "Recomputed just now, from the bytes that are kept: the hash of each statement, the agent’s signature, and "
        "the chain from the first to the last capture of the intervention.",
    ),
    "verify_limits": (
        "Cela ne prouve pas que l’appareil a bien mesuré, ni qu’il n’est rien venu après la dernière capture : "
        "comparez les valeurs et l’empreinte au papier, et les clés à celles qui vous ont été remises.",
        "This does not prove that the instrument measured right, nor that nothing came after the last capture: "
        "compare the values and the fingerprint with the paper, and the keys with those you were given.",
    ),
    "paper_same": (
        "Rien n’a changé depuis l’impression : le papier porte la même empreinte.",
        "Nothing has changed since it was printed: the paper has the same fingerprint.",
    ),
    "paper_other": (
        "Le rapport montre autre chose qu’à l’impression : comparez les valeurs.",
        "The report shows something else than when it was printed: compare the values.",
    ),
    "fingerprint_now": ("Empreinte aujourd’hui", "Fingerprint today"),
    "fingerprint_paper": ("Empreinte sur le papier", "Fingerprint on the paper"),
    "newest_capture": ("Capture la plus récente", "Newest capture"),
    "captures_of_report": ("Captures de ce rapport", "Captures of this report"),
    "links_checked": ("Maillons contrôlés", "Links checked"),
    "values_now": ("Valeurs aujourd’hui", "Values today"),
    "values_hidden": (
        "Les valeurs ne sont montrées qu’à qui scanne le code du papier.",
        "The values are only shown to whoever scans the code on the paper.",
    ),
    "check_statement": ("Déclaration", "Statement"),
    "check_chain": ("Chaîne", "Chain"),
    "check_holds": ("tient", "holds"),
    "check_fails": ("ne tient pas", "does not hold"),
    "check_erased": ("effacée", "erased"),
    "keys": ("Clés", "Keys"),
    "findings": ("Ce qui ne tient pas", "What does not hold"),
    "fault_statement": (
        "La déclaration n’est pas celle qui a été signée.",
        "The statement is not the one that was signed.",
    ),
    "fault_signature": (
        "La signature n’est pas celle de la clé de l’agent.",
        "The signature is not that of the agent’s key.",
    ),
    "fault_chain": (
        "La chaîne est rompue : un maillon manque, est doublé, déplacé ou changé.",
        "The chain is broken: a link is missing, doubled, moved or changed.",
    ),
}
