"""Differences between two editions: who came, who went, and each field before and after."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lists.diff import ChangeKind, compare, diff
from lists.entity import Identifier, Kind, ListedEntity, Name, NameType


def entity(entity_id: str, *names: str, remarks: str = "") -> ListedEntity:
    spelled = tuple(Name(n, NameType.ALIAS if i else NameType.PRIMARY) for i, n in enumerate(names or (entity_id,)))
    return ListedEntity(entity_id, "demo", Kind.PERSON, spelled, remarks=remarks)


def test_added_changed_and_removed_are_told_apart() -> None:
    before = [entity("a"), entity("b"), entity("c")]
    after = [entity("c"), entity("b", "b", "other"), entity("d")]
    found = list(diff(before, after))
    assert [(c.change, c.entity_id, c.name) for c in found] == [
        (ChangeKind.ADDED, "d", "d"),
        (ChangeKind.CHANGED, "b", "b"),
        (ChangeKind.REMOVED, "a", "a"),
    ]


def test_each_changed_field_shows_what_it_was_and_became() -> None:
    before = entity("a", "Old", remarks="same")
    after = ListedEntity(
        "a",
        "demo",
        Kind.ORGANIZATION,
        (Name("New", NameType.PRIMARY),),
        remarks="same",
        identifiers=(Identifier("inn", "7702070139"),),
        listed_on=date(2026, 1, 2),
    )
    (change,) = diff([before], [after])
    fields = {field.field: (field.before, field.after) for field in change.fields}
    assert fields == {
        "kind": ("person", "organization"),
        "names": ([{"value": "Old", "type": "primary"}], [{"value": "New", "type": "primary"}]),
        "identifiers": (None, [{"type": "inn", "value": "7702070139"}]),
        "listed_on": (None, "2026-01-02"),
    }
    assert (change.kind, change.name) == ("organization", "New")


def test_the_order_of_entities_is_no_difference() -> None:
    entities = [entity(letter) for letter in "abcdef"]
    assert list(diff(entities, reversed(entities))) == []


editions = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.sampled_from(["1", "2", "3"]), max_size=8)


@given(editions, editions)
def test_the_difference_applied_to_the_old_gives_the_new(before: dict[str, str], after: dict[str, str]) -> None:
    moved = compare(before, after)
    rebuilt = {key: value for key, value in before.items() if key not in moved.removed}
    rebuilt |= {key: after[key] for key in (*moved.added, *moved.changed)}
    assert rebuilt == after
    back = compare(after, before)
    assert set(back.added) == set(moved.removed)
    assert set(back.changed) == set(moved.changed)


@given(editions)
def test_an_edition_does_not_differ_from_itself(edition: dict[str, str]) -> None:
    moved = compare(edition, dict(reversed(edition.items())))
    assert (moved.added, moved.changed, moved.removed) == ((), (), ())
