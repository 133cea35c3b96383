"""Each line of the tables of the arrêté du 15 septembre 2009, typed a second time, and what has no line."""

from decimal import Decimal

import pytest

from contract.calculations import nitrogen_oxides, solid_fuel
from contract.calculations.ambient_monoxide import SENTENCES, Ambient, ambient
from contract.calculations.boiler import (
    Energy,
    How,
    Technology,
    evaluated_efficiency,
    reference_efficiency,
)
from contract.calculations.errors import CalculationError
from contract.calculations.nitrogen_oxides import Burner
from contract.calculations.solid_fuel import Feed, Generation

GAS, OIL = Energy.GAS, Energy.OIL
CLASSIC, STANDARD = Technology.CLASSIC, Technology.STANDARD
LOW, CONDENSING = Technology.LOW_TEMPERATURE, Technology.CONDENSING


@pytest.mark.parametrize(
    ("energy", "technology", "year", "power", "value"),
    [
        (GAS, CLASSIC, 1979, "13.9", "79"),
        (GAS, CLASSIC, 1979, "23", "82"),
        (GAS, CLASSIC, 1981, "23", "85"),
        (GAS, CLASSIC, 1985, "23", "85"),
        (GAS, CLASSIC, 1986, "23", "86"),
        (GAS, CLASSIC, 1990, "23", "86"),
        (GAS, STANDARD, 1991, "23", "87"),
        (GAS, LOW, 1991, "23", "89.5"),
        (GAS, CONDENSING, 1996, "23", "93"),
        (OIL, CLASSIC, 1969, "23", "77"),
        (OIL, CLASSIC, 1970, "23", "80"),
        (OIL, CLASSIC, 1975, "23", "80"),
        (OIL, CLASSIC, 1976, "23", "81"),
        (OIL, CLASSIC, 1980, "23", "81"),
        (OIL, CLASSIC, 1981, "23", "83"),
        (OIL, CLASSIC, 1990, "23", "83"),
        (OIL, STANDARD, 2010, "23", "87"),
        (OIL, LOW, 2010, "23.0", "89.5"),
        (OIL, CONDENSING, 2010, "23", "92.5"),
    ],
)
def test_each_printed_efficiency(energy, technology, year, power, value):
    found = evaluated_efficiency(energy, technology, year, Decimal(power))

    assert (Decimal(value), How.PRINTED) == (found.value, found.how)


# Derived: 84 + 2·log10 30 and so on, computed by hand from the printed formulas.
@pytest.mark.parametrize(
    ("energy", "technology", "power", "value", "reference"),
    [
        (GAS, STANDARD, "30", "86.95", "92.48"),
        (GAS, STANDARD, "24", "86.76", "92.38"),
        (GAS, LOW, "24", "89.57", "92.38"),
        (GAS, CONDENSING, "40", "92.60", "92.60"),
        (OIL, STANDARD, "30", "86.95", "92.48"),
        (OIL, LOW, "24", "89.57", "92.38"),
        (OIL, CONDENSING, "40", "92.60", "92.60"),
        (GAS, STANDARD, "400", "89.20", "93.60"),
        (GAS, STANDARD, "4", "85.20", "91.60"),
    ],
)
def test_elsewhere_the_formula_counts(energy, technology, power, value, reference):
    found = evaluated_efficiency(energy, technology, 2000, Decimal(power))
    beside = reference_efficiency(energy, Decimal(power))

    assert (value, How.FORMULA) == (f"{found.value:.2f}", found.how)
    assert (reference, How.FORMULA) == (f"{beside.value:.2f}", beside.how)


@pytest.mark.parametrize(("energy", "value"), [(GAS, "93"), (OIL, "92.5")])
def test_the_reference_at_23_kw_is_the_printed_one(energy, value):
    found = reference_efficiency(energy, Decimal(23))

    assert (Decimal(value), How.PRINTED) == (found.value, found.how)


@pytest.mark.parametrize(
    ("energy", "technology", "year", "power", "named"),
    [
        (GAS, CLASSIC, 1980, "23", "no line for a classic boiler of 1980"),
        (GAS, CLASSIC, 1991, "23", "no line"),
        (GAS, CLASSIC, 1970, "14", "no line for 14 kW"),
        (GAS, CLASSIC, 1970, "24", "no line for 24 kW"),
        (GAS, CLASSIC, 1983, "20", "no line for 20 kW"),
        (GAS, STANDARD, 1990, "23", "no line"),
        (GAS, CONDENSING, 1995, "23", "no line"),
        (OIL, CONDENSING, 1995, "23", "no line"),
        (OIL, CLASSIC, 1985, "30", "no line for 30 kW"),
        (GAS, STANDARD, 2000, "3.9", "4 to 400 kW"),
        (GAS, STANDARD, 2000, "401", "4 to 400 kW"),
    ],
)
def test_what_the_table_leaves_out_is_refused_and_not_guessed(
    energy, technology, year, power, named
):
    with pytest.raises(CalculationError, match=named):
        evaluated_efficiency(energy, technology, year, Decimal(power))


