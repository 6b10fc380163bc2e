"""From words to tokens: one function for company names, one for persons', one for ships' and aircraft's."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from screening.names import roles
from screening.names.lexicon import Entry, Lexicon, connects
from screening.names.tables import LEXICON_TABLES, spellings
from screening.names.token import Role, Token
from screening.names.words import Word, fold_word

_ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "xiii": "13", "xiv": "14", "xv": "15",
}  # fmt: skip
_SHORT_ROMAN = {"i": "1", "v": "5", "x": "10"}  # alone they are mostly initials; ships are counted with them
_SHIP_WORDS = frozenset(("mv", "mt", "ms", "ss", "mf", "vessel", "ship", "motor"))
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th", *"йяе", "ый", "ой", "ая", "ое", "го", "ви", "ти", "ри", "ма"))
"""What is written after a number: 18th, 41-й, 41-ви."""
_LOOKALIKE_DIGITS = str.maketrans("01358", "oiseb")
_OF_A_PERSON = (Role.WORD, Role.INITIAL, Role.PARTICLE)
_ARTICLES = frozenset(("the", "al", "el", "la", "le", "les", "der", "die", "das", "den", "az"))
_SHORT_FORM = 2  # letters of A.G. and S.A., which stand last; before a name they are initials
_MAX_SPELT_OUT = 7  # letters of a spelt-out abbreviation: O.O.O., F.S.U.E.


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the company lexicon, built from the tables at first use. Legal forms are read before trade words."""
    return Lexicon(row for name in LEXICON_TABLES for row in spellings(name))


def company_tokens(words: Sequence[Word]) -> tuple[Token, ...]:
    """Read the words of an organisation's name, or of a name of unknown kind that looks like one."""
    tokens: list[Token] = []
    first = position = 0
    while position < len(words):
        edge = (first, len(words) - 1)
        end, made = _phrase(words, position, edge) or (position + 1, [_company_word(words, position)])
        tokens.extend(made)
        if position == first and all(token.role is Role.LEGAL_FORM for token in made):
            first = end  # АО КБ «Аметист»: the name begins after its form
        position = end
    if len(tokens) > 1 and all(token.role is Role.LEGAL_FORM for token in tokens):
        tokens[-1] = replace(tokens[-1], role=Role.WORD, concept="")  # АО «АБ»: something must be the name
    return tuple(_only_family_names(tokens))


def _only_family_names(tokens: list[Token]) -> list[Token]:
    """Of whom a company is named after only the family name is told: "imeni I. I. Kartukova" is often all that is said.

    Initials stand before or after the words for "named after" (Hungarian and Lithuanian put these last); given names
    and patronymics follow them, and the family name is the last.
    """
    named = next((place for place, token in enumerate(tokens) if token.concept == "soft:named"), None)
    if named is None:
        return tokens
    silent = {place for place, token in enumerate(tokens) if token.role is Role.INITIAL}
    person = list(takewhile(lambda place: tokens[place].role in _OF_A_PERSON, range(named + 1, len(tokens))))
    words = [place for place in person if tokens[place].role is Role.WORD]
    silent.update(words[:-1])
    return [replace(t, role=Role.PARTICLE, concept="") if place in silent else t for place, t in enumerate(tokens)]


def _phrase(words: Sequence[Word], start: int, edge: tuple[int, int]) -> tuple[int, list[Token]] | None:
    spelt = _spelt_out(words, start)
    found = spelt or lexicon().longest(words, start, edge) or _misread(words, start)
    if found is None:
        return None
    end, entry = found
    return end, [_spanning(words, start, end - 1, entry.role, concept) for concept in entry.concepts]


def _spelt_out(words: Sequence[Word], start: int) -> tuple[int, Entry] | None:
    """Read `O. O. O.` or `F.S.U.E.` as one abbreviation, the longest that the tables know."""
    end = start
    while end < len(words) and len(words[end].text) == 1 and end - start < _MAX_SPELT_OUT:
        end += 1
    for stop in range(end, start + 1, -1):
        if stop - start == _SHORT_FORM and stop < len(words):
            continue  # A. G. Shipunov is no Aktiengesellschaft
        joined = fold_word("".join(word.text for word in words[start:stop]))
        found = lexicon().longest((joined,), 0, (0, 0))
        if found:
            return stop, found[1]
    return None


