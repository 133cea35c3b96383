"""Requests that come by way of the gateway: in the name of who is signed in, and told to their end."""

from datetime import timedelta
from typing import Any

import pytest

from agent.api.reasons import in_both_languages
from agent.usecases.remote import RemoteCapturing
from contract.wire.down import Assignment, Command, CommandName, Progress
from contract.wire.request import CaptureOrder, FieldStatus, RequestState
from tests.agent.making import INTERVENTION
from tests.agent.test_capturing import CALIBRATED, FORM, paired
from tests.contract.making import AT, BY
from tests.fakes.link import FakeProbe
from tests.fakes.van import until, van


class Device:
    def __init__(self, here: Any) -> None:
        self.van = here
        self.signed_in = BY
        self.told: list[Progress] = []
        self.remote = RemoteCapturing(
            agent="van-7",
            capturing=here.capturing,
            signed_in=lambda: self.signed_in,
            tell=self.told.append,
            translate=in_both_languages,
            clock=here.clock,
            spawn=here.spawn,
        )

    async def order(self, *fields: str, report: str = "r-1", **more: Any) -> str:
        wanted = CaptureOrder(intervention="i-1", report=report, fields=fields, **more)
        command = Command(
            agent="van-7",
            id="c-1",
            name=CommandName.CAPTURE,
            issued=AT,
            expires=AT + timedelta(minutes=1),
            capture=wanted,
        )
        return await self.remote.order(command)

    @property
    def last(self) -> Progress:
        return self.told[-1]


@pytest.fixture
async def device(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        device = Device(running)
        device.probe = await paired(running, FakeProbe(), CALIBRATED)
        yield device


async def test_a_request_is_carried_out_and_told_to_its_end(device):
    assert "taken on" == await device.order("free")
    await until(lambda: device.told and device.last.progress.state is RequestState.WAITING)
    device.probe.state("00d0e945")
    await until(lambda: device.last.progress.state is RequestState.ACCEPTED)

    field = device.last.progress.fields["free"]
    assert (FieldStatus.SAMPLED, "46512997") == (field.state, field.serial)
    assert field.value is not None
    assert 1 == len(device.last.progress.captures)
    [view] = await device.van.work.views()
    assert BY == view.reports[0].values["free"].statement.by


async def test_words_of_one_request_are_numbered_upwards(device):
    await device.order("free")
    await until(lambda: device.told)
    device.probe.state("00d0e945")
    await until(lambda: device.last.progress.state is RequestState.ACCEPTED)

    numbers = [each.number for each in device.told]
    assert sorted(set(numbers)) == numbers


async def test_without_anybody_signed_in_nothing_is_captured(device, store):
    device.signed_in = None
    assert "refused" == await device.order("free")

    assert RequestState.REJECTED is device.last.progress.state
    assert "sign in" in device.last.progress.reason.en
    assert "connectez-vous" in device.last.progress.reason.fr
    assert 0 == await store.captures.depth()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("suction",), "was not zeroed"),
        (("humidity",), "no paired instrument states"),
        (("remarks",), "type the answer"),
        (("nothing",), "no such field"),
    ],
)
async def test_what_the_form_does_not_accept_is_refused_with_its_reason(device, fields, said):
    assert "refused" == await device.order(*fields)

    assert RequestState.REJECTED is device.last.progress.state
    assert said in device.last.progress.reason.en
    assert device.last.progress.reason.en != device.last.progress.reason.fr


async def test_a_report_that_is_not_here_is_refused(device):
    await device.order("free", report="r-9")

    assert RequestState.REJECTED is device.last.progress.state
