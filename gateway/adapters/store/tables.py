"""The tables. Every one has the tenant; times are ISO 8601 in UTC, as text that sorts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

metadata = MetaData()

IS_QUARANTINED = text("outcome = 'quarantined'")
"""Literal, so that the planner sees that the partial index serves it."""


def _tenant() -> Column[str]:
    return Column("tenant", String(64), nullable=False)


key = Table(
    "key",
    metadata,
    _tenant(),
    Column("id", String(16), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("public", String(44), nullable=False),
    Column("registered_at", String(32), nullable=False),
    Column("revoked_at", String(32)),
    PrimaryKeyConstraint("tenant", "id"),
)

agent = Table(
    "agent",
    metadata,
    _tenant(),
    Column("name", String(64), nullable=False),
    Column("enrolled_at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "name"),
)

agent_state = Table(
    "agent_state",
    metadata,
    _tenant(),
    Column("agent", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "agent"),
)

instrument = Table(
    "instrument",
    metadata,
    _tenant(),
    Column("agent", String(64), nullable=False),
    Column("id", String(200), nullable=False),
    Column("descriptor", Text),
    Column("state", Text),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "agent", "id"),
)

command = Table(
    "command",
    metadata,
    _tenant(),
    Column("id", String(64), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("issued", String(32), nullable=False),
    Column("expires", String(32), nullable=False),
    Column("outcome", String(16)),
    Column("detail", Text),
    Column("answered_at", String(32)),
    PrimaryKeyConstraint("tenant", "id"),
    Index("command_by_agent", "tenant", "agent", "issued"),
)

form = Table(
    "form",
    metadata,
    _tenant(),
    Column("id", String(64), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
    Column("created_at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "id", "version"),
)

intervention = Table(
    "intervention",
    metadata,
    _tenant(),
    Column("id", String(64), nullable=False),
    Column("document", Text, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("agent", String(64)),
    Column("revision", BigInteger, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("created_at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "id"),
    Index("intervention_by_time", "tenant", "created_at", "id"),
)

assignment = Table(
    "assignment",
    metadata,
    _tenant(),
    Column("intervention", String(64), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "intervention", "agent"),
    Index("assignment_by_agent", "tenant", "agent"),
)

capture = Table(
    "capture",
    metadata,
    _tenant(),
    Column("agent", String(64), nullable=False),
    Column("epoch", String(32), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("link_hash", String(64), nullable=False),
    Column("link", String(400), nullable=False),
    Column("sig", String(88), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("statement", Text),
    Column("kind", String(16)),
    Column("intervention", String(64)),
    Column("report", String(64)),
    Column("received_at", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(200)),
    Column("event", String(32), nullable=False),
    Column("position", Integer, nullable=False),
    PrimaryKeyConstraint("tenant", "agent", "epoch", "seq", "link_hash"),
    Index("capture_by_intervention", "tenant", "intervention", "kind"),
    Index("capture_by_event", "event", "position"),
)
Index(
    "capture_quarantined",
    capture.c.tenant,
    capture.c.received_at,
    sqlite_where=IS_QUARANTINED,
    postgresql_where=IS_QUARANTINED,
)

chain = Table(
    "chain",
    metadata,
    _tenant(),
    Column("agent", String(64), nullable=False),
    Column("epoch", String(32), nullable=False),
    Column("top", BigInteger, nullable=False),
    Column("contiguous", BigInteger, nullable=False),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "agent", "epoch"),
)
"""One row an epoch: its highest capture, and up to where none is missing. Its lock orders the replicas."""

awaited = Table(
    "awaited",
    metadata,
    _tenant(),
    Column("agent", String(64), nullable=False),
    Column("epoch", String(32), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("intervention", String(64), nullable=False),
    PrimaryKeyConstraint("tenant", "agent", "epoch", "seq", "intervention"),
    Index("awaited_by_intervention", "tenant", "intervention"),
)
"""Places that a closed intervention waits for."""

poison = Table(
    "poison",
    metadata,
    _tenant(),
    Column("sha256", String(64), nullable=False),
    Column("topic", Text, nullable=False),
    Column("agent", String(64)),
    Column("head", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("received_at", String(32), nullable=False),
    Column("times", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "sha256", "reason"),
    Index("poison_by_time", "tenant", "received_at", "sha256"),
)

event = Table(
    "event",
    metadata,
    _tenant(),
    Column("id", String(32), nullable=False),
    Column("cursor", BigInteger),
    Column("at", String(32), nullable=False),
    Column("type", String(64), nullable=False),
    Column("subject", String(200)),
    Column("document", Text, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("event_by_cursor", "tenant", "cursor", unique=True),
)

counter = Table(
    "counter",
    metadata,
    _tenant(),
    Column("name", String(64), nullable=False),
    Column("value", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "name"),
)

api_key = Table(
    "api_key",
    metadata,
    _tenant(),
    Column("name", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("origins", Text, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("revoked_at", String(32)),
    PrimaryKeyConstraint("tenant", "name"),
    Index("api_key_by_digest", "tenant", "digest", unique=True),
)
"""Keys of form engines; ``origins`` is a list in JSON."""

capture_request = Table(
    "capture_request",
    metadata,
    _tenant(),
    Column("id", String(64), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("key_name", String(64), nullable=False),
    Column("command", Text, nullable=False),
    Column("expires", String(32), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("progress", Text, nullable=False),
    Column("heard_at", String(32)),
    PrimaryKeyConstraint("tenant", "id"),
    Index("capture_request_unheard", "tenant", "number", "expires"),
)
"""What form engines asked of agents, and the agent's latest word of it."""
