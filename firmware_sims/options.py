"""Options that several simulators have on the command line."""

from typing import Annotated

import typer

Seed = Annotated[int, typer.Option(help="Chance is repeatable: same seed, same numbers.")]
WithParent = Annotated[
    bool,
    typer.Option("--with-parent", help="End when the parent process or its pipe to stdin ends."),
]
Serial = Annotated[str, typer.Option(help="Serial number, letters and digits.")]
TcpPort = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="With --link tcp: where it listens; 0: anywhere.",
        show_default="0",
    ),
]
Speed = Annotated[
    float, typer.Option(min=0.1, max=1000.0, help="Seconds that pass for it in one of ours.")
]
FaultNames = Annotated[
    list[str] | None, typer.Option("--fault", help="What is wrong from the start, repeatable.")
]
