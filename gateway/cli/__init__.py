"""The gateway's commands: it runs, agents are enrolled, form engines get keys."""
