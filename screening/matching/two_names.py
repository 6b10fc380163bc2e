"""Two names or a slip: whether two words that differ by a letter or two are names in their own right.

Karimi and Karami are two families though one letter tells them apart; Damghani and Damgani are one, written wrongly.
"""

import re
from collections.abc import Container

from screening.matching.common_words import common_brands, is_common_family_name
from screening.names.token import Role, Token

_SYLLABLE = (
    "(?:(?:b|p|m|f|d|t|n|l|g|k|h|j|q|x|zh|ch|sh|r|z|c|s|y|w)"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|an|en|in|un|ai|ei|ao|ou|ia|ie|iu|ua|ui|uo|ue|a|e|i|o|u))"
)
_PINYIN = re.compile(f"{_SYLLABLE}{{2}}")
_CHINESE = re.compile("zh|q(?=[iu])|x(?=[iu])|[iu]ang|iong|iao|u[aio](?![aeiou])|(?<=[bfmwg])ei|(?<=[aeiou]n)b|jia")
"""Letters that names of other languages written in pinyin's syllables (Karimi, Hasan) do not have together."""
_TITLES = frozenset({Role.HONORIFIC, Role.PARTICLE})
_VOWELS = frozenset("aeiou")
_NEAR_LETTERS = str.maketrans("eoczShg", "iuksChh")


def two_names(a: Token, b: Token, common: Container[str], *, person: bool) -> bool:
    """Return whether words `a` (the subject's) and `b` are both names.

    They are where several listed parties (`common`, by sound) or people everywhere bear both. Of a known personal
    name, another vowel in the place of an a makes another one, known or not: Karimi, Karami. And who asks for a family
    name that many bear means it: Bagheri is no slip for the listed Baseri. Two Chinese given names of two syllables
    differ by a letter or two as a rule: Zhiqiang, Zhiqing.
    """
    if person and _is_pinyin(a.plain) and _is_pinyin(b.plain):
        return True
    known = _is_known(a, common, person), _is_known(b, common, person)
    if all(known) or (person and any(known) and _other_vowel(a.sound, b.sound)):
        return True
    return person and known[0] and len(a.sound) == len(b.sound) and a.role is not Role.GIVEN


def _is_pinyin(word: str) -> bool:
    """Whether a word is two syllables of Chinese as pinyin writes it, and looks like no other language's name."""
    return _CHINESE.search(word) is not None and _PINYIN.fullmatch(word) is not None


def _is_known(token: Token, common: Container[str], person: bool) -> bool:
    if token.sound in common:
        return True
    return token.role is Role.GIVEN or is_common_family_name(token) if person else token.sound in common_brands()


def _other_vowel(a: str, b: str) -> bool:
    """Whether two sounds differ only where one has an a and the other another vowel."""
    if len(a) != len(b):
        return False
    apart = [{x, y} for x, y in zip(a, b, strict=True) if x != y]
    return all("a" in pair and pair <= _VOWELS for pair in apart)


def title_and_name(a: Token, b: Token) -> bool:
    """Return whether one word is a title or particle and the other a name: Sayyid is no slip for Seyyedi."""
    return (a.role in _TITLES) != (b.role in _TITLES)


def near_letters(a: str, b: str) -> bool:
    """Return whether two sounds differ only in letters that languages write for one another.

    c for k, s for z (German Rogosin), ch for sh (French Mordachov), h for g (Ukrainian).
    """
    return a.translate(_NEAR_LETTERS) == b.translate(_NEAR_LETTERS)
