"""The two conversations with a testo 300. Protocol page, §2 and §3."""

from drivers.combustion import tjf
from drivers.kit.dialogue import Act, ActEnded, FrameRejected, Outbound
from drivers.kit.link import (
    CharacteristicRead,
    CharacteristicWritten,
    Failed,
    HttpAnswered,
    HttpGet,
    LinkEvent,
    ReadCharacteristic,
    WriteCharacteristic,
)
from drivers.kit.talk import rejecting

POLL_SECONDS = 1.0
MAX_CHUNKS = 25
TOGGLE = b"TOGGLE_MEASUREMENT"


def uuid(short: int) -> str:
    """Return the whole UUID of one of the instrument's services and characteristics."""
    return f"{short:08x}-0000-1000-8000-00805f9b34fb"


COUNT = uuid(0x3000)
CONTROL = uuid(0x3100)
CHUNKS = tuple(uuid(0x3001 + index) for index in range(MAX_CHUNKS))


class _Poller:
    """Asks, tells what the document says, and asks again a little later."""

    def __init__(self) -> None:
        self.out = Outbound()
        self.next_timer: float | None = None

    def tell_document(self, body: bytes, now: float) -> None:
        """Tell what ``body`` says, or why it is no document, and plan the next poll."""
        for event in rejecting(tjf.parse(body)):
            self.out.tell(event)
        self.next_timer = now + POLL_SECONDS

    def give_up(self, reason: str, now: float, raw: bytes = b"") -> None:
        """Drop the document under way and plan the next poll."""
        self.out.tell(FrameRejected(reason, raw))
        self.next_timer = now + POLL_SECONDS


class GattDialogue(_Poller):
    """Reads the number of pieces, then the pieces, joins their bytes, and starts again."""

    def __init__(self) -> None:
        super().__init__()
        self._wanted = 0
        self._pieces: list[bytes] = []

    def connection_made(self, now: float) -> None:
        """Ask for the first document."""
        self.out.ask(ReadCharacteristic(COUNT))

    def timer_fired(self, now: float) -> None:
        """Ask for the next document."""
        self.next_timer = None
        self.out.ask(ReadCharacteristic(COUNT))

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take an answer in."""
        match event:
            case CharacteristicRead(uuid=read, data=data) if read == COUNT:
                self._count(data, now)
            case CharacteristicRead(data=data) if self._wanted:
                self._piece(data, now)
            case CharacteristicWritten(uuid=written) if written == CONTROL:
                self.out.tell(ActEnded(Act.TOGGLE_MEASUREMENT, done=True))
            case Failed(request=WriteCharacteristic(), reason=reason):
                self.out.tell(ActEnded(Act.TOGGLE_MEASUREMENT, done=False, reason=reason))
            case Failed(reason=reason):
                self._wanted = 0
                self.give_up(reason, now)
            case _:
                pass

    def act(self, act: Act, now: float) -> None:
        """Write the toggle once: a second one would undo it."""
        if act is Act.TOGGLE_MEASUREMENT:
            self.out.ask(WriteCharacteristic(CONTROL, TOGGLE))
        else:
            self.out.tell(ActEnded(act, done=False, reason="the testo 300 knows no such act"))

    def _count(self, data: bytes, now: float) -> None:
        text = data.decode("ascii", "replace").strip("\0 ")
        count = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
        if not 1 <= count <= MAX_CHUNKS:
            self.give_up(f"{text[:20]!r} is no number of pieces from 1 to {MAX_CHUNKS}", now, data)
            return
        self._wanted, self._pieces = count, []
        self.out.ask(ReadCharacteristic(CHUNKS[0]))

    def _piece(self, data: bytes, now: float) -> None:
        self._pieces.append(data)
        if len(self._pieces) < self._wanted:
            self.out.ask(ReadCharacteristic(CHUNKS[len(self._pieces)]))
            return
        self._wanted = 0
        self.tell_document(b"".join(self._pieces), now)


class HttpDialogue(_Poller):
    """Gets the current measurement once a second."""

    def connection_made(self, now: float) -> None:
        """Ask for the first document."""
        self.out.ask(HttpGet("/data"))

    def timer_fired(self, now: float) -> None:
        """Ask for the next document."""
        self.next_timer = None
        self.out.ask(HttpGet("/data"))

    def receive(self, event: LinkEvent, now: float) -> None:
        """Take an answer in."""
        match event:
            case HttpAnswered(status=200, body=body):
                self.tell_document(body, now)
            case HttpAnswered(status=status):
                self.give_up(f"HTTP status {status}", now)
            case Failed(reason=reason):
                self.give_up(reason, now)
            case _:
                pass

    def act(self, act: Act, now: float) -> None:
        """Nothing is known that starts a measurement over HTTP without unpublished XML."""
        self.out.tell(ActEnded(act, done=False, reason="not possible over the network"))
