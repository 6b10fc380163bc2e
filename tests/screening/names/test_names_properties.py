"""What holds for every text: reading never raises, folding is idempotent, every token covers written words."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from lists.entity import Kind
from screening.names.assemble import lexicon
from screening.names.clean import tidy
from screening.names.reading import read_name
from screening.names.words import fold_word

lexicon()  # built at first use, which is not what these tests are about
read_name("Ivan Bank", None)  # as are the tables of personal names

ALPHABET = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from("abcxyzABC абвгщюяўіїқ ابپتثجچحخدذرزژسشعغفقکگلمنوهی ‌()[];-/.'«»0123456789 éšžçłø 中ש"),
)
TEXTS = st.text(ALPHABET, max_size=60)
KINDS = st.sampled_from([None, *Kind])


@given(TEXTS, KINDS)
def test_any_text_reads_and_tokens_cover_written_words(text: str, kind: Kind | None) -> None:
    for form in read_name(text, kind):
        assert form.words
        covered = 0
        for token in form.tokens:
            assert 0 <= token.first <= token.last < len(form.words)
            assert token.first >= covered - 1 or token.first == covered
            covered = max(covered, token.last + 1)
            assert token.plain == "" or (token.plain.isascii() and token.plain.isalnum())


@given(TEXTS, KINDS)
def test_reading_is_the_same_each_time(text: str, kind: Kind | None) -> None:
    assert read_name(text, kind) == read_name(text, kind)


@given(TEXTS)
def test_tidying_twice_changes_nothing(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once


@given(st.text(st.characters(categories=["L"]), min_size=1, max_size=20))
def test_plain_forms_fold_to_themselves(word: str) -> None:
    plain = fold_word(word).plain
    assert fold_word(plain).plain == plain


@given(TEXTS)
def test_invisible_characters_change_nothing(text: str) -> None:
    hidden = "\u200c\u200b\u00ad\u2066".join(text)
    if unicodedata.normalize("NFKC", text) == text:
        assert [f.tokens for f in read_name(hidden, Kind.VESSEL)] == [f.tokens for f in read_name(text, Kind.VESSEL)]


@given(st.lists(st.sampled_from(["Bank", "Ivan", "Petrov", "ООО", "نفت", "al", "OGLU", "Abd", "7"]), max_size=7))
def test_every_written_word_is_in_a_token(words: list[str]) -> None:
    for kind in (None, Kind.PERSON, Kind.ORGANIZATION, Kind.VESSEL):
        for form in read_name(" ".join(words), kind)[:1]:
            positions = {p for token in form.tokens for p in range(token.first, token.last + 1)}
            assert positions == set(range(len(form.words)))
