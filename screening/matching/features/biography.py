"""Birth date and gender of a person, as qualifiers."""

from datetime import date

from lists.entity import Kind, ListedEntity, PartialDate
from screening.matching import numbers as n
from screening.matching.result import Qualifier, Stance
from screening.matching.subject import Subject

_DAYS_IN_YEAR = 366


def birth_date(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare birth dates, each a range of days. The best agreement with any of the listed dates counts."""
    ours = subject.birth_date
    if ours is None or not listed.birth_dates or listed.kind is not Kind.PERSON:
        return None
    effect, how, theirs = max((_compare(ours, theirs) for theirs in listed.birth_dates), key=_by_effect)
    if not how:
        return None
    stance = Stance.CORROBORATES if effect > 0 else Stance.CONTRADICTS
    text = f"{how}: {shown(ours)}" if effect > 0 else f"{how}: {shown(ours)}, not {shown(theirs)}"
    return Qualifier("birth_date", stance, effect, shown(ours), shown(theirs), text)


_Compared = tuple[int, str, PartialDate]


def _by_effect(compared: _Compared) -> int:
    return compared[0]


def _compare(ours: PartialDate, theirs: PartialDate) -> _Compared:
    if ours.earliest <= theirs.latest and theirs.earliest <= ours.latest:
        exact = _is_day(ours) and _is_day(theirs)
        narrow = _days(ours) <= _DAYS_IN_YEAR and _days(theirs) <= _DAYS_IN_YEAR
        if exact:
            return n.BIRTH_DAY, "the same birth date", theirs
        return (n.BIRTH_YEAR, "the birth years agree", theirs) if narrow else (n.BIRTH_RANGE, "the ages agree", theirs)
    if _swapped(ours, theirs):
        return n.BIRTH_SWAPPED, "the same birth date with day and month exchanged", theirs
    gap = max((ours.earliest - theirs.latest).days, (theirs.earliest - ours.latest).days)
    near = n.BIRTH_NEAR_DAYS * (2 if ours.approximate or theirs.approximate else 1)
    if gap <= near:
        return (
            (0, "", theirs) if theirs.approximate or ours.approximate else (-n.BIRTH_NEAR, "another birth date", theirs)
        )
    return -n.BIRTH_DIFFERS, "another birth date", theirs


def _days(known: PartialDate) -> int:
    return (known.latest - known.earliest).days + 1


def _is_day(known: PartialDate) -> bool:
    return known.earliest == known.latest


def _swapped(ours: PartialDate, theirs: PartialDate) -> bool:
    if not _is_day(ours) or not _is_day(theirs):
        return False
    a, b = ours.earliest, theirs.earliest
    return (a.year, a.month, a.day) == (b.year, b.day, b.month)


def shown(known: PartialDate) -> str:
    """Return a partial date as people write it: 1961-04-03, 1961, 1960 to 1962."""
    if _is_day(known):
        return known.earliest.isoformat()
    first, last = known.earliest, known.latest
    if first == date(first.year, 1, 1) and last == date(last.year, 12, 31):
        years = str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
        return f"about {years}" if known.approximate else years
    return f"{first.isoformat()} to {last.isoformat()}"


def gender(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare genders, by their first letter (male, female)."""
    if not subject.gender or not listed.genders or listed.kind is not Kind.PERSON:
        return None
    ours = subject.gender.strip().lower()[:1]
    theirs = {value.strip().lower()[:1] for value in listed.genders}
    if ours not in {"m", "f"} or not theirs <= {"m", "f"}:
        return None
    listed_as = ", ".join(listed.genders)
    if ours in theirs:
        return Qualifier("gender", Stance.CORROBORATES, n.GENDER_SAME, subject.gender, listed_as, "the same gender")
    return Qualifier(
        "gender", Stance.CONTRADICTS, -n.GENDER_DIFFERS, subject.gender, listed_as, f"listed as {listed_as}"
    )
