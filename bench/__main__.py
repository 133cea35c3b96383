"""`make bench`: everything in one run, as a table, and as JSON in bench/results.json."""

import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import decode, drivers, edge, fifty, line, process
from bench.result import Result
from firmware_sims.demo.broker import free_port
from firmware_sims.demo.children import Children

RESULTS = Path(__file__).with_name("results.json")
console = Console(width=150, highlight=False)


def _all() -> list[Result]:
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as folder, Children(Path(folder)) as children:
        port = free_port(0)
        parts: tuple[tuple[str, Callable[[], list[Result]]], ...] = (
            ("decode", decode.measure),
            ("drivers", drivers.measure),
            ("inside the agent", edge.measure),
            ("agent to gateway", lambda: line.measure(children, port)),
            ("the agent's process", lambda: process.measure(children, port)),
            ("fifty instruments", lambda: fifty.measure(children, port)),
        )
        for name, measure in parts:
            console.print(f"measuring {name} …", style="dim")
            results += measure()
    return results


def _show(results: list[Result]) -> None:
    table = Table(box=None)
    for column in ("what", "value", "unit", "bound", "ratio", "aim", "met", "remark"):
        table.add_column(column)
    for each in results:
        table.add_row(
            each.name,
            f"{each.value:g}",
            each.unit,
            "" if each.bound is None else f"{each.bound:g}",
            "" if each.ratio is None else f"{each.ratio:.2f}",
            each.aim,
            {None: "", True: "yes", False: "NO"}[each.met],
            each.remark,
        )
    console.print(table)


def main() -> int:
    """Measure, print, and write the JSON."""
    began = time.monotonic()
    results = _all()
    _show(results)
    document = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "seconds": round(time.monotonic() - began),
        "results": [{**asdict(each), "ratio": each.ratio} for each in results],
    }
    RESULTS.write_text(json.dumps(document, indent=1) + "\n")
    console.print(f"{document['seconds']} s; {RESULTS.name} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
