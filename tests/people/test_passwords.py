"""Passwords: what a person may choose, how they are kept, and how long a name is held back."""

from datetime import timedelta

import pytest
from people_made import CHEAP

from core.errors import InvalidInput
from screening.people import lockout
from screening.people.passwords import LEAST, MOST, Passwords, check_password, temporary_password

HER = ("olga.petrova", "Olga Petrova")


@pytest.mark.parametrize(
    "password",
    ["violet anchovy parliament", "wX7-kPq2-mVn9", "xkjq vbzw plmo", "корова летит на юг", "گاو به جنوب پرواز می‌کند"],
)
def test_long_and_unusual_is_all_it_takes(password: str) -> None:
    check_password(password, HER)


@pytest.mark.parametrize(
    "password",
    [
        "Tr0ub4dor&3",  # eleven characters, whatever they are
        "passwordpassword",
        "Password12345",
        "qwertyuiop12",
        "aaaaaaaaaaaa",
        "123456789012",
        "abcdefghijkl",
        "iloveyou1234",
        "caspian12345",
        "olga.petrova1985",
        "PetrovaOlga12",
        "x" * (MOST + 1),
    ],
)
def test_short_common_and_own_names_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password(password, HER)
    (error,) = refused.value.errors
    assert error.field == "password"
    assert password not in error.message


def test_a_temporary_password_would_itself_be_taken() -> None:
    made = {temporary_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert len(password) >= LEAST
        check_password(password, HER)


async def test_a_hash_tells_its_password_and_nothing_else() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hashed("violet anchovy parliament")
    assert "violet" not in kept
    assert kept.startswith("$argon2id$")
    assert await passwords.agree("violet anchovy parliament", kept)
    assert not await passwords.agree("violet anchovy parliamenT", kept)
    assert not await passwords.agree("violet anchovy parliament", None)
    assert not await passwords.agree("", None)
    assert not await passwords.agree("x", "not a hash")
    assert kept != await passwords.hashed("violet anchovy parliament")


async def test_two_keyboards_write_the_same_password() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hashed("caf\u00e9 \ufb01ve boats")
    assert await passwords.agree("cafe\u0301 five boats", kept)


async def test_a_hash_of_another_cost_is_known_as_outdated() -> None:
    kept = await Passwords(CHEAP).hashed("violet anchovy parliament")
    assert not Passwords(CHEAP).is_outdated(kept)
    assert Passwords().is_outdated(kept)


def test_the_delay_grows_and_ends_in_a_locked_door() -> None:
    delays = [lockout.delay(failures) for failures in range(lockout.MOST)]
    assert delays[: lockout.FREE] == [timedelta()] * lockout.FREE
    assert delays[lockout.FREE] == timedelta(seconds=30)
    assert delays[lockout.FREE + 1] == timedelta(minutes=1)
    known = [delay for delay in delays if delay is not None]
    assert known == sorted(known)
    assert known[-1] == timedelta(hours=1)
    assert lockout.delay(lockout.MOST) is None
    assert lockout.delay(10_000) is None
