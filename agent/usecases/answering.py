"""What goes back to the gateway for a command: sealed with the agent's key, or not at all while there is no line."""

from collections.abc import Callable
from contextlib import suppress

from agent.ports import NotConnectedError, Uplink
from contract.signing import SigningKey
from contract.topics import AgentTopics
from contract.wire.down import Progress, Response
from contract.wire.event import SealedEvent, SealedType, seal


class Answering:
    """Answers commands."""

    def __init__(
        self, key: SigningKey, topics: AgentTopics, uplink: Uplink, new_id: Callable[[], str]
    ) -> None:
        self._key = key
        self._topics = topics
        self._uplink = uplink
        self._new_id = new_id

    def respond(self, response: Response) -> None:
        """Say what became of a command."""
        self._say(SealedType.RESPONSE, response)

    def tell(self, progress: Progress) -> None:
        """Say how the request of a command goes."""
        self._say(SealedType.PROGRESS, progress)

    def _say(self, type_: SealedType, said: Response | Progress) -> None:
        event = SealedEvent(
            id=self._new_id(),
            source=f"/releve/{self._topics.tenant}/{self._topics.agent}",
            time=said.at,
            type=type_,
            data=seal(self._key, type_, self._topics.agent, said.to_json()),
        )
        with suppress(NotConnectedError):
            self._uplink.publish(self._topics.response, event.to_json().encode())
