"""What the gateway needs from the outside world, and the records that pass between."""
