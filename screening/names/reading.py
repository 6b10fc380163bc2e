"""read_name: a written name, in any script, to the forms that can be compared.

The one public door of this package. It knows no list, no clock and no settings: the same text always reads the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lists.entity import Kind
from screening.names import clean, hungarian
from screening.names.acronyms import full_names
from screening.names.assemble import company_tokens, person_tokens, vessel_tokens
from screening.names.lexicon import connects
from screening.names.roles import given_name, person_word
from screening.names.token import ReadName, Role, Token
from screening.names.words import Word, fold_word

_SILENT = (Role.LEGAL_FORM, Role.HONORIFIC, Role.PARTICLE)
_UNTELLING = (Role.LEGAL_FORM, Role.SOFT, Role.NATION, Role.PARTICLE, Role.HONORIFIC, Role.INITIAL)
_SHORTEST_TELLING = 2  # letters
_COMPANY_EVIDENCE = (Role.LEGAL_FORM, Role.CONCEPT, Role.SOFT, Role.NATION, Role.NUMBER)
_SOLE_PROPRIETOR = "form:ip"
_ARTICLE, _ARTICLE_NAME = "ال", 5  # letters of a name with its article: shorter ones (الهی) are whole names
_SHORT_BRACKET = 2  # words; a longer bracket is a name of its own


def read_name(text: str, kind: Kind | None) -> tuple[ReadName, ...]:
    """Return the forms of a written name: the main one first, then other readings, brackets and `;`-parts.

    `kind` tells what the name is a name of; None reads it by what it holds, both ways if that is unclear. A sole
    proprietor reads as the person too; a known acronym standing alone reads as the full name too. An empty result
    means that the text holds no letter or digit. Never raises.
    """
    tidied = clean.tidy(text if kind is Kind.PERSON else clean.without_elisions(text))
    names, brackets = clean.forms_of(tidied)
    texts = list(names)
    for content, before in brackets:
        texts = _with_bracket(texts, content, before, kind)
    main = names[0] if names else ""
    texts.extend(part for part in clean.dash_parts(main) if len(clean.words_of(part)) > 1)
    if kind is not Kind.PERSON:
        texts.extend(_after_commas(main))
    forms: dict[tuple[str, tuple[Token, ...]], ReadName] = {}
    for index, form in enumerate(texts):
        for read in _read(form, kind):
            if index == 0 or _says_something(read, alone=form in names):
                forms.setdefault((read.written, read.tokens), read)
    for full in full_names(next(iter(forms.values()))) if forms and kind is not Kind.PERSON else ():
        for read in _read(clean.tidy(full), Kind.ORGANIZATION):
            forms.setdefault((read.written, read.tokens), read)
    return tuple(forms.values())


def _with_bracket(texts: list[str], content: str, before: str, kind: Kind | None) -> list[str]:
    """Place a bracket: back into the name if it is a legal form, place or trade word, else as another form.

    One word in a person's name stands for the word before it: "Lom-ali Butayev (Butaev)".
    """
    words = [fold_word(word) for word in clean.words_of(content)]
    if not words:
        return texts
    if not texts:
        return [content]
    if kind is Kind.PERSON and len(words) == 1:
        return [*texts, " ".join((*clean.words_of(before)[:-1], content))]
    if kind is not Kind.PERSON and len(words) <= _SHORT_BRACKET:
        tokens = company_tokens(words)
        if all(token.role not in (Role.WORD, Role.INITIAL) for token in tokens):
            said = {token.concept for token in company_tokens([fold_word(word) for word in clean.words_of(texts[0])])}
            new = not said.issuperset(token.concept for token in tokens)
            return [f"{texts[0]} {content}", *texts[1:]] if new and texts[0].startswith(before) else texts
    return [*texts, content]


def _after_commas(text: str) -> list[str]:
    """Return the parts of a name that begin with a legal form after a comma: ФКП «КГКПЗ», Федеральное казенное … ."""
    written = [part.strip() for part in text.split(",") if part.strip()]
    parts = []
    for part in written[1:]:
        tokens = company_tokens([fold_word(word) for word in clean.words_of(part)])
        if len(tokens) > 2 and tokens[0].role is Role.LEGAL_FORM:
            parts.append(part)
    return [written[0], *parts] if parts else []


def says_something(read: ReadName) -> bool:
    """Tell whether a name says whose it is at all: not "X", "Mr", "The", "OOO" or "Company of Iran"."""
    return any(_tells(token) for token in read.tokens)


def _tells(token: Token) -> bool:
    if token.role in _UNTELLING or len(token.text) < _SHORTEST_TELLING:
        return False
    return not (connects(token.text) or person_word(fold_word(token.text)))


def _says_something(read: ReadName, alone: bool) -> bool:
    """Whether a part may stand as a form of its own: never a bare legal form, place or trade word."""
    telling = sum(1 for token in read.tokens if token.role in (Role.WORD, Role.GIVEN))
    return telling > 0 or (alone and len(read.words) > 2) or len(read.words) > 3


def _read(text: str, kind: Kind | None) -> Iterable[ReadName]:
    written = clean.words_of(text)
    if not written:
        return
    words = [fold_word(word) for word in written]
    if kind in (Kind.VESSEL, Kind.AIRCRAFT):
        yield _named(text, written, vessel_tokens(words), words)
        return
    if kind is Kind.PERSON:
        yield from _read_person(text, written, words)
        return
    company = company_tokens(words)
    person_too = kind is None and not _is_company(company, words)
    if not person_too or _has_evidence(company):
        yield _named(text, written, company, words)
    bare = [_without_article(word) for word in words]
    if bare != words:
        yield _named(text, written, company_tokens(bare), bare)
    if hungarian.is_hungarian(written):
        respelt = _respelt(words, company)
        yield _named(text, written, company_tokens(respelt), respelt)
    skip = _form_positions(company)
    if person_too:
        yield from _read_person(text, written, words)
    elif any(token.concept == _SOLE_PROPRIETOR for token in company) and len(written) - len(skip) > 1:
        yield _named(text, written, person_tokens(words, skip), words)


def _respelt(words: Sequence[Word], tokens: Sequence[Token]) -> list[Word]:
    """Respell the words of a Hungarian name that no table knows."""
    unknown = {token.first for token in tokens if token.role is Role.WORD and not token.concept}
    return [
        replace(fold_word(hungarian.respelt(word.text)), text=word.text) if place in unknown else word
        for place, word in enumerate(words)
    ]


def _read_person(text: str, written: tuple[str, ...], words: Sequence[Word]) -> Iterable[ReadName]:
    """Read a person's name; in Arabic letters also without the articles, which romanised names often leave out."""
    yield _named(text, written, person_tokens(words), words)
    bare = [_without_article(word) for word in words]
    if bare != list(words):
        yield _named(text, written, person_tokens(bare), bare)


