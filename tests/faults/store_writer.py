"""Save captures in the agent's own store, and say on standard output when each is saved: run under strace.

python -m tests.faults.store_writer FOLDER SYNCHRONOUS COUNT
"""

import asyncio
import os
import sys
from pathlib import Path

from agent.adapters.store.captures import SqliteCaptureStore
from agent.adapters.store.database import Database
from contract.signing import SigningKey
from tests.agent.making import note


async def main(folder: str, synchronous: str, count: int) -> None:
    database = Database(Path(folder) / "agent.db", synchronous=synchronous)
    captures = SqliteCaptureStore(database, "van-7", SigningKey.from_seed(b"a" * 32))
    async with database.open(), asyncio.TaskGroup() as tasks:
        writer = tasks.create_task(database.run())
        await captures.open_head()
        os.write(1, b"ACK 0\n")
        for number in range(1, count + 1):
            await captures.append("i-1", [note(f"{number} " + "x" * 300)])
            os.write(1, b"ACK %d\n" % number)
        writer.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
