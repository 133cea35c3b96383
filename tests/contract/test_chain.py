"""Links, signatures, seals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import chain
from contract.chain import Link, LinkError
from contract.signing import KeyRecord, SignatureError, SigningKey, VerifyingKey, key_id
from contract.topics import AgentTopics, TopicNameError, parse
from contract.wire.event import SealedEvent, SealedType, UnsealError, seal, unseal
from tests.contract.making import AT, KEY

LINK = Link("van-7", "a" * 32, 7, "b" * 64, "c" * 64)
OTHER = SigningKey.from_seed(b"o" * 32)


def sealed(type_=SealedType.COMMAND, agent="van-7", key=KEY, statement="{}"):
    data = seal(key, type_, agent, statement)
    return SealedEvent(id="1", source="/x", time=AT, type=type_, data=data)


def keys(*known):
    return {each.id: VerifyingKey(each.public) for each in known}


def test_a_link_survives_the_trip():
    assert chain.parse(str(LINK)) == LINK


@given(st.text(max_size=300))
def test_no_text_but_a_link_is_one(text):
    with pytest.raises(LinkError):
        chain.parse(text)


@pytest.mark.parametrize("seq", ["0", "01", "-1", "1" * 20])
def test_a_number_in_a_link_is_written_in_one_way(seq):
    with pytest.raises(LinkError):
        chain.parse(str(LINK).replace(" 7 ", f" {seq} "))


def test_a_signature_holds_for_its_text_and_its_key_alone():
    public = VerifyingKey(KEY.public)
    signature = KEY.sign("text")

    public.check("text", signature)
    for text, given_signature in (
        ("Text", signature),
        ("text", OTHER.sign("text")),
        ("text", "x"),
        ("text", ""),
    ):
        with pytest.raises(SignatureError):
            public.check(text, given_signature)


@pytest.mark.parametrize("public", ["", "x", "AAAA", "é", "A" * 44])
def test_what_is_no_key_is_refused(public):
    with pytest.raises(SignatureError):
        key_id(public)


def test_a_seal_opens_for_its_agent_its_type_and_its_key_alone():
    genuine = sealed()

    assert "{}" == unseal(genuine, "van-7", keys(KEY))
    with pytest.raises(UnsealError, match="another agent"):
        unseal(genuine, "van-8", keys(KEY))
    with pytest.raises(UnsealError, match="not known"):
        unseal(genuine, "van-7", keys(OTHER))
    with pytest.raises(UnsealError):
        unseal(genuine.model_copy(update={"type": SealedType.RECEIPT}), "van-7", keys(KEY))
    forged = genuine.data.model_copy(update={"sig": OTHER.sign("x")})
    with pytest.raises(UnsealError):
        unseal(genuine.model_copy(update={"data": forged}), "van-7", keys(KEY))


def test_a_key_record_is_named_after_its_key():
    assert KEY.id == KeyRecord("van-7", KEY.public).id == VerifyingKey(KEY.public).id


@pytest.mark.parametrize("name", ["+", "#", "a/b", "", "A", "é", "x" * 65, "../x", "a b"])
def test_a_name_that_could_bend_a_topic_is_refused(name):
    with pytest.raises(TopicNameError):
        AgentTopics("main", name)
    with pytest.raises(TopicNameError):
        AgentTopics("main", "van-7").intervention(name)


def test_a_topic_is_taken_apart_as_it_was_built():
    address = parse(AgentTopics("main", "van-7").form("combustion", 2))

    assert ("main", "van-7", ("form", "combustion", "2")) == (
        address.tenant,
        address.agent,
        address.rest,
    )


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "releve",
        "releve/v1/main/van-7",
        "releve/v2/main/van-7/x",
        "other/v1/main/van-7/x",
        "releve/v1/+/van-7/x",
    ],
)
def test_other_topics_are_not_ours(topic):
    assert parse(topic) is None
