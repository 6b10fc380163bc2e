"""OFAC's CSV form: one list in four files without headers, joined by uid.

`sdn.csv` (or `cons_prim.csv`) has the entries, `add.csv` addresses, `alt.csv` aliases and `sdn_comments.csv` what did
not fit into the 1,000 characters of a remark. Null is `-0- `, programmes are joined by `A] [B`, and each file ends
with the byte 0x1A: one without it was cut short. Layout: OFAC, "SDN Data Specifications" (dat_spec.txt).
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from core.errors import ListContentError, ListFormatError
from lists.entity import Address, NameType
from lists.source import ParsedList
from lists.sources.ofac_entry import KINDS, Entry, finished
from lists.sources.ofac_labels import Said, say
from lists.sources.ofac_measures import is_non_sdn_sign, listings, types_told
from lists.sources.ofac_remarks import take_remarks
from lists.xml import squeeze

NULL = "-0-"
END = b"\x1a"
REMARK_LIMIT = 1_000
"""A remark of so many characters goes on in the comments file, in the middle of a word if need be."""

MAIN_FIELDS, ADDRESS_FIELDS, ALIAS_FIELDS, COMMENT_FIELDS = 12, 6, 5, 2
ALIAS_TYPES = {"aka": NameType.ALIAS, "fka": NameType.FORMER, "nka": NameType.ALIAS}

VESSEL_COLUMNS = (
    (5, "Vessel Call Sign"),
    (6, "VESSEL TYPE"),
    (7, "Vessel Tonnage"),
    (8, "Vessel Gross Registered Tonnage"),
    (9, "Vessel Flag"),
    (10, "Vessel Owner"),
)

COMPANIONS = {"addresses": "add", "aliases": "alt", "comments": "comments"}
"""What the three companions of a main file hold, by the word that stands in their names."""

Row = list[str]


def is_csv(head: bytes) -> bool:
    """True if a file's head is that of a main file: twelve fields, a uid, a known type, nulls as OFAC writes them."""
    rows = _head_rows(head)
    return bool(rows) and all(_is_main(row) for row in rows[:20])


def looks_non_sdn(head: bytes) -> bool:
    """True if most entries in a main file's head bear a sign of the non-SDN lists."""
    signs = [is_non_sdn_sign(_codes(row[3]), row[11]) for row in _head_rows(head) if _is_main(row)]
    return sum(signs) * 2 > len(signs)


def parse(path: Path, *, source: str, non_sdn: bool) -> ParsedList:
    """Read a main file with the three beside it as the list `source`, the non-SDN one or not.

    Raises ListFormatError if one of the four is missing, cut short or of another layout; ListContentError for what
    no rule knows, and for an address, alias or comment of an entry that is not in the main file. The form has no
    publication date.
    """
    entries: dict[str, Entry] = {}
    uids: dict[str, list[str]] = {}
    companions = {word: _companion(path, word) for word in COMPANIONS.values()}
    comments = {row[0]: row[1] for row in _rows(companions["comments"], COMMENT_FIELDS)}
    for row in _rows(path, MAIN_FIELDS):
        if not _is_main(row):
            raise ListContentError(f"{path.name}: the row {','.join(row)[:80]!r} is no entry")
        entry = _entry(row, comments.pop(row[0], ""), non_sdn=non_sdn)
        if entry.uid in entries:
            raise ListContentError(f"{entry.where}: the uid occurs twice")
        entries[entry.uid] = entry
        uids.setdefault(row[1], []).append(entry.uid)
    for uid in comments:
        _owner(companions["comments"], entries, uid)
    _add_aliases(companions["alt"], entries)
    _add_addresses(companions["add"], entries)
    return ParsedList(finished(entries.values(), uids, source), None, "OFAC CSV")


def companion_names(name: str) -> tuple[str, ...]:
    """Return, in lower case, how the companions of a main file of this name are called."""
    return tuple(_companion_name(name.lower(), word) for word in COMPANIONS.values())


