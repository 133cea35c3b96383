"""Files of measurements: kept at hand until a person says which fields their readings are for."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from hashlib import sha256

from agent.usecases.work import UnknownError, WorkError
from contract.words import Words
from drivers.files import file, mapping
from drivers.files.measured import FileRefusedError, Measured, MeasuredFile, plain

KEPT = 50
KEPT_MAPPINGS = 50
KEPT_VALUES = 100_000
"""Over all files, so that what they say has room in memory."""


@dataclass(frozen=True, slots=True, order=True)
class Used:
    """A measurement was taken over into this report."""

    intervention: str
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMapping:
    """A mapping that was given."""

    name: str
    sha256: str
    """Of its text, in UTF-8."""
    content: mapping.Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that was read, or could not be."""

    name: str
    sha256: str
    """Of its bytes."""
    content: MeasuredFile | None
    reason: str | None = None
    """Why it could not be read."""
    mapping: str | None = None
    """The name of the mapping that it was read with."""
    mapping_sha256: str | None = None
    used: Mapping[int, frozenset[Used]] = field(default_factory=dict[int, frozenset[Used]])
    """By measurement: where it was taken over to."""

    @property
    def id(self) -> str:
        """What names it: the same bytes read with another mapping say something else, and are another file here."""
        if self.mapping_sha256 is None:
            return self.sha256
        return sha256(f"{self.sha256} {self.mapping_sha256}".encode()).hexdigest()

    def measured(self, number: int) -> Measured:
        """Return one of its measurements; raises UnknownError."""
        found = self.content.measurements if self.content else ()
        if not 1 <= number <= len(found):
            raise UnknownError(
                "measurement",
                Words("{file} has no measurement {number}", file=self.name, number=number),
            )
        return found[number - 1]


Past = Callable[[], Awaitable[Iterable[tuple[str, int, Used]]]]
"""Tells which measurements of which bytes were used before this start of the agent."""


