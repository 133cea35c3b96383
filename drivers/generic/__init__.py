"""Instruments described in TOML, by people who write no code."""
