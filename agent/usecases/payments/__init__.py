"""Payments: asked for once, and never twice."""
