"""What the agent's tests need made."""

from contract.signing import SigningKey, VerifyingKey
from contract.topics import AgentTopics
from contract.wire.base import Place
from contract.wire.down import Outcome, Range, Receipt
from contract.wire.event import SealedEvent, SealedType, seal
from contract.wire.intervention import Appliance, FormReference, Intervention, Report
from contract.wire.statement import Note
from tests.contract.making import AT, BY, CLOCK

GATEWAY_KEY = SigningKey.from_seed(b"g" * 32)
STRANGER_KEY = SigningKey.from_seed(b"s" * 32)
GATEWAY_KEYS = {GATEWAY_KEY.id: VerifyingKey(GATEWAY_KEY.public)}
TOPICS = AgentTopics("main", "van-7")
INTERVENTION = Intervention(
    id="i-1",
    title="Entretien",
    appliances=(Appliance(id="north", name="Nord"), Appliance(id="south", name="Sud")),
    reports=(
        Report(id="r-1", appliance="north", form=FormReference(id="combustion", version=1)),
        Report(id="r-2", appliance="south", form=FormReference(id="combustion", version=1)),
    ),
)


def note(text="noté", intervention="i-1"):
    return lambda _: Note(
        salt="0" * 32, intervention=intervention, by=BY, at=AT, clock=CLOCK, text=text
    )


def sealed(type_, statement, *, agent="van-7", key=GATEWAY_KEY) -> bytes:
    data = seal(key, type_, agent, statement.to_json())
    event = SealedEvent(id="e", source="/releve/main/gateway", time=AT, type=type_, data=data)
    return event.to_json().encode()


def receipt_for(
    *saved, outcome=Outcome.ATTACHED, reason=None, head=None, agent="van-7", link=None
):
    first, last = saved[0].link, saved[-1].link
    return Receipt(
        agent=agent,
        id=f"{first.epoch}-{first.seq}-{last.seq}",
        at=AT,
        ranges=(
            Range(
                epoch=first.epoch,
                first=first.seq,
                last=last.seq,
                link=link or last.hash,
                outcome=outcome,
                reason=reason,
            ),
        ),
        head=Place(epoch=first.epoch, seq=head) if head else None,
    )


def receipt(*saved, key=GATEWAY_KEY, to="van-7", **how) -> bytes:
    return sealed(SealedType.RECEIPT, receipt_for(*saved, agent=to, **how), agent=to, key=key)
