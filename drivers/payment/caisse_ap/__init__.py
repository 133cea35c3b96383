"""Caisse-AP, "Concert V3"."""
