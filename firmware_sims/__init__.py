"""Instruments that lie on the bench: simulators written from the protocol pages alone."""
