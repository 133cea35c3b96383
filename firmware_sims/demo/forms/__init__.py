"""The forms of the demonstration, as JSON."""
