"""The demonstration: every process of the product on this machine, driven from outside, by commands and HTTP alone."""
