"""The edge process: instruments on one side, a store in the middle, the gateway on the other side."""
