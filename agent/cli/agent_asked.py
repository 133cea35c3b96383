"""Ask the running agent, as a technician, to use a measurement of a file."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from agent.cli import output
from agent.cli.agent_session import Session, signed_in
from agent.cli.given import bytes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which measurement is for which fields, and who says so."""

    intervention: str
    report: str
    fields: tuple[str, ...]
    measurement: int
    technician: str

    def texts(self) -> tuple[str, ...]:
        """Return what a person wrote."""
        return (self.intervention, self.report, *self.fields)


def used(file: Path, mapping: Path | None, asked: Asked, port: int) -> dict[str, object]:
    """Give the file to the agent and have it used; leaves with 1, and says why, when the agent refuses."""
    given = [each for each in (mapping, file) if each is not None]
    texts = (*(each.name for each in given), *asked.texts())
    bodies = [(each, bytes_of(each)) for each in given]
    with signed_in(asked.technician, port, texts) as session:
        return _carried_out(session, bodies, mapping, asked)


def _carried_out(
    session: Session, bodies: list[tuple[Path, bytes]], mapping: Path | None, asked: Asked
) -> dict[str, object]:
    file = _given(session, bodies, mapping)
    wanted = {
        "intervention": asked.intervention,
        "report": asked.report,
        "fields": asked.fields,
        "measurement": asked.measurement,
    }
    saved = session.ask("POST", f"/v1/files/{quote(file, safe='')}/use", json=wanted)
    session.must(saved, "seq")
    return saved


def _given(session: Session, bodies: list[tuple[Path, bytes]], mapping: Path | None) -> str:
    """Give the files to the agent; return the id of the last one, which is the file of measurements."""
    file = ""
    for path, body in bodies:
        query = {"name": path.name}
        if mapping is not None and path is not mapping:
            query["mapping"] = mapping.name
        kept = session.ask("POST", "/v1/files", params=query, content=body, where=f"{path}: ")
        if path is mapping:
            continue
        if "mapping" in kept and "id" not in kept:
            output.misused(f"{path} is a mapping: give it with --mapping, beside a file")
        file = str(session.must(kept, "id"))
    return file
