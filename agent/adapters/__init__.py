"""What provides the ports: radio, network, serial lines, store, broker, clock."""
