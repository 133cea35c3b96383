"""What an agent keeps in its folder: its key and its store."""

from dataclasses import dataclass

from agent.adapters import keyring
from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database
from agent.adapters.store.payments import SqlitePayments
from agent.adapters.store.records import SqliteRecords
from agent.adapters.store.reserve import Reserve
from agent.settings import Settings
from contract.signing import SigningKey


@dataclass(frozen=True, slots=True)
class Store:
    """The open store."""

    database: Database
    captures: SqliteCaptureStore
    records: SqliteRecords
    payments: SqlitePayments


def store_of(settings: Settings, key: SigningKey) -> Store:
    """Return the store of an agent, not yet open."""
    database = Database(settings.data / "agent.db")
    captures = SqliteCaptureStore(database, settings.name, key)
    payments = SqlitePayments(database, captures, Reserve(settings.data / "payments.reserve"))
    return Store(database, captures, SqliteRecords(database), payments)


def key_of(settings: Settings) -> SigningKey:
    """Return the agent's key; raises KeyFileError."""
    return keyring.load_or_make(settings.data / "agent.key")