def _misread(words: Sequence[Word], start: int) -> tuple[int, Entry] | None:
    """Read a legal form written with digits for letters (FZC0, LTD1 stays)."""
    text = words[start].plain
    if text.isalpha() or text.isdigit() or not text:
        return None
    found = lexicon().longest((fold_word(text.translate(_LOOKALIKE_DIGITS)),), 0, (0, 0))
    return (start + 1, found[1]) if found and found[1].role is Role.LEGAL_FORM else None


def _company_word(words: Sequence[Word], position: int) -> Token:
    word = words[position]
    last = len(words) - 1
    if number := _number(word, last=position == last, short=False):
        return number_token(word, position, number)
    if (0 < position < last and connects(word.text)) or (position < last and _is_article(word)):
        return _token(word, position, Role.PARTICLE)
    if position > 0 and word.text.lower() in _ORDINAL_ENDINGS and words[position - 1].plain.isdigit():
        return _token(word, position, Role.PARTICLE)
    if len(word.text) == 1 and word.script != "Hani":
        return _token(word, position, Role.INITIAL)
    given = roles.given_name(word)
    return _token(word, position, Role.WORD, f"given:{given}" if given else "")


def _is_article(word: Word) -> bool:
    """Whether a word is an article, which a name may begin with: The, Al, La."""
    return word.plain in _ARTICLES or (word.script == "Arab" and word.native == "ال")


def vessel_tokens(words: Sequence[Word]) -> tuple[Token, ...]:
    """Read the words of a ship's or aircraft's name: every word counts, M/V does not, numbers are numbers."""
    tokens = []
    for position, word in enumerate(words):
        if number := _number(word, last=position == len(words) - 1 and position > 0, short=True):
            tokens.append(number_token(word, position, number))
        elif position == 0 and len(words) > 1 and word.plain in _SHIP_WORDS:
            tokens.append(_token(word, position, Role.SOFT))
        elif 0 < position < len(words) - 1 and word.plain in ("no", "nr"):
            tokens.append(_token(word, position, Role.PARTICLE))
        else:
            tokens.append(_token(word, position, Role.WORD))
    return tuple(tokens)


def person_tokens(words: Sequence[Word], skip: frozenset[int] = frozenset()) -> tuple[Token, ...]:
    """Read the words of a person's name, but for the positions in `skip` (a sole proprietor's legal form)."""
    spans = _spans([position for position in range(len(words)) if position not in skip], words)
    folded = [(first, last, _joined(words, first, last)) for first, last in spans]
    named = [_simple_role(word) for _, _, word in folded]
    _keep_a_name(named)
    fathers = _patronymic(folded, named)
    tokens = []
    for index, (first, last, word) in enumerate(folded):
        role, concept = named[index], ""
        if index in fathers:
            role, concept = Role.PATRONYMIC, fathers[index]
        elif role is Role.WORD:
            given = roles.given_name(word)
            role, concept = (Role.GIVEN, f"given:{given}") if given else (role, "")
        elif role is Role.NUMBER:
            concept = f"number:{word.plain}"
        tokens.append(_token(word, first, role, concept, last))
    return tuple(tokens)


def _simple_role(word: Word) -> Role:
    special = roles.person_word(word)
    if special:
        return Role(special)
    if word.plain.isdigit():
        return Role.NUMBER
    return Role.INITIAL if len(word.text) == 1 and word.script in ("Latn", "Cyrl", "Grek") else Role.WORD


def _keep_a_name(named: list[Role]) -> None:
    """A title or particle without a name beside it is the name itself (Sardar, Al, Mir)."""
    if named and Role.WORD not in named:
        for index, role in enumerate(named):
            if role in (Role.HONORIFIC, Role.PARTICLE):
                named[index] = Role.WORD


