"""What every simulated instrument is made of; knows no instrument."""
