"""A terminal that speaks ZVT, written from docs/protocols/zvt.md alone."""
