"""Somebody signs a report: as it was shown, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass

from agent.ports import CaptureStore, Placing, Saved
from agent.usecases.drafting import Drafter
from agent.usecases.work import ReportView, UnknownError, Work, WorkError
from contract.forms.signed import SignatureState
from contract.wire.base import Place
from contract.wire.captured import Technician
from contract.wire.drawing import Drawing
from contract.wire.statement import Signature, Statement
from contract.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What somebody signed with, and what they saw."""

    signatory: str
    name: str
    capacity: str | None
    drawing: Drawing
    shown: str
    """Digest of the report as it was shown."""


class Signing:
    """Saves signatures."""

    def __init__(
        self,
        work: Work,
        captures: CaptureStore,
        drafter: Drafter,
        saved: Callable[[str], None],
    ) -> None:
        self._work = work
        self._captures = captures
        self._drafter = drafter
        self._saved = saved

    async def sign(self, intervention: str, report: str, hand: Hand, by: Technician) -> Saved:
        """Save a signature in the place of the same person's earlier one; raises WorkError.

        What was signed must be what the report shows now: what changed meanwhile has to be looked at first.
        """
        async with self._work.turn:
            view = await self._work.open_report(intervention, report)
            replaces = _replaced(view, hand)
            if hand.shown != view.digest:
                raise WorkError(
                    "shown", Words("the report has changed since: look at it again, then sign")
                )

            def build(_: Placing) -> Statement:
                return Signature(
                    **self._drafter.common(intervention, by, replaces),
                    report=report,
                    signatory=hand.signatory,
                    name=hand.name,
                    capacity=hand.capacity,
                    drawing=hand.drawing,
                    report_sha256=view.digest,
                )

            [saved] = await self._captures.append(intervention, [build])
        self._saved(intervention)
        return saved


def _replaced(view: ReportView, hand: Hand) -> tuple[Place, ...]:
    """Return the places of the signatures that a new one takes the place of; raises UnknownError."""
    stands = view.signatures.get(hand.signatory)
    if stands is None:
        raise UnknownError(
            "signatory",
            Words("the form {form} asks for no such signature", form=view.form.id),
        )
    ids = stands.candidates
    if stands.state is not SignatureState.CONFLICT and stands.source is not None:
        ids = (stands.source,)
    return tuple(Place(epoch=each.epoch, seq=each.seq) for each in ids)