def _without_article(word: Word) -> Word:
    """الوکیل is Wakil or al-Wakil; names that begin with the same letters (الهام) are in the given-name table."""
    if not word.native.startswith(_ARTICLE) or len(word.native) < _ARTICLE_NAME or given_name(word):
        return word
    return replace(fold_word(word.native.removeprefix(_ARTICLE)), text=word.text)


def _has_evidence(tokens: Sequence[Token]) -> bool:
    return any(token.role in _COMPANY_EVIDENCE for token in tokens)


def _is_company(tokens: Sequence[Token], words: Sequence[Word]) -> bool:
    """Whether a name of unknown kind is surely a company's: a legal form, or trade words and no given name."""
    if any(token.role is Role.LEGAL_FORM for token in tokens):
        return True
    return _has_evidence(tokens) and not any(given_name(word) for word in words)


def _form_positions(tokens: Sequence[Token]) -> frozenset[int]:
    return frozenset(
        position for token in tokens if token.role is Role.LEGAL_FORM for position in range(token.first, token.last + 1)
    )


def _named(text: str, written: tuple[str, ...], tokens: tuple[Token, ...], words: Sequence[Word]) -> ReadName:
    joined: dict[int, str] = {token.first: token.plain for token in tokens if token.role not in _SILENT}
    return ReadName(text, written, tokens, _script(words), "".join(joined.values()))


def _script(words: Sequence[Word]) -> str:
    letters: dict[str, int] = {}
    for word in words:
        if word.script != "Zyyy":
            letters[word.script] = letters.get(word.script, 0) + len(word.text)
    return max(letters, key=lambda script: letters[script]) if letters else "Zyyy"
