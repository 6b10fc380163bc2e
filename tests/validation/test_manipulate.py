"""Manipulations: each does what it says to a name it applies to, by seed, and leaves alone what it does not fit."""

import random

import pytest

from lists.entity import Kind, ListedEntity, Name, NameType, Quality
from screening.validation import manipulate as m
from screening.validation import transcribe
from screening.validation.classes import CLASSES
from screening.validation.innocents import innocents
from screening.validation.samples import CLEAN, draw


@pytest.mark.parametrize("seed", range(20))
class TestTypos:
    def test_lengths(self, seed: int) -> None:
        name = "Vladimir SHCHERBAKOV"
        assert len(m.typo_insert(name, random.Random(seed)) or "") == len(name) + 1
        assert len(m.typo_delete(name, random.Random(seed)) or "") == len(name) - 1
        assert len(m.typo_substitute(name, random.Random(seed)) or name) == len(name)

    def test_a_swap_keeps_the_letters(self, seed: int) -> None:
        swapped = m.typo_transpose("PETROCHEMICAL", random.Random(seed))
        assert swapped is None or (sorted(swapped) == sorted("PETROCHEMICAL") and swapped != "PETROCHEMICAL")

    def test_invisible_is_not_seen(self, seed: int) -> None:
        hidden = m.invisible("Sberbank", random.Random(seed)) or ""
        assert "".join(c for c in hidden if c.isalpha()) == "Sberbank"
        assert len(hidden) == 9

    def test_homoglyph_leaves_the_script(self, seed: int) -> None:
        other = m.homoglyph("CAPTAIN", random.Random(seed)) or ""
        assert any("\u0400" <= c <= "\u04ff" for c in other)


@pytest.mark.parametrize(
    ("change", "name", "expected"),
    [
        (m.order, "Yong Bok KIM", "KIM Yong Bok"),
        (m.order, "ARIES", None),
        (m.order_comma, "Milomir STAKIC", "STAKIC, Milomir"),
        (m.dropped_part, "Anton Ivanovich NAGIBIN", "Anton NAGIBIN"),
        (m.dropped_part, "Anton NAGIBIN", None),
        (m.initials, "Anton Ivanovich NAGIBIN", "Anton I. NAGIBIN"),
        (m.hyphenated, "Blue Sea", "Blue-Sea"),
        (m.joined, "Blue Sea", "BlueSea"),
        (m.dropped_part, "Javier ABAUNZA MARTINEZ", None),
        (m.dropped_part, "Abdul Qader Hashimi", None),
        (m.dropped_part, "Se Un KIM", None),
        (m.in_cyrillic, "Dmitry KRYM", "Дмитрий Крым"),
        (m.in_cyrillic, "SPARTA III", "Спарта III"),
        (m.in_cyrillic, "Sergej Aleksejevitj", None),
        (m.ocr, "MARTHA G", "MARTHA 6"),
        (m.form_dropped, "Foton Pro OOO", "Foton Pro"),
        (m.form_dropped, "Foton OOO", None),
        (m.form_changed, "Foton GmbH", "Foton G.m.b.H."),
        (m.in_cyrillic, "Sergey SHCHUKIN", "Сергей Щукин"),
        (m.in_persian, "Karim Bagheri", "کاریم باقری"),
        (m.romanised, "Sergey", None),
    ],
)
def test_what_a_change_makes(change: m.Change, name: str, expected: str | None) -> None:
    assert change(name, random.Random(1)) == expected


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("icao", "Iurii Shchukin"),
        ("bgn", "Yuriy Shchukin"),
        ("iso9", "Ûrij Ŝukin"),
        ("french", "Iourii Chtchoukin"),
        ("german", "Jurii Schtschukin"),
    ],
)
def test_romanisations(system: str, expected: str) -> None:
    assert transcribe.romanise("Юрий Щукин", system) == expected


def test_capitals_stay_capitals() -> None:
    assert transcribe.romanise("Елена ЖИВИЦА", "bgn") == "Elena ZHIVITSA"


def _listed(number: int, value: str) -> ListedEntity:
    return ListedEntity(
        f"t:{number}", "t", Kind.PERSON, (Name(value, NameType.PRIMARY), Name("Shorty Nick", quality=Quality.WEAK))
    )


def test_drawing_is_seeded_and_takes_strong_names_only() -> None:
    entities = [_listed(1, "Vladimir Ivanovich PETROV"), _listed(2, "Андрей Борисович ШЕИН")]
    drawn = draw(entities, 3, 7)
    assert drawn == draw(entities, 3, 7)
    assert all(query.listed != "Shorty Nick" for query in drawn)
    assert all(query.name != query.listed for query in drawn if query.group != CLEAN)
    assert {query.group for query in drawn} <= {CLEAN, *(c.key for c in CLASSES)}
    assert {"order", "dropped_part", "romanisation", CLEAN} <= {query.group for query in drawn}


def test_innocents_are_seeded_different_and_of_every_group() -> None:
    made = innocents(2_000, 5)
    assert made == innocents(2_000, 5)
    assert len({one.name for one in made}) == 2_000
    assert {one.group.split()[0] for one in made} == {"iranian", "russian", "global"}
    assert {one.kind for one in made} == {Kind.PERSON, Kind.ORGANIZATION}
