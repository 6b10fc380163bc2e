"""What an OFAC listing does: programme tags joined with the lists and sanctions types that the file tells.

A tag alone tells no measure: RUSSIA-EO14024 blocks on the SDN List and limits debt, accounts or bonds on the non-SDN
lists. Enhanced XML names lists and types, but does not say which tag each belongs to; classic XML and CSV tell the
types only in the text of their directive features. The rules below pair them; they were read off all 443 entries
of the Enhanced non-SDN file of 2025-01-10, and give the same measures for the classic file of 2025-03-28, but for 16
banks and firms that are SDNs too: directives explain all tags there, and only the SDN file tells.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.errors import ListContentError
from lists.entity import Programme
from lists.programmes import programme

AUTHORITY = "OFAC"

SDN = "SDN List"
CONTAINER = "Consolidated List"
SSI = "Sectoral Sanctions Identifications List"
CAPTA = "CAPTA List"
MENU = "Non-SDN Menu-Based Sanctions List"
CMIC = "Non-SDN CMIC List"
PLC = "Non-SDN Palestinian Legislative Council List"
FSE = "FSE List"

BLOCK = "Block"


@dataclass(frozen=True, slots=True)
class TypeRule:
    """A sanctions type (by the beginning of its name), the tags it is imposed under, the lists that carry it."""

    type: str
    codes: tuple[str, ...]
    lists: tuple[str, ...]


TYPE_RULES = (
    TypeRule("Reject", ("NS-PLC", "FSE-IR", "FSE-SY"), (PLC, FSE)),
    TypeRule("13662 Sectoral Directive ", ("UKRAINE-EO13662",), (SSI,)),
    TypeRule("Executive Order 14024 Directive 2", ("RUSSIA-EO14024",), (CAPTA,)),
    TypeRule("Executive Order 14024 Directive ", ("RUSSIA-EO14024",), (MENU,)),
    TypeRule("CMIC Executive Order", ("CMIC-EO13959",), (CMIC,)),
    TypeRule("Executive Order 13959 Sanctions", ("CMIC-EO13959",), (CMIC,)),
    TypeRule("561 Full Restrictions", ("561-Related",), (CAPTA,)),
    TypeRule("NDAA Special Conditions", ("561-Related",), (CAPTA,)),
    TypeRule("CAATSA Section 231/235 Sanctions", ("CAATSA - RUSSIA",), (MENU,)),
    TypeRule("Executive Order 14014 Directive ", ("BURMA-EO14014",), (MENU,)),
    TypeRule("Executive Order 14059 Non-blocking", ("ILLICIT-DRUGS-EO14059",), (MENU,)),
)

HOME_LISTS = {"NS-PLC": PLC, "FSE-IR": FSE, "FSE-SY": FSE, "CMIC-EO13959": CMIC, "561-Related": CAPTA}
"""Tags that one list alone carries: the entry is on that list, whatever its type says (9659 is "Block" only)."""

TYPES_OF_TAGS = {
    "NS-PLC": "Reject",
    "FSE-IR": "Reject",
    "FSE-SY": "Reject",
    "CMIC-EO13959": "CMIC Executive Order",
    "561-Related": "561 Full Restrictions",
}
"""The type that a tag has on the non-SDN lists where no feature tells it (classic XML, CSV)."""

_TYPES_IN_FEATURES = (
    (re.compile(r"Executive Order 13662 Directive Determination - Subject to Directive (\d)"), "13662 Sectoral {}"),
    (re.compile(r"Executive Order (14024|14014) Directive Information:? Subject to Directive (\d\w?)"), "{}"),
    (re.compile(r"(?:Listing|Effective) Date \(EO (14024|14014) Directive (\d\w?)\)"), "{}"),
    (re.compile(r"CAATSA Section 235 Information:"), "CAATSA Section 231/235 Sanctions"),
    (re.compile(r"Executive Order 14059 information: Prohibition"), "Executive Order 14059 Non-blocking"),
)

_NON_SDN_TAGS = frozenset(HOME_LISTS)
_NON_SDN_TEXT = re.compile(
    r"Executive Order \d+ Directive|\(EO \d+ Directive|Executive Order 14059 information:|CAATSA Section 235"
)


def is_non_sdn_sign(codes: Iterable[str], text: str) -> bool:
    """True if an entry looks like one of the non-SDN lists: a tag that they alone carry, or a directive in its text.

    Classic XML and CSV do not say which list a file is. On the four full classic files 99 to 100 % of the entries
    of a non-SDN file bear such a sign (443 of 443 on 2025-03-28), and under 1 % of those of an SDN file do (104 of
    18,758 on 2026-04-22: parties on both lists). A file is the one or the other by its majority.
    """
    return not _NON_SDN_TAGS.isdisjoint(codes) or _NON_SDN_TEXT.search(text) is not None


def types_told(codes: Iterable[str], features: Iterable[str], *, non_sdn: bool) -> tuple[str, ...]:
    """Return the sanctions types that classic features ("label value") and tags tell, each once, in order."""
    found: dict[str, None] = {}
    for feature in features:
        for pattern, name in _TYPES_IN_FEATURES:
            if match := pattern.match(feature):
                found[_type_name(name, match.groups())] = None
    if non_sdn:
        found.update((TYPES_OF_TAGS[code], None) for code in codes if code in TYPES_OF_TAGS)
    else:
        found[BLOCK] = None
    return tuple(found)


def listings(
    codes: Iterable[str], types: Iterable[str], lists: Mapping[str, date | None] | None, *, where: str
) -> tuple[Programme, ...]:
    """Return a Programme for each tag and sanctions type that belong together, with its list and listing date.

    `lists` are the lists the entry is on with the date of each, None where the format does not tell them. A type
    whose tag cannot be told counts for every tag of the entry. Raises ListContentError, beginning with `where`,
    for a type or a tag that no rule knows.
    """
    tags, kinds = list(dict.fromkeys(codes)), tuple(dict.fromkeys(types))
    if not tags:
        raise ListContentError(f"{where}: it has no sanctions programme")
    told: list[tuple[str, str, str]] = []
    for name in kinds:
        if name != BLOCK:
            rule = _rule(name, where)
            told.extend((tag, _list_of(tag, rule, lists), name) for tag in _tags_of(rule, tags))
    covered = {tag for tag, _, _ in told}
    for tag in tags:
        home = HOME_LISTS.get(tag)
        if tag not in covered and home and lists and home in lists:
            told.append((tag, home, ""))
            covered.add(tag)
    told.extend((tag, SDN, BLOCK) for tag in _blocked(tags, covered, BLOCK in kinds, lists, where))
    try:
        return tuple(_listing(tag, name, type_, lists) for tag, name, type_ in told)
    except ListContentError as error:
        raise ListContentError(f"{where}: {error}") from error


def _blocked(
    tags: list[str], covered: set[str], told: bool, lists: Mapping[str, date | None] | None, where: str
) -> list[str]:
    """The tags under which an entry is blocked: those that no other type explains, else all of them.

    A tag that nothing explains on the non-SDN file is one of the SDN List, which this party is on too (GPB
    International 20317: the Russia tag beside a directive of another order); where nothing at all is explained
    the measure is not known, and that raises.
    """
    rest = [tag for tag in tags if tag not in covered]
    if told or (lists and SDN in lists):
        return rest or tags
    if rest and (lists is not None or not covered):
        raise ListContentError(f"{where}: nothing tells what the sanctions programme {rest[0]!r} does here")
    return rest


def _rule(name: str, where: str) -> TypeRule:
    for rule in TYPE_RULES:
        if name.startswith(rule.type):
            return rule
    raise ListContentError(f"{where}: the sanctions type {name!r} is not known")


def _tags_of(rule: TypeRule, tags: list[str]) -> list[str]:
    return [tag for tag in tags if tag in rule.codes] or tags


def _list_of(tag: str, rule: TypeRule, lists: Mapping[str, date | None] | None) -> str:
    if lists is None:
        return HOME_LISTS.get(tag, rule.lists[0])
    return next((name for name in rule.lists if name in lists), CONTAINER)


def _listing(tag: str, list_name: str, type_: str, lists: Mapping[str, date | None] | None) -> Programme:
    found = programme(AUTHORITY, tag, list_name=list_name, sanctions_type=type_)
    since = lists.get(list_name) if lists else None
    return replace(found, listed_on=since) if since else found


def _type_name(name: str, groups: tuple[str, ...]) -> str:
    if not groups:
        return name
    directive = f"Directive {groups[-1]}"
    return name.format(directive) if len(groups) == 1 else f"Executive Order {groups[0]} {directive}"
