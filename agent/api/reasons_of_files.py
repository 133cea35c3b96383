"""Why a file, or a reading in it, was refused: French by English template."""

from collections.abc import Mapping

OF_FILES: Mapping[str, str] = {
    # A file that cannot be read.
    "the file has more than {most} bytes: split it": "le fichier a plus de {most} octets : partagez-le",
    "{name}: its name must end in one of {endings}": "{name} : le nom doit finir par {endings}",
    "give the name of the file": "donnez le nom du fichier",
    "there is no such file here: give it again": "ce fichier n’est plus ici : donnez-le à nouveau",
    "{file} has no measurement {number}": "{file} n’a pas de mesure {number}",
    "the file holds more than {most} measurements: split it": (
        "le fichier contient plus de {most} mesures : partagez-le"
    ),
    "line {line}, column {column}: {reason}": "ligne {line}, colonne {column} : {reason}",
    "the file holds more than {most} readings: split it": (
        "le fichier contient plus de {most} valeurs : partagez-le"
    ),
    "reading it failed: export it again, or leave it out": (
        "la lecture a échoué : exportez à nouveau, ou laissez-le de côté"
    ),
    # TJF.
    "{reason}; export the measurement again, as TJF": "{reason} ; exportez à nouveau la mesure, en TJF",
    "not UTF-8": "pas en UTF-8",
    "not a JSON document": "pas un document JSON",
    "a JSON document that is no object": "un document JSON qui n’est pas un objet",
    "a JSON document without channels or errors": "un document JSON sans channels ni errors",
    "the instrument wrote no measurement: {reason}; measure again": (
        "l’appareil n’a pas écrit de mesure : {reason} ; mesurez à nouveau"
    ),
    # XML.
    "line {line}, column {column}: this is not XML; export it again": (
        "ligne {line}, colonne {column} : ce n’est pas du XML ; exportez à nouveau"
    ),
    "more than {most} elements stand in each other, which no measurement needs: export it again": (
        "plus de {most} éléments sont imbriqués, dont aucune mesure n’a besoin : exportez à nouveau"
    ),
    "it declares a document type or entities, which no measurement needs: not read": (
        "il déclare un type de document ou des entités, dont aucune mesure n’a besoin : non lu"
    ),
    "{name}: it is no text in UTF-8: save it again so": (
        "{name} : ce n’est pas un texte en UTF-8 : enregistrez-le ainsi"
    ),
    "its encoding is not known: export it again in UTF-8": (
        "son codage n’est pas connu : exportez à nouveau en UTF-8"
    ),
    "no Customer/Fireplace holds one of {elements}: export the measurements too": (
        "aucun Customer/Fireplace ne contient {elements} : exportez aussi les mesures"
    ),
    # CSV and its mapping.
    "a mapping must say what its columns mean: give one, in TOML": (
        "une correspondance doit dire le sens des colonnes : donnez-en une, en TOML"
    ),
    "there is no mapping {name}: give it first": "pas de correspondance {name} : donnez-la d’abord",
    "several mappings fit: change files in all but one of {names}": (
        "plusieurs correspondances conviennent : changez files dans toutes sauf une : {names}"
    ),
    "{name}: a mapping has at most {most} bytes: shorten it": (
        "{name} : une correspondance a au plus {most} octets : raccourcissez-la"
    ),
    "{name}: it is nested too deeply": "{name} : trop d’imbrications",
    "line {line}: several columns are called {column}; give its number in the mapping": (
        "ligne {line} : plusieurs colonnes s’appellent {column} ; donnez son numéro dans la correspondance"
    ),
    "line {line}: there is no column {column}; correct the mapping": (
        "ligne {line} : pas de colonne {column} ; corrigez la correspondance"
    ),
    "there is no line with values below the titles": "aucune ligne de valeurs sous les titres",
    "line {line}: not written in {encoding}; correct encoding in the mapping": (
        "ligne {line} : pas écrit en {encoding} ; corrigez encoding dans la correspondance"
    ),
    "line {line}: a quote is not closed, or a cell is longer than {most} characters; correct the line": (
        "ligne {line} : un guillemet n’est pas fermé, ou une cellule a plus de {most} caractères ; corrigez la ligne"
    ),
    "line {line}: no titles there; correct header in the mapping": (
        "ligne {line} : pas de titres ici ; corrigez header dans la correspondance"
    ),
    "line {line}: {count} columns where there should be {width}; correct the line, or delimiter in the mapping": (
        "ligne {line} : {count} colonnes au lieu de {width} ; "
        "corrigez la ligne, ou delimiter dans la correspondance"
    ),
    "line {line}, column {column}: {cell} is {reason}": "ligne {line}, colonne {column} : {cell} : {reason}",
    "no moment as format says": "pas un moment écrit comme le dit format",
    "no number; list it under absent, or correct decimal_mark": (
        "pas un nombre ; ajoutez-le sous absent, ou corrigez decimal_mark"
    ),
    # A value that is not taken over.
    "{name}: {quantity} is stated twice": "{name} : {quantity} est donné deux fois",
    "{name}: {text} is no number": "{name} : {text} n’est pas un nombre",
    # A reading that a field does not take.
    "a file proves no calibration: measure it with a calibrated instrument": (
        "un fichier ne prouve aucun étalonnage : mesurez avec un instrument étalonné"
    ),
    "a file does not prove that the instrument was zeroed: measure it": (
        "un fichier ne prouve pas la mise à zéro de l’instrument : mesurez"
    ),
    "the form wants the instrument in the role '{role}', and a file has none: measure it": (
        "le formulaire veut l’instrument dans le rôle «\u00a0{role}\u00a0», qu’un fichier n’a pas : mesurez"
    ),
    "the file states an error for {quantity}": "le fichier signale une erreur pour {quantity}",
    "the file states no value for {quantity}": "le fichier ne donne pas de valeur pour {quantity}",
    "no field of this report asks for what the file states": (
        "aucun champ de ce rapport ne demande ce que dit le fichier"
    ),
    "several fields ask for {quantity}: name them": (
        "plusieurs champs demandent {quantity} : nommez-les"
    ),
    "it has a value already: name the field to replace it": (
        "il y a déjà une valeur : nommez le champ pour la remplacer"
    ),
    "{value} {unit} cannot be shown in {wanted} as the form asks: type the answer": (
        "{value} {unit} : impossible à montrer en {wanted} comme le demande le formulaire : saisissez la réponse"
    ),
    "measurement {number} of this file is there already": "la mesure {number} de ce fichier y est déjà",
    "imported from the file {name}": "repris du fichier {name}",
}
