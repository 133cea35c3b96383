"""Database, broker, key file, metrics."""