class Files:
    """The latest files and the mappings for delimited ones, in memory: after a restart they are given again."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._files: dict[str, KeptFile] = {}
        self._mappings: dict[str, NamedMapping] = {}
        self._used: dict[str, dict[int, frozenset[Used]]] = {}
        self._past: Past | None = None

    def recent(self) -> list[KeptFile]:
        """Return the latest files, newest first."""
        kept = reversed(self._files.values())
        return [replace(each, used=self._used.get(each.sha256, {})) for each in kept]

    def mappings(self) -> list[str]:
        """Return the names of the mappings."""
        return sorted(self._mappings)

    def file(self, id: str) -> KeptFile:
        """Return a file by its id; raises UnknownError."""
        kept = self._files.get(id)
        if kept is None:
            raise UnknownError("file", Words("there is no such file here: give it again"))
        return kept

    def remembered_by(self, past: Past) -> None:
        """Have ``past`` asked, once, before the first file is kept."""
        self._past = past

    def note_use(self, digest: str, number: int, used: Used) -> None:
        """Note that a measurement of these bytes was taken over."""
        of_file = self._used.setdefault(digest, {})
        of_file[number] = of_file.get(number, frozenset()) | {used}
        self._changed()

    def take(self, name: str, body: bytes, mapping: str | None = None) -> KeptFile | str:
        """Take in what a person gave: a file, or a mapping, whose name is returned.

        Raises WorkError for what cannot be read, and keeps nothing of it.
        """
        called = _name(name)
        with _refusing():
            return self._keep(_read(called, body, self._mapping_for(called, mapping)))

    async def give(self, name: str, body: bytes, mapping: str | None = None) -> KeptFile | str:
        """Take in what a person gave, as ``take`` does, while whatever else there is to do goes on."""
        called = _name(name)
        with _refusing():
            return self._keep(await self._aside(called, body, self._mapping_for(called, mapping)))

    async def found(self, name: str, body: bytes) -> None:
        """Take in what lies in the folder; what cannot be read is kept with its reason: nobody waits for an answer.

        So is what makes a parser fail; that is raised nevertheless, since whoever looks after the agent must know.
        """
        called, fitting = plain(name) or "?", None
        try:
            fitting = self._mapping_for(called, None)
            self._keep(await self._aside(called, body, fitting))
        except FileRefusedError as error:
            self._keep_refused(called, body, fitting, error.words)
        except WorkError as error:
            self._keep_refused(called, body, fitting, error.remedy)
        except Exception:
            reason = Words("reading it failed: export it again, or leave it out")
            self._keep_refused(called, body, fitting, reason)
            raise

    async def _aside(
        self, name: str, body: bytes, fitting: NamedMapping | None
    ) -> KeptFile | NamedMapping:
        """Read in a thread; what comes of it is kept on the loop. Raises FileRefusedError."""
        if self._past is not None:
            past = await self._past()
            self._past = None
            for digest, number, used in past:
                self.note_use(digest, number, used)
        return await asyncio.to_thread(_read, name, body, fitting)

    def _mapping_for(self, name: str, wanted: str | None) -> NamedMapping | None:
        if not name.lower().endswith(file.CSV):
            return None
        if wanted is not None:
            if wanted not in self._mappings:
                raise UnknownError(
                    "mapping", Words("there is no mapping {name}: give it first", name=wanted)
                )
            return self._mappings[wanted]
        return self._only_one(
            [
                each
                for each in self._mappings.values()
                if fnmatchcase(name.lower(), each.content.files.lower())
            ]
        )

    def _only_one(self, fitting: Sequence[NamedMapping]) -> NamedMapping | None:
        if len(fitting) > 1:
            names = ", ".join(each.name for each in fitting)
            raise WorkError(
                "mapping",
                Words("several mappings fit: change files in all but one of {names}", names=names),
            )
        return fitting[0] if fitting else None

    def _keep(self, read: KeptFile | NamedMapping) -> KeptFile | str:
        if isinstance(read, NamedMapping):
            self._mappings.pop(read.name, None)
            self._mappings[read.name] = read
            while len(self._mappings) > KEPT_MAPPINGS:
                self._mappings.pop(next(iter(self._mappings)))
            self._changed()
            return read.name
        # A mapping that was corrected takes the place of what it said before; so does a good read that of a failed one.
        for each in [each for each in self._files.values() if each.sha256 == read.sha256]:
            if each.content is None or each.mapping == read.mapping:
                del self._files[each.id]
        self._put(read)
        return read

    def _keep_refused(
        self, name: str, body: bytes, fitting: NamedMapping | None, reason: str
    ) -> None:
        digest = sha256(body).hexdigest()
        read = any(each.sha256 == digest and each.content for each in self._files.values())
        if read and fitting is None:
            return
        self._put(_kept(name, digest, fitting, None, reason))

    def _put(self, kept: KeptFile) -> None:
        self._files.pop(kept.id, None)
        self._files[kept.id] = kept
        sizes = [_size(each) for each in self._files.values()]
        while len(sizes) > KEPT or (sum(sizes) > KEPT_VALUES and len(sizes) > 1):
            self._files.pop(next(iter(self._files)))
            del sizes[0]
        self._changed()


def _read(name: str, body: bytes, fitting: NamedMapping | None) -> KeptFile | NamedMapping:
    """Return what a file or a mapping says; raises FileRefusedError. Nothing but its arguments is touched."""
    if name.lower().endswith(file.MAPPING):
        return _mapping(name, body)
    content = file.read(name, body, fitting.content if fitting else None)
    return _kept(name, sha256(body).hexdigest(), fitting, content)


def _kept(
    name: str,
    digest: str,
    fitting: NamedMapping | None,
    content: MeasuredFile | None,
    reason: str | None = None,
) -> KeptFile:
    return KeptFile(
        name=name,
        sha256=digest,
        content=content,
        reason=reason,
        mapping=fitting.name if fitting else None,
        mapping_sha256=fitting.sha256 if fitting else None,
    )


def _mapping(name: str, body: bytes) -> NamedMapping:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            Words("{name}: it is no text in UTF-8: save it again so", name=name)
        ) from error
    read = mapping.read(text, name)
    return NamedMapping(name=name, sha256=sha256(text.encode()).hexdigest(), content=read)


def _size(kept: KeptFile) -> int:
    return kept.content.size if kept.content else 1


@contextmanager
def _refusing() -> Generator[None]:
    try:
        yield
    except FileRefusedError as error:
        raise WorkError("file", error.words) from error


def _name(name: str) -> str:
    """Return the name of a file without the way to it, which is nobody's concern."""
    called = plain(name.replace("\\", "/").rpartition("/")[2])
    if called is None:
        raise WorkError("name", Words("give the name of the file"))
    return called
