"""Keys: how a word of the subject's name reaches the listed words that may be meant.

Listed and subject words leave keys; where they leave the same, the words are compared. A key is a 32-bit checksum: two
different keys may collide, which costs one comparison and never a wrong result.

    d  the sound, the letters, and each one-letter deletion of both: one typing error on either side (SymSpell)
    c  the concept, legal form, place or given name
    s  the consonant skeleton, for words of the other kind of script only
    w  the one-letter deletions of the weak skeleton, likewise
    m  a sound that the lists use for the same party (learnt)
    j  two neighbours run together; k  the skeletons of two neighbours run together, for the other kind of script
    h  a whole name run together, with its one-letter deletions if it is long; a  the initials of a name
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

from screening.matching import numbers as n
from screening.matching.likeness import budget, is_vowelless, joined_forms
from screening.names.akin import akin_to
from screening.names.token import Role, Token

_NEVER_JOINED = frozenset({Role.NUMBER, Role.LEGAL_FORM, Role.INITIAL})


def key(tag: str, text: str) -> int:
    """Return the key of a text under a tag."""
    return crc32(f"{tag}{text}".encode())


def spread(tag: str, text: str) -> set[int]:
    """Return the keys of a text under a tag and of each form of it with one letter left out.

    The checksum of what stands before the letter left out is carried along, so that no form need be written out.
    """
    data, before, at = text.encode(), crc32(tag.encode()), 0
    found = {crc32(data, before)}
    for width in (1,) * len(data) if text.isascii() else [len(letter.encode()) for letter in text]:
        letter = data[at : at + width]
        at += width
        found.add(crc32(data[at:], before))
        before = crc32(letter, before)
    return found


def _sound_keys(token: Token) -> set[int]:
    """Keys of the sound, and of the letters where they differ: an error beside kh or ll may change how they sound."""
    sound = token.sound
    if not sound:
        return set()
    if budget(len(sound) + 1) == 0:
        return {key("d", sound)}
    return spread("d", sound) if sound == token.plain else spread("d", sound) | spread("d", token.plain)


def _skeleton_keys(token: Token, side: str) -> set[int]:
    found = set()
    if token.skeleton:
        found.add(key(f"s{side}", token.skeleton))
    if len(token.weak_skeleton) >= n.SKELETON_EDIT_LETTERS:
        found |= spread(f"w{side}", token.weak_skeleton)
    return found


def listed_keys(token: Token, learnt: Iterable[str] = ()) -> set[int]:
    """Return the keys that a listed word leaves; `learnt` are the sounds the lists use in its stead."""
    found = _sound_keys(token)
    if token.role not in (Role.NUMBER, Role.INITIAL):
        found |= _skeleton_keys(token, "v" if is_vowelless(token) else "l")
    if token.concept:
        found.add(key("c", token.concept))
    found.update(key("m", sound) for sound in learnt)
    return found


def subject_keys(token: Token) -> set[int]:
    """Return the keys by which a subject's word looks for listed words."""
    found = _sound_keys(token)
    if token.role not in (Role.NUMBER, Role.INITIAL):
        found |= _skeleton_keys(token, "l" if is_vowelless(token) else "v")
    if token.concept:
        found.update(key("c", concept) for concept in (token.concept, *akin_to(token.concept)))
    found.add(key("m", token.sound))
    return found


def joints(tokens: Sequence[Token]) -> list[int]:
    """Return the positions of words that may be one word with the next."""
    return [
        i
        for i in range(len(tokens) - 1)
        if tokens[i].role not in _NEVER_JOINED and tokens[i + 1].role not in _NEVER_JOINED
    ]


def joined_word_keys(token: Token) -> set[int]:
    """Return the keys by which two subject words written as one (`token`) look for one listed word."""
    found = {key("d", token.sound), key("m", token.sound)}
    if token.skeleton:
        found.add(key("sl" if is_vowelless(token) else "sv", token.skeleton))
    return found


def split_word_keys(token: Token) -> set[int]:
    """Return the keys by which one subject word looks for two neighbours in a listed name."""
    if len(token.sound) < n.SPLIT_LETTERS or token.role in _NEVER_JOINED:
        return set()
    found = spread("j", token.sound)
    if token.skeleton:
        found.add(key("kl" if is_vowelless(token) else "kv", token.skeleton))
    return found


def name_keys(tokens: Sequence[Token], joined: str, acronyms: Iterable[str]) -> set[int]:
    """Return the keys that a whole listed name leaves."""
    found = set()
    for i in joints(tokens):
        sound, skeleton = joined_forms(tokens[i], tokens[i + 1])
        found.add(key("j", sound))
        if skeleton:
            found.add(key("kv" if is_vowelless(tokens[i] if tokens[i].native else tokens[i + 1]) else "kl", skeleton))
    found |= whole_keys(joined)
    found.update(key("a", letters) for letters in acronyms)
    return found


def whole_keys(joined: str) -> set[int]:
    """Return the keys of a name run together, of a listed or a subject's name alike."""
    if len(joined) < n.WHOLE_LETTERS:
        return {key("h", joined)} if joined else set()
    return spread("h", joined)


def acronym_keys(joined: str, acronyms: Iterable[str]) -> set[int]:
    """Return the keys by which an acronym finds full names, and a full name its acronym."""
    return {key("a", joined), *(key("h", letters) for letters in acronyms)}
