"""The situations of a simulator, by name."""

from firmware_sims.catalogue import entry
from firmware_sims.kit.entry import SetUp


def set_up(slug: str, name: str) -> SetUp:
    return entry(slug).setups[name]
