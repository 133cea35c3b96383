"""What instruments are called that name themselves only by what they do, and the fuels they are set to, in French."""

from collections.abc import Mapping

OF_INSTRUMENTS: Mapping[str, str] = {
    "barcode scanner, plain lines": "lecteur de codes-barres, lignes simples",
    "barcode scanner, lines with a check byte": "lecteur de codes-barres, lignes avec octet de contrôle",
    "Zebra scanner, SSI": "lecteur Zebra, SSI",
    "KELLER manometer, gauge pressure": "manomètre KELLER, pression relative",
    "KELLER manometer, absolute pressure": "manomètre KELLER, pression absolue",
    "environmental sensor": "capteur d’ambiance",
    "BTHome sensor": "capteur BTHome",
    "light oil": "fioul domestique",
    "heavy oil": "fioul lourd",
    "natural gas": "gaz naturel",
    "natural gas H": "gaz naturel H",
    "LPG": "GPL",
    "butane": "butane",
    "propane": "propane",
    "methane": "méthane",
    "kerosene": "kérosène",
    "biomass": "biomasse",
    "pellets": "granulés",
    "wood, 15 % water": "bois, 15 % d’eau",
    "wood, 30 % water": "bois, 30 % d’eau",
    "wood, 45 % water": "bois, 45 % d’eau",
    "wood, 60 % water": "bois, 60 % d’eau",
    "G20": "G20",
    "G25": "G25",
    "G30": "G30",
    "fuel {number}": "combustible n° {number}",
}