LOGS, FAN, PELLETS, CHIPS = Feed
SOLID = [
    (LOGS, "60 65 70 75", "600 200 50 45", "4000 2500 2500 130", "55"),
    (FAN, "75 75 80 80", "250 230 50 30", "600 600 600 55", "55"),
    (PELLETS, "- 85 85 85", "- 80 30 30", "- 100 40 10", "10"),
    (CHIPS, "- - 85 85", "- - 75 60", "- - 20 10", "10"),
]


@pytest.mark.parametrize("line", Generation)
@pytest.mark.parametrize("row", SOLID, ids=lambda each: each[0])
def test_each_cell_for_wood(row, line):
    feed, efficiency, dust, compounds, reference = row
    at = list(Generation).index(line)
    tables = (
        (solid_fuel.efficiency, efficiency, efficiency.split()[3]),
        (solid_fuel.dust, dust, "30"),
        (solid_fuel.compounds, compounds, reference),
    )
    for table, cells, beside in tables:
        if cells.split()[at] == "-":
            with pytest.raises(CalculationError, match="no value"):
                table(feed, line)
        else:
            found = table(feed, line)
            assert (cells.split()[at], beside) == (str(found.evaluated), str(found.reference))


@pytest.mark.parametrize(
    ("year", "line"),
    [
        (1980, Generation.UNTIL_1995),
        (1995, Generation.UNTIL_1995),
        (1996, Generation.FROM_1996_TO_2004),
        (2004, Generation.FROM_1996_TO_2004),
        (2005, Generation.SINCE_2005),
        (2026, Generation.SINCE_2005),
    ],
)
def test_the_year_of_a_boiler_for_wood_chooses_its_line(year, line):
    assert line is solid_fuel.generation(year)


OXIDES = {
    "gas_atmospheric_before_1990": (300, 300),
    "gas_atmospheric_partial_premix": (170, 170),
    "gas_atmospheric_cooling_rods": (130, 130),
    "gas_premix_water_cooled_fan": (50, 50),
    "gas_premix_without_fan": (45, 45),
    "gas_surface_premix_fan": (35, 35),
    "gas_radiant_catalytic_pulsed": (30, 30),
    "gas_class_1": (260, 260),
    "gas_class_2": (200, 200),
    "gas_class_3": (150, 150),
    "gas_class_4": (100, 100),
    "gas_class_5": (70, 70),
    "gas_forced_draught": (130, 130),
    "gas_forced_draught_low_nox": (90, 90),
    "gas_forced_draught_class_1": (170, 170),
    "gas_forced_draught_class_2": (120, 120),
    "gas_forced_draught_class_3": (80, 80),
    "oil_before_1990": (170, 170),
    "oil_yellow_flame": (140, 210),
    "oil_yellow_flame_recirculation": (120, 180),
    "oil_blue_flame": (90, 90),
    "oil_radiant": (60, 60),
    "oil_class_1": (185, 185),
    "oil_class_2": (120, 120),
    "oil_class_3": (120, 120),
}


@pytest.mark.parametrize("burner", Burner)
def test_each_line_of_nitrogen_oxides(burner):
    small, large = OXIDES[burner]

    assert small == nitrogen_oxides.evaluated(burner, Decimal("149.9"))
    assert large == nitrogen_oxides.evaluated(burner, Decimal(150))
    assert (90 if burner.startswith("oil") else 35) == nitrogen_oxides.reference(burner)


def test_only_one_line_is_printed_as_less_than():
    below = [each for each, line in nitrogen_oxides.EMISSIONS.items() if line.below]

    assert [Burner.GAS_RADIANT_CATALYTIC_PULSED] == below


@pytest.mark.parametrize(
    ("ppm", "expected"),
    [
        ("0", Ambient.NORMAL),
        ("9", Ambient.NORMAL),
        ("9.99", Ambient.NORMAL),
        ("10", Ambient.ANOMALY),
        ("49", Ambient.ANOMALY),
        ("49.99", Ambient.ANOMALY),
        ("50", Ambient.DANGER),
        ("1000", Ambient.DANGER),
    ],
)
def test_ambient_monoxide_is_compared_as_it_was_read(ppm, expected):
    assert expected is ambient(Decimal(ppm))


def test_each_class_has_the_sentence_of_the_law():
    assert set(Ambient) == SENTENCES.keys()
    assert "La situation est normale" == SENTENCES[Ambient.NORMAL]
    assert SENTENCES[Ambient.DANGER].startswith("Il y a un danger grave et imminent nécessitant")
