"""The language that agent, drivers and gateway share: quantities, readings, captures, forms, the wire."""
