"""What the gateway does, without knowing with what."""
