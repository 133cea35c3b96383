"""The agent's commands, and those that need no agent to run: decode, read, record, scan."""
