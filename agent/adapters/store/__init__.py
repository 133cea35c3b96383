"""The agent's store: one SQLite file, one writer, committed means on disk."""
