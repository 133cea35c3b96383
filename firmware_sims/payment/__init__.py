"""Card payment terminals on the bench: the device, which knows no bytes, and the languages it speaks."""
