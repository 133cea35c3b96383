"""What readers that did not write a PDF find in it."""

import io
from typing import Any

import pypdf
import pypdfium2
import zxingcpp
from pypdf.generic import IndirectObject


def texts(pdf: bytes) -> str:
    """Return what pdfium reads, a space for every white space."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append(text.get_text_range())
            text.close()
            page.close()
    finally:
        document.close()
    return flat(" ".join(pages))


def texts_by_pypdf(pdf: bytes) -> str:
    """Return what pypdf reads, a space for every white space."""
    return flat(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def flat(text: str) -> str:
    return " ".join(text.split())


def codes(pdf: bytes) -> list[str]:
    """Return what the codes on the first page say, read from its picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[0]
        bitmap = page.render(scale=3, grayscale=True)
        picture = memoryview(bytes(bitmap.buffer)).cast("B", (bitmap.height, bitmap.stride))
        found = [each.text for each in zxingcpp.read_barcodes(picture)]
        bitmap.close()
        page.close()
    finally:
        document.close()
    return found


def fonts(pdf: bytes) -> dict[str, bool]:
    """Tell for every font whether it is embedded."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found: dict[str, bool] = {}
    for page in reader.pages:
        for font in resolved(resolved(page["/Resources"]).get("/Font", {})).values():
            whole = resolved(font)
            for each in resolved(whole.get("/DescendantFonts", [whole])):
                described = resolved(resolved(each).get("/FontDescriptor", {}))
                embedded = any(
                    name in described for name in ("/FontFile", "/FontFile2", "/FontFile3")
                )
                found[str(whole["/BaseFont"])] = embedded
    return found


def metadata(pdf: bytes) -> str:
    """Return the XMP packet."""
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    return resolved(resolved(root)["/Metadata"]).get_data().decode()


def resolved(one: Any) -> Any:
    return one.get_object() if isinstance(one, IndirectObject) else one
