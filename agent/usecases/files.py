"""Files of measurements: kept at hand until a person says which fields their readings are for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256

from agent.usecases.work import UnknownError, WorkError
from contract.words import Words
from drivers.files import file, mapping
from drivers.files.mapping import Mapping
from drivers.files.measured import FileRefusedError, Measured, MeasuredFile, plain

KEPT = 50
KEPT_MAPPINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that was read, or could not be."""

    name: str
    sha256: str
    content: MeasuredFile | None
    reason: str | None = None
    """Why it could not be read."""

    def measured(self, number: int) -> Measured:
        """Return one of its measurements; raises UnknownError."""
        found = self.content.measurements if self.content else ()
        if not 1 <= number <= len(found):
            raise UnknownError(
                "measurement",
                Words("{file} has no measurement {number}", file=self.name, number=number),
            )
        return found[number - 1]


class Files:
    """The latest files and the mappings for delimited ones, in memory: after a restart they are given again."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._files: dict[str, KeptFile] = {}
        self._mappings: dict[str, Mapping] = {}

    def recent(self) -> list[KeptFile]:
        """Return the latest files, newest first."""
        return list(reversed(self._files.values()))

    def mappings(self) -> list[str]:
        """Return the names of the mappings."""
        return sorted(self._mappings)

    def file(self, digest: str) -> KeptFile:
        """Return a file by the SHA-256 of its bytes; raises UnknownError."""
        kept = self._files.get(digest)
        if kept is None:
            raise UnknownError("file", Words("there is no such file here: give it again"))
        return kept

    def take(self, name: str, body: bytes, mapping: str | None = None) -> KeptFile | str:
        """Take in what a person gave: a file, or a mapping, whose name is returned.

        Raises WorkError for what cannot be read, and keeps nothing of it.
        """
        called = _name(name)
        try:
            if called.lower().endswith(file.MAPPING):
                self._map(called, body)
                return called
            kept = self._read(called, body, mapping)
        except FileRefusedError as error:
            raise WorkError("file", error.words) from error
        self._keep(kept)
        return kept

    def found(self, name: str, body: bytes) -> None:
        """Take in what lies in the folder; what cannot be read is kept with its reason: nobody waits for an answer."""
        called = _name(name)
        try:
            if called.lower().endswith(file.MAPPING):
                self._map(called, body)
                return
            kept = self._read(called, body, None)
        except (FileRefusedError, WorkError) as error:
            digest = sha256(body).hexdigest()
            kept = KeptFile(name=called, sha256=digest, content=None, reason=error.args[0])
        self._keep(kept)

    def _map(self, name: str, body: bytes) -> None:
        if len(body) > file.MAX_BYTES:
            raise FileRefusedError(
                Words("the file has more than {most} bytes: split it", most=file.MAX_BYTES)
            )
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise FileRefusedError(
                Words("its encoding is not known: export it again in UTF-8")
            ) from error
        read = mapping.read(text, name)
        self._mappings.pop(name, None)
        self._mappings[name] = read
        _forget(self._mappings, KEPT_MAPPINGS)
        self._changed()

    def _read(self, name: str, body: bytes, wanted: str | None) -> KeptFile:
        content = file.read(name, body, self._mapping_for(name, wanted))
        return KeptFile(name=name, sha256=sha256(body).hexdigest(), content=content)

    def _mapping_for(self, name: str, wanted: str | None) -> Mapping | None:
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
                (each, found)
                for each, found in self._mappings.items()
                if fnmatchcase(name.lower(), found.files.lower())
            ]
        )

    def _only_one(self, fitting: Sequence[tuple[str, Mapping]]) -> Mapping | None:
        if len(fitting) > 1:
            names = ", ".join(name for name, _ in fitting)
            raise WorkError(
                "mapping",
                Words("several mappings fit: change files in all but one of {names}", names=names),
            )
        return fitting[0][1] if fitting else None

    def _keep(self, kept: KeptFile) -> None:
        self._files.pop(kept.sha256, None)
        self._files[kept.sha256] = kept
        _forget(self._files, KEPT)
        self._changed()


def _name(name: str) -> str:
    """Return the name of a file without the way to it, which is nobody's concern."""
    called = plain(name.replace("\\", "/").rpartition("/")[2])
    if called is None:
        raise WorkError("name", Words("give the name of the file"))
    return called


def _forget(kept: dict[str, KeptFile] | dict[str, Mapping], most: int) -> None:
    while len(kept) > most:
        kept.pop(next(iter(kept)))
