"""Concert V2, "protocol E" and "E+"."""
