"""The parts a driver is made of; it knows no instrument."""
