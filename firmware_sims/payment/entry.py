"""What a simulated terminal is to those who start it."""

from collections.abc import Callable
from dataclasses import dataclass

from firmware_sims.kit.entry import Entry
from firmware_sims.payment.terminal import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalEntry(Entry):
    """One that can be fitted out: `fit(serial, chance, link=…, fitting=…)`, and its own options by name."""

    fit: Callable[..., Terminal]
    options: frozenset[str]
    """Of the command line, those that say something of this one only."""
    without: frozenset[str] = frozenset()
    """Those of all terminals that say nothing of this one."""
