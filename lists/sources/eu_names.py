"""The EU file's names: each `nameAlias` with its parts, quality, language and script, and which is the main one."""

from dataclasses import replace

from core.errors import ListContentError
from lists.entity import Name, NameType, Quality
from lists.joining import unique
from lists.names import script_of
from lists.sources.eu_papers import IGNORED, flag, remarks_of
from lists.xml import Taken

_GENDERS = {"": "", "M": "male", "F": "female", "?": ""}
_ENGLISH = frozenset(
    {
        "and",
        "bank",
        "brigade",
        "centre",
        "center",
        "command",
        "company",
        "concern",
        "corporation",
        "corps",
        "enterprise",
        "federal",
        "for",
        "force",
        "forces",
        "group",
        "industries",
        "institute",
        "institution",
        "international",
        "islamic",
        "joint",
        "limited",
        "line",
        "lines",
        "ministry",
        "national",
        "of",
        "organisation",
        "organization",
        "plant",
        "regional",
        "republic",
        "research",
        "revolutionary",
        "shipping",
        "state",
        "stock",
        "the",
        "unit",
    }
)
"""Words that tell an English name from one in another language of the Union, where the file names no language."""


def names_of(aliases: list[Taken], facts: list[tuple[str, str]]) -> tuple[Name, ...]:
    """Return the names of an entry, the main one first. Raises ListContentError if it has none."""
    names = [_name(alias, facts) for alias in aliases]
    if not names:
        raise ListContentError("the entry has no name")
    main = _main(names)
    ordered = [names[main], *names[:main], *names[main + 1 :]]
    return (replace(ordered[0], type=NameType.PRIMARY), *ordered[1:])


def _main(names: list[Name]) -> int:
    """The file marks no main name. Of the strong ones (of all, if none is) the one that reads best to an English
    reader comes first: said to be English, in plain Latin letters, with an English word; the earliest of equals.
    """
    places = [place for place, name in enumerate(names) if name.quality is Quality.STRONG] or list(range(len(names)))
    return max(places, key=lambda place: (_plainness(names[place]), -place))


def _plainness(name: Name) -> tuple[bool, bool, bool, bool]:
    words = {word.strip("()“”\"',.") for word in name.value.lower().split()}
    return name.language in (None, "en"), name.script == "Latn", name.value.isascii(), bool(words & _ENGLISH)


def _name(alias: Taken, facts: list[tuple[str, str]]) -> Name:
    alias.ignore(*IGNORED)
    parts = tuple(
        (part, value)
        for part, value in (
            ("given", alias.attr("firstName")),
            ("middle", alias.attr("middleName")),
            ("family", alias.attr("lastName")),
        )
        if value
    )
    value = alias.attr("wholeName") or " ".join(value for _, value in parts)
    if not value:
        raise ListContentError(f"{alias.where}: a nameAlias has no name")
    remark = remarks_of(alias)
    facts.append(("name remark", f"{value}: {remark}" if remark else ""))
    weak = not flag(alias, "strong", default=True) or "low quality" in remark.lower()
    return Name(
        value=value,
        quality=Quality.WEAK if weak else Quality.STRONG,
        script=script_of(value),
        language=alias.attr("nameLanguage").lower() or None,
        parts=parts,
    )


def titles_and_genders(aliases: list[Taken], facts: list[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Titles and genders, which the file repeats with each name; functions become facts."""
    titles, genders = [], []
    for alias in aliases:
        facts.append(("function", alias.attr("function")))
        titles.append(alias.attr("title"))
        gender = alias.attr("gender")
        if gender not in _GENDERS:
            raise ListContentError(f"{alias.where}: the gender {gender!r} is not known")
        genders.append(_GENDERS[gender])
    return unique(filter(None, titles)), unique(filter(None, genders))
