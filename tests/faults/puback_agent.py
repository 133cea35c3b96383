"""An agent that believes the broker: it closes its outbox on PUBACK. The negative control of the kill test."""

import asyncio
from typing import Any

from paho.mqtt.client import Client

import releve
from agent.ports import Saved
from agent.usecases.forwarder import Forwarder
from contract.wire.down import Outcome, Range, Receipt

_handed_over: list[Any] = []
_tasks: set[Any] = set()
_publish, _send = Client.publish, Forwarder._publish


def _remembering(self: Client, *arguments: Any, **how: Any) -> Any:
    info = _publish(self, *arguments, **how)
    _handed_over.append(info)
    return info


def _believing(self: Forwarder, batch: list[Saved]) -> None:
    _send(self, batch)
    task = asyncio.get_running_loop().create_task(_close_on_puback(self, batch, _handed_over[-1]))
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _close_on_puback(forwarder: Forwarder, batch: list[Saved], info: Any) -> None:
    while not info.is_published():  # noqa: ASYNC110 - paho tells by a flag
        await asyncio.sleep(0.002)
    first, last = batch[0].link, batch[-1].link
    done = Range(
        epoch=first.epoch, first=first.seq, last=last.seq, link=last.hash, outcome=Outcome.ATTACHED
    )
    await forwarder._store.settle(
        Receipt(agent=first.agent, id="puback", at=forwarder._clock.now(), ranges=(done,))
    )
    forwarder.wake()


if __name__ == "__main__":
    Client.publish = _remembering  # type: ignore[method-assign]
    Forwarder._publish = _believing  # type: ignore[method-assign]
    releve.main()
