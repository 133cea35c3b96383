"""What the agent does, without knowing a library that does I/O."""
