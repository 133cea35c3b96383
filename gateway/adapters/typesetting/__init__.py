"""Setting documents in type."""
