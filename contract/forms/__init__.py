"""What a form says, and how captures fill it."""
