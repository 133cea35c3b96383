"""The agent's folder, as the commands use it: whose it is, and what is wrong with it."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from agent.cli import output
from agent.settings import Settings
from contract import chain

NAME, KEY, STORE = "agent.name", "agent.key", "agent.db"


class FolderError(Exception):
    """The folder is not one for this agent; the message says why and what to do."""


@contextmanager
def folder(settings: Settings, *, may_make: bool = True) -> Generator[None]:
    """Hold the folder to be this agent's for the block; say what is wrong with it or its parts, and leave with 1.

    Without ``may_make`` an agent must have been prepared there before.
    """
    from agent.adapters.alone import AlreadyRunningError
    from agent.adapters.keyring import KeyFileError
    from agent.adapters.store.database import StoreDamagedError

    try:
        if not may_make:
            _check_lived_in(settings)
        _take(settings)
        yield
    except (FolderError, AlreadyRunningError, KeyFileError, StoreDamagedError) as error:
        output.fail(str(error))
    except (FileExistsError, NotADirectoryError) as error:
        output.fail(
            f"data {settings.data}: {error.filename} is not a folder: name one with --data"
        )
    except OSError as error:
        output.fail(f"data {settings.data}: {error.strerror}: {error.filename}")


def _check_lived_in(settings: Settings) -> None:
    # A mistyped folder would become an agent of its own, which no gateway knows.
    missing = [each for each in (KEY, STORE) if not (settings.data / each).exists()]
    if missing:
        raise FolderError(
            f"no agent lives in {settings.data.absolute()}: there is no {missing[0]}. "
            "Give the --data that the agent runs with"
        )


def _take(settings: Settings) -> None:
    """Have the folder be of this agent from its first use on: its key and its chain are of one name."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = settings.data / NAME
    owner = file.read_text().strip() if file.exists() else _in_chain(settings.data / STORE)
    if owner not in {None, settings.name}:
        raise FolderError(
            f"{settings.data} is the folder of agent {owner}, not of {settings.name}: "
            f"say --name {owner}, or give {settings.name} a folder of its own with --data"
        )
    if not file.exists():
        file.write_text(f"{settings.name}\n")


def _in_chain(store: Path) -> str | None:
    """Return whose captures a store holds, None when it holds none; a folder of earlier has no other witness."""
    if not store.exists():
        return None
    # A store that cannot be read is told by whoever opens it for its work.
    with suppress(sqlite3.Error, chain.LinkError), closing(sqlite3.connect(store)) as connection:
        for (link,) in connection.execute("SELECT link FROM capture ORDER BY n LIMIT 1"):
            return chain.parse(link).agent
    return None
