"""The web component that form engines embed: one file, served by the agent and the gateway alike."""
