"""Setting reports with typst: fonts of its own, no system library, an archive (ISO 19005) for everybody (ISO 14289)."""

import asyncio
import io
import json
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import cast

from gateway.adapters.typesetting.characters import showable
from gateway.ports.typesetting import Document, Drawn, TypesettingError

HERE = Path(__file__).parent
AT_ONCE = 2


class Typst:
    """Implements the port Typesetter; a document takes a tenth of a second of a core, so few are set at once."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def render(self, document: Document) -> bytes:
        """Return a PDF, the same bytes for the same document; raises TypesettingError."""
        async with self._free:
            return await asyncio.to_thread(typeset, document)


def typeset(document: Document) -> bytes:
    """Return a document as a PDF; raises TypesettingError."""
    # Loading it takes longer than the rest of the gateway's API: whoever prints nothing does without.
    import typst  # noqa: PLC0415

    try:
        return typst.compile(
            HERE / "report.typ",
            root=HERE,
            format="pdf",
            ignore_system_fonts=True,
            # Fonts embedded, every character readable as text; and tagged for those who listen to it.
            pdf_standards=["a-2a", "ua-1"],
            sys_inputs={"document": written(document), "code": code(document.url)},
            timestamp=int(document.at.timestamp()),
        )
    except typst.TypstError as error:
        raise TypesettingError(error.message) from error


def written(document: Document) -> str:
    """Return the data as JSON, with characters alone that the fonts hold."""
    signatures = [
        {**asdict(each), "drawn": None if each.drawn is None else drawn(each.drawn)}
        for each in document.signatures
    ]
    data = {
        **{name: _showable(each) for name, each in asdict(document).items()},
        "signatures": _showable(signatures),
        "at": list(document.at.astimezone(UTC).timetuple()[:6]),
    }
    return json.dumps(data, ensure_ascii=True)


def _showable(data: object) -> object:
    match data:
        case str():
            return showable(data)
        case dict():
            named = cast("dict[str, object]", data)
            return {name: _showable(each) for name, each in named.items()}
        case list() | tuple():
            return [_showable(each) for each in cast("list[object]", data)]
        case _:
            return data


def drawn(signature: Drawn) -> str:
    """Return a drawing as SVG."""
    box = f"0 0 {signature.width} {signature.height}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{signature.path}" fill="none"'
        ' stroke="#14213d" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def code(url: str) -> str:
    """Return the QR code of an address, as SVG."""
    import segno  # noqa: PLC0415 - likewise

    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()
