"""ZVT: docs/protocols/zvt.md."""
