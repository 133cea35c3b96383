"""What travels between agent and gateway, and into export files: CloudEvents 1.0 in structured JSON."""
