"""`releve instruments`: what is supported, and how sure we are of it."""

from agent.cli import output
from agent.cli.known import File, known_instruments


def instruments(*, file: File = None, as_json: output.AsJson = False) -> None:
    """List the supported instruments, the evidence behind each driver, and how it is reached.

    Example: releve instruments --json
    """
    for each in known_instruments(file).values():
        document: dict[str, object] = {
            "slug": each.slug,
            "vendor": each.vendor,
            "model": each.model,
            "grade": each.grade,
            "links": [link.medium for link in each.links],
            "quantities": sorted(each.quantities),
        }
        output.document(document, _sentence, as_json=as_json)


def _sentence(document: dict[str, object]) -> str:
    return "{slug:<24} {vendor} {model}  [{grade}]".format(**document)
