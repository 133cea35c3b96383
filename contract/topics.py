"""Every MQTT topic, built and taken apart in one place."""

import re
from dataclasses import dataclass

ROOT = "releve/v1"
NAME = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
"""Tenant and agent names; nothing in them can be a wildcard or another level."""


class TopicNameError(ValueError):
    """A name does not fit a topic level."""


def checked_name(name: str) -> str:
    """Return ``name`` if it may stand in a topic; raises TopicNameError saying how a name is made."""
    if not NAME.fullmatch(name):
        raise TopicNameError(f"{name!r}: a name is 1 to 64 characters of a-z, 0-9 and '-'")
    return name


@dataclass(frozen=True, slots=True)
class AgentTopics:
    """The topics of one agent."""

    tenant: str
    agent: str

    def __post_init__(self) -> None:
        checked_name(self.tenant)
        checked_name(self.agent)

    @property
    def base(self) -> str:
        return f"{ROOT}/{self.tenant}/{self.agent}"

    @property
    def state(self) -> str:
        return f"{self.base}/state"

    @property
    def captures(self) -> str:
        return f"{self.base}/captures"

    @property
    def receipt(self) -> str:
        return f"{self.base}/receipt"

    @property
    def command(self) -> str:
        return f"{self.base}/command"

    @property
    def response(self) -> str:
        return f"{self.base}/response"

    def intervention(self, intervention: str) -> str:
        return f"{self.base}/intervention/{checked_name(intervention)}"

    def form(self, form: str, version: int) -> str:
        return f"{self.base}/form/{checked_name(form)}/{version}"

    def instrument(self, instrument: str, leaf: str) -> str:
        return f"{self.base}/instrument/{instrument}/{leaf}"

    def down(self) -> tuple[str, ...]:
        """Filters for everything the gateway sends to this agent."""
        return (
            self.receipt,
            self.command,
            f"{self.base}/intervention/+",
            f"{self.base}/form/+/+",
        )


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message came from: ``releve/v1/{tenant}/{agent}/{rest}``."""

    tenant: str
    agent: str
    rest: tuple[str, ...]


def parse(topic: str) -> Address | None:
    """Take a topic apart; None when it is not one of ours."""
    levels = topic.split("/")
    if len(levels) < 5 or "/".join(levels[:2]) != ROOT:
        return None
    tenant, agent, *rest = levels[2:]
    if not NAME.fullmatch(tenant) or not NAME.fullmatch(agent):
        return None
    return Address(tenant, agent, tuple(rest))


def every_agent(tenant: str, *rest: str) -> str:
    """Filter for one kind of message from every agent of a tenant."""
    return "/".join((ROOT, tenant, "+", *rest))
