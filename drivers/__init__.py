"""What we know of each instrument: pure, one module an instrument, no I/O."""
