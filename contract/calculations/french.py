"""What the calculations say to people, in French, by English template; and the codes that occur in it."""

from collections.abc import Mapping

FRENCH: Mapping[str, str] = {
    "the constants of {set} have no {fuel}: choose others": (
        "les constantes {set} ne connaissent pas « {fuel} » : choisissez-en d’autres"
    ),
    "{reference} % cannot be a reference oxygen: give 0 up to {air} %": (
        "{reference} % ne peut pas être un O₂ de référence : donnez de 0 à {air} %"
    ),
    "with 1 % of carbon dioxide or less the ratio says nothing: look at the probe": (
        "à 1 % de CO₂ ou moins, le rapport ne dit rien : regardez la sonde"
    ),
    "there is no carbon dioxide: the sample is air, look at the probe": (
        "il n’y a pas de CO₂ : c’est de l’air, regardez la sonde"
    ),
    "{set} publishes no gain by condensing for {fuel}: take it from the instrument": (
        "{set} ne publie pas de gain par condensation pour « {fuel} » : prenez celui de l’appareil"
    ),
    "{oxygen} % of oxygen is no flue gas: it lies from 0 to below {air} %; look at the probe": (
        "{oxygen} % d’O₂ n’est pas une fumée : il va de 0 à moins de {air} % ; regardez la sonde"
    ),
    "volume, duration, start and barometric pressure must be more than 0: correct them": (
        "volume, durée, pression de départ et pression atmosphérique sont plus grands que 0 : corrigez-les"
    ),
    "a pressure is below vacuum: correct it": "une pression est sous le vide : corrigez-la",
    "the table reaches from 0 to {most} m³: {volume} m³ needs another procedure": (
        "le tableau va de 0 à {most} m³ : {volume} m³ demande une autre procédure"
    ),
    "give an absolute pressure and temperatures in K, all more than 0": (
        "donnez une pression absolue et des températures en K, toutes plus grandes que 0"
    ),
    "{name} has no sourced warming potential here: type it, with where it comes from": (
        "{name} n’a pas ici de PRG dont la source soit connue : saisissez-le, avec sa source"
    ),
    "a charge and a warming potential are not negative: correct them": (
        "une charge et un PRG ne sont pas négatifs : corrigez-les"
    ),
    "the table has no line for a {technology} boiler of {year}: choose the nearest line": (
        "le tableau n’a pas de ligne pour une chaudière « {technology} » de {year} : choisissez la ligne la plus proche"
    ),
    "the table has no line for {power} kW at that age: choose the nearest line": (
        "le tableau n’a pas de ligne pour {power} kW à cet âge : choisissez la ligne la plus proche"
    ),
    "{power} kW: the law speaks of {least} to {most} kW": (
        "{power} kW : le texte porte sur {least} à {most} kW"
    ),
    "year or power is not said: say it, or choose the nearest line of the table": (
        "année ou puissance non indiquée : indiquez-la, ou choisissez la ligne la plus proche du tableau"
    ),
    "the tables for gas and oil do not speak of {fuel}": (
        "les tableaux du gaz et du fioul ne parlent pas de « {fuel} »"
    ),
    "the table has no value for {feed} of that age: choose the nearest line": (
        "le tableau n’a pas de valeur pour « {feed} » de cet âge : choisissez la ligne la plus proche"
    ),
    "{power} kW is no power: correct it": "{power} kW n’est pas une puissance : corrigez-la",
    "{name} is no number: correct it": "{name} n’est pas un nombre : corrigez-le",
    "{name} is no whole number: correct it": "{name} n’est pas un nombre entier : corrigez-le",
    "{said} is not known here: choose one of {known}": (
        "{said} n’est pas connu ici : choisissez parmi {known}"
    ),
    "the form names no constants: choose one of {known}": (
        "le formulaire ne nomme pas de constantes : choisissez parmi {known}"
    ),
    "the numbers are too large to calculate with": "les nombres sont trop grands pour calculer",
    "{reason}": "{reason}",
    # Codes.
    "natural_gas": "gaz naturel",
    "light_oil": "fioul domestique",
    "lpg": "GPL",
    "propane": "propane",
    "wood": "bois",
    "briquette": "briquettes",
    "lignite": "lignite",
    "anthracite": "anthracite",
    "coke_oven_gas": "gaz de cokerie",
    "town_gas": "gaz de ville",
    "city_gas": "gaz de ville",
    "classic": "classique",
    "standard": "standard",
    "low_temperature": "basse température",
    "condensing": "à condensation",
    "logs_natural_draught": "bûches, tirage naturel",
    "logs_fan": "bûches, ventilateur",
    "pellets": "granulés",
    "wood_chips": "plaquettes",
}