def _patronymic(folded: Sequence[tuple[int, int, Word]], named: Sequence[Role]) -> dict[int, str]:
    """Return the positions of the patronymic, with its concept.

    A patronymic needs a given and a family name beside it: in "Roman Abramovich" the second word is the family name,
    in "Abramovich Roman Arkadyevich" the word after the given name is the patronymic.
    """
    for index, (_, _, word) in enumerate(folded):
        if index > 0 and roles.says(word, "child_of"):
            father = roles.given_name(folded[index - 1][2])
            return {index - 1: f"patronymic:{father}" if father else "", index: ""}
    if sum(1 for role in named if role in (Role.WORD, Role.INITIAL)) < 3:
        return {}
    found = {
        index: base
        for index, (_, _, word) in enumerate(folded)
        if index > 0 and named[index] is Role.WORD and (base := roles.patronymic_base(word)) is not None
    }
    if not found:
        return {}
    best = next((index for index in found if roles.given_name(folded[index - 1][2])), min(found))
    return {best: f"patronymic:{found[best]}" if found[best] else ""}


def _spans(positions: list[int], words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the words' spans, with Abd al-Reza, Shams ol-Din and Rouh Allah each one name."""
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(positions):
        here = positions[index]
        end = index
        if roles.says(words[here], "servant_of") or _is_kunya(positions, words, index):
            end = _after_article(positions, words, index)
        elif spans_on := _din(positions, words, index):
            end = spans_on
        spans.append((here, positions[end]))
        index = end + 1
    return spans


def _is_kunya(positions: list[int], words: Sequence[Word], index: int) -> bool:
    """Whether Abu with an article begins here: Abu al-Fadl and Abol Fazl are one name, Abu Mahdi are two words."""
    word = words[positions[index]]
    if roles.says(word, "father_of_the"):
        return True
    following = words[positions[index + 1]] if index + 1 < len(positions) else word
    if not roles.says(word, "father_of"):
        return False
    return following.native.startswith("ال") or (index + 2 < len(positions) and roles.says(following, "article"))


def _after_article(positions: list[int], words: Sequence[Word], index: int) -> int:
    following = index + 1
    if following < len(positions) - 1 and roles.says(words[positions[following]], "article"):
        following += 1
    return min(following, len(positions) - 1)


def _din(positions: list[int], words: Sequence[Word], index: int) -> int:
    if len(words[positions[index]].plain) < 3:
        return 0
    following = index + 1
    if following < len(positions) - 1 and roles.says(words[positions[following]], "article"):
        following += 1
    if following < len(positions) and roles.says(words[positions[following]], "of_the_faith"):
        return following
    return 0


def _joined(words: Sequence[Word], first: int, last: int) -> Word:
    if first == last:
        return words[first]
    return fold_word("".join(word.text for word in words[first : last + 1]))


def _number(word: Word, last: bool, short: bool) -> str:
    if word.plain.isdigit() and not any(character.isalpha() for character in word.text):
        return word.plain.lstrip("0") or "0"
    if last and word.script == "Latn":
        return _ROMAN.get(word.plain, "") or (_SHORT_ROMAN.get(word.plain, "") if short else "")
    return ""


def number_token(word: Word, position: int, number: str) -> Token:
    """Return a number's token: without leading zeros, Roman numerals and Persian digits as ours."""
    return Token(word.text, position, position, Role.NUMBER, number, number, number, number, f"number:{number}")


def _token(word: Word, position: int, role: Role, concept: str = "", last: int = -1) -> Token:
    return Token(
        word.text,
        position,
        max(position, last),
        role,
        word.plain,
        word.sound,
        word.skeleton,
        word.weak_skeleton,
        concept,
        word.native,
    )


def _spanning(words: Sequence[Word], first: int, last: int, role: Role, concept: str) -> Token:
    if first == last:
        return _token(words[first], first, role, concept)
    part = words[first : last + 1]
    return Token(
        " ".join(word.text for word in part),
        first,
        last,
        role,
        "".join(word.plain for word in part),
        "".join(word.sound for word in part),
        "".join(word.skeleton for word in part),
        "".join(word.weak_skeleton for word in part),
        concept,
        " ".join(word.native for word in part).strip(),
    )
