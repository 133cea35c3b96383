"""A PIN gives a token; five wrong ones lock."""

import pytest

from agent.adapters import pins
from agent.usecases.signing_in import LASTS, LOCKED_FOR, SignIn, SignInError
from contract.wire.captured import Technician

AMIRA = Technician(id="amira", name="Amira Benali")


@pytest.fixture
async def sign_in(store, clock):
    await store.records.keep_technician(AMIRA, "hash of 123456")
    tokens = iter(f"token-{n}" for n in range(100))
    return SignIn(
        store.records,
        clock,
        verify=lambda kept, pin: kept == f"hash of {pin}",
        new_token=lambda: next(tokens),
    )


async def test_the_right_pin_gives_a_token(sign_in):
    token, who = await sign_in.sign_in("amira", "123456")

    assert AMIRA == who == sign_in.who(token) == sign_in.present()


@pytest.mark.parametrize(("name", "pin"), [("amira", "000000"), ("nobody", "123456"), ("", "")])
async def test_a_wrong_pin_and_an_unknown_name_read_the_same(sign_in, name, pin):
    with pytest.raises(SignInError, match="do not fit"):
        await sign_in.sign_in(name, pin)


async def test_an_unknown_name_costs_as_much_as_a_wrong_pin_and_never_signs_in(store, clock):
    compared = []
    await store.records.keep_technician(AMIRA, "hash of 123456")
    sign_in = SignIn(
        store.records,
        clock,
        verify=lambda kept, pin: compared.append(kept) or kept == f"hash of {pin}",
        new_token=lambda: "token",
    )
    for name, pin in (("nobody", "123456"), ("amira", "000000")):
        with pytest.raises(SignInError, match="do not fit"):
            await sign_in.sign_in(name, pin)

    assert ["hash of 123456"] * 2 == compared


async def test_five_wrong_pins_lock_even_the_right_one_for_a_while(sign_in, clock):
    for _ in range(5):
        with pytest.raises(SignInError, match="do not fit"):
            await sign_in.sign_in("amira", "x")
    for pin in ("x", "123456"):
        with pytest.raises(SignInError, match="wait"):
            await sign_in.sign_in("amira", pin)
    clock.pass_by(LOCKED_FOR)
    token, _ = await sign_in.sign_in("amira", "123456")
    assert AMIRA == sign_in.who(token)


async def test_a_wall_clock_that_jumps_unlocks_nothing(sign_in, clock):
    for _ in range(6):
        with pytest.raises(SignInError):
            await sign_in.sign_in("amira", "x")
    clock.jump(days=800)
    with pytest.raises(SignInError, match="wait"):
        await sign_in.sign_in("amira", "123456")


async def test_a_token_is_worthless_after_signing_out_and_after_a_day_of_rest(sign_in, clock):
    token, _ = await sign_in.sign_in("amira", "123456")
    other, _ = await sign_in.sign_in("amira", "123456")
    sign_in.sign_out(token)
    clock.pass_by(LASTS + 1)
    for each in (token, other, "", "guess"):
        with pytest.raises(SignInError):
            sign_in.who(each)


def test_a_pin_at_rest_is_a_hash_that_only_it_fits():
    pin = pins.new_pin()
    kept = pins.hash_pin(pin)

    assert pin not in kept
    assert pins.verify_pin(kept, pin)
    assert not pins.verify_pin(kept, pin[::-1] + "0")
    assert not pins.verify_pin("no hash", pin)


def test_pins_are_spread():
    drawn = {pins.new_pin() for _ in range(2000)}

    assert len(drawn) > 1950
    assert all(len(each) == 6 and each.isdigit() for each in drawn)