def _entry(row: Row, comment: str, *, non_sdn: bool) -> Entry:
    entry = Entry(row[0], row[2] or "entity")
    entry.name("", row[1], NameType.PRIMARY)
    if row[4]:
        say(entry, Said("Title", row[4]))
    for column, label in VESSEL_COLUMNS:
        if row[column]:
            say(entry, Said(label, row[column]))
    remark = row[11]
    if comment and not remark.endswith(comment):
        remark += comment
    entry.remarks = take_remarks(entry, remark)
    codes = _codes(row[3])
    types = types_told(codes, (f"{label} {value}" for label, value in entry.said), non_sdn=non_sdn)
    entry.programmes = listings(codes, types, None, where=entry.where)
    return entry


def _add_aliases(path: Path, entries: dict[str, Entry]) -> None:
    for uid, _, type_, name, _remark in _rows(path, ALIAS_FIELDS):
        entry = _owner(path, entries, uid)
        entry.name("", name, entry.known(ALIAS_TYPES, type_, "alias type"))
        if _remark:
            entry.facts.append((f"remark on {name}", _remark))


def _add_addresses(path: Path, entries: dict[str, Entry]) -> None:
    """The city column holds city, state or province and postal code together: kept as one, as published."""
    for uid, _, street, city, country, remark in _rows(path, ADDRESS_FIELDS):
        entry = _owner(path, entries, uid)
        entry.address(Address(street=street, city=city), country)
        if remark:
            entry.facts.append((f"remark on the address {street or city or country}", remark))


def _owner(path: Path, entries: dict[str, Entry], uid: str) -> Entry:
    if uid not in entries:
        raise ListContentError(f"OFAC entry {uid}: {path.name} has a row for it, but the list has no such entry")
    return entries[uid]


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split("] [") if code.strip()]


def _is_main(row: Row) -> bool:
    return len(row) == MAIN_FIELDS and row[0].isdigit() and bool(row[1]) and (row[2] or "entity") in KINDS


def _head_rows(head: bytes) -> list[Row]:
    """The whole rows of a file's head; nothing for a text that is no CSV of OFAC's."""
    if NULL.encode() not in head or head.lstrip().startswith(b"<"):
        return []
    whole = head.rpartition(b"\n")[0] if b"\n" in head else head
    return [_cleaned(row) for row in csv.reader(io.StringIO(_decoded(whole), newline=""))]


def _rows(path: Path, fields: int) -> Iterator[Row]:
    data = path.read_bytes()
    if not data.rstrip(b"\r\n").endswith(END):
        raise ListFormatError(f"{path.name} does not end with OFAC's end mark (0x1A): cut short?")
    text = _decoded(data.rstrip(b"\r\n").removesuffix(END))
    for row in csv.reader(io.StringIO(text, newline="")):
        if len(row) != fields:
            start = ",".join(row)[:80]
            raise ListFormatError(f"{path.name} has a row of {len(row)} fields, {fields} are known: {start!r}")
        yield _cleaned(row)


def _cleaned(row: Row) -> Row:
    """Nulls emptied and runs of blanks made one; the last column stays as it is, since remarks go on elsewhere."""
    told = ["" if value.strip() == NULL else value for value in row]
    return [*(squeeze(value) for value in told[:-1]), *told[-1:]]


def _decoded(data: bytes) -> str:
    """OFAC's CSV is ASCII with a few Windows-1252 letters in older files; UTF-8 is tried first, since it is strict."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _companion(path: Path, word: str) -> Path:
    """The file beside a main file that holds the addresses, aliases or comments; the case of names does not matter."""
    wanted = _companion_name(path.name.lower(), word)
    for beside in path.parent.iterdir():
        if beside.name.lower() == wanted:
            return beside
    raise ListFormatError(f"{path.name} lies without its companion {wanted}")


def _companion_name(name: str, word: str) -> str:
    """`sdn.csv` has `add.csv`, `alt.csv` and `sdn_comments.csv`, `cons_prim.csv` has `cons_add.csv` and so on."""
    if "prim" in name:
        return name.replace("prim", word)
    beside = f"sdn_{word}" if word == "comments" else word
    before, sdn, after = name.rpartition("sdn")
    return f"{before}{beside}{after}" if sdn else f"{beside}.csv"
