"""Derived names: a name made of another is the name of somebody else: Petrov and Petrova, Karim and Karimi."""

from screening.names.token import Token

_VOWELS = "aeiou"
_FINAL_I, _OTHER_VOWELS = "iyj", "aeou"


def derived(a: str, b: str) -> str:
    """Say how one personal name is derived from the other, which makes it another name: Petrov, Petrova."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    if long == short + "a" and short[-1:] in {"v", "n", "i"}:
        return "masculine and feminine form"
    if long == short + "i" and short[-1:] not in _VOWELS:
        return "a name and the family name made of it"
    return ""


def derived_across(native: Token, latin: Token) -> bool:
    """Tell whether of two words, one of them in Persian letters, one is the family name made of the other.

    A final i is always written: کریمی is Karimi, not Karim. A final ی that is read a is left alone: Mostafa مصطفی.
    """
    written = native.native.endswith("ی")
    read = latin.plain[-1:] in _FINAL_I
    return written != read and latin.plain[-1:] not in _OTHER_VOWELS
