"""The words of the pages about readings from files, French and English."""

from collections.abc import Mapping

FILES: Mapping[str, tuple[str, str]] = {
    "files": ("Valeurs d’un fichier", "Readings from a file"),
    "files_say": (
        "Un fichier ne prouve ni l’étalonnage ni le moment : ce qu’il dit est repris comme tel. "
        "Formats : TJF, XML, ou CSV avec une correspondance (.toml).",
        "A file proves neither calibration nor moment: what it says is taken over as such. "
        "Formats: TJF, XML, or CSV with a mapping (.toml).",
    ),
    "file_choose": ("Fichier de mesures, ou correspondance", "File of measurements, or a mapping"),
    "file_give": ("Lire le fichier", "Read the file"),
    "file_read": ("Fichier lu", "File read"),
    "file_none": ("Choisissez un fichier.", "Choose a file."),
    "file_too_large": (
        "Ce fichier est trop grand pour un fichier de mesures : partagez-le.",
        "This file is too large for a file of measurements: split it.",
    ),
    "file_not_read": ("Non lu", "Not read"),
    "file_read_with": ("lu avec", "read with"),
    "file_used": ("déjà repris dans", "already used in"),
    "file_more": (
        "{count} mesures plus anciennes dans le fichier ne sont pas montrées ici.",
        "{count} measurements further up in the file are not shown here.",
    ),
    "file_fits_nothing": (
        "Aucun champ de ce rapport ne demande ce que dit cette mesure.",
        "No field of this report asks for what this measurement states.",
    ),
    "file_unmapped": ("Non repris, faute de source", "Not taken over, for want of a source"),
    "file_use": ("Reprendre les champs cochés", "Use for the ticked fields"),
    "imported": ("repris d’un fichier", "imported from a file"),
    "file_hash": ("empreinte", "hash"),
    "file_measurement": ("mesure n°", "measurement no."),
    "file_instrument": ("instrument selon le fichier", "instrument as the file says"),
    "file_moment": ("moment selon le fichier", "moment as the file says"),
    "not_said": ("non indiqué", "not said"),
}
