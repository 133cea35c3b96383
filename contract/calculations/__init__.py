"""Formulas and tables of the trade: pure, in ``Decimal``, each with the public source it was taken from."""
