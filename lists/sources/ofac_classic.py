"""OFAC's classic XML (`sdnList`), in the old namespace of tempuri.org and in that of the sanctions list service.

Schema: OFAC's XML.xsd. The file does not say which of OFAC's two lists it is; `looks_non_sdn` tells by its entries.
"""

from pathlib import Path

from lxml import etree

from core.errors import ListFormatError
from lists.dates import exact_day
from lists.entity import Address, NameType, Quality
from lists.source import ParsedList
from lists.sources.ofac_entry import Entry, finished, listed_name
from lists.sources.ofac_labels import Said, say
from lists.sources.ofac_measures import is_non_sdn_sign, listings, types_told
from lists.sources.ofac_remarks import take_remarks
from lists.xml import Taken, elements, root

NAMESPACES = frozenset(
    {
        "http://tempuri.org/sdnList.xsd",
        "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML",
    }
)

RUNNING_NUMBER = "uid"
"""Ignored inside an entry's lists: OFAC's running number of an alias, address, document or date."""

ALIAS_TYPES = {"a.k.a.": NameType.ALIAS, "f.k.a.": NameType.FORMER, "n.k.a.": NameType.ALIAS}
CATEGORIES = {"strong": Quality.STRONG, "weak": Quality.WEAK}

BORN_LISTS = (
    ("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", "Birthdate"),
    ("placeOfBirthList", "placeOfBirthItem", "placeOfBirth", "Place of Birth"),
    ("nationalityList", "nationality", "country", "Nationality Country"),
    ("citizenshipList", "citizenship", "country", "Citizenship Country"),
)
"""Lists of a birth's features: list, item, the item's value, and the label that Enhanced XML gives it."""

VESSEL_FIELDS = {
    "callSign": "Vessel Call Sign",
    "vesselType": "VESSEL TYPE",
    "vesselFlag": "Vessel Flag",
    "vesselOwner": "Vessel Owner",
    "tonnage": "Vessel Tonnage",
    "grossRegisteredTonnage": "Vessel Gross Registered Tonnage",
}

STREET_FIELDS = ("address1", "address2", "address3")


def is_classic(head: bytes) -> bool:
    """True if the file's head is that of a classic OFAC file, of either list."""
    found = root(head)
    return found is not None and found[0] in NAMESPACES and found[1] == "sdnList"


def looks_non_sdn(head: bytes) -> bool:
    """True if most entries in a classic file's head bear a sign of the non-SDN lists."""
    parser = etree.XMLPullParser(events=("end",), tag="{*}sdnEntry")
    try:
        parser.feed(head)
    except etree.XMLSyntaxError:
        return False
    signs = [_is_non_sdn(element) for _, element in parser.read_events()]
    return sum(signs) * 2 > len(signs)


def parse(path: Path, *, source: str, non_sdn: bool) -> ParsedList:
    """Read a classic file as the list `source`, the non-SDN one or not.

    Raises ListFormatError if the file is no such XML, is cut short, or holds another number of entries than its
    Record_Count says; ListContentError for what no rule knows.
    """
    entries: list[Entry] = []
    ids: dict[str, list[str]] = {}
    published, count = "", ""
    for element in elements(path, {"publshInformation", "sdnEntry"}, within={"sdnList"}):
        if etree.QName(element).localname == "sdnEntry":
            entries.append(_entry(element, ids, non_sdn=non_sdn))
            continue
        about = Taken(element, "publshInformation")
        published, count = about.text("Publish_Date"), about.text("Record_Count")
        about.finish()
    if count != str(len(entries)):
        raise ListFormatError(
            f"{path.name} says it holds {count or 'an unknown number of'} entries but holds {len(entries)}: cut short?"
        )
    day = exact_day(published, day_first=False)
    return ParsedList(finished(entries, ids, source), day, "OFAC classic XML")


def _entry(element: etree._Element, ids: dict[str, list[str]], *, non_sdn: bool) -> Entry:
    uid = element.findtext("{*}uid", "").strip()
    taken = Taken(element, f"OFAC entry {uid}")
    taken.ignore("uid")
    entry = Entry(uid, taken.text("sdnType"))
    _names(taken, entry, ids)
    if title := taken.text("title"):
        say(entry, Said("Title", title))
    for list_name, item, value, label in BORN_LISTS:
        _born(taken.one(list_name), item, value, entry, label)
    _ids(taken.one("idList"), entry)
    _addresses(taken.one("addressList"), entry)
    _vessel(taken.one("vesselInfo"), entry)
    entry.remarks = taken.text("remarks")
    take_remarks(entry, entry.remarks)
    programmes = taken.one("programList")
    codes = programmes.texts("program") if programmes else []
    types = types_told(codes, (f"{label} {value}" for label, value in entry.said), non_sdn=non_sdn)
    entry.programmes = listings(codes, types, None, where=entry.where)
    taken.finish()
    return entry


def _names(taken: Taken, entry: Entry, ids: dict[str, list[str]]) -> None:
    given, family = taken.text("firstName"), taken.text("lastName")
    entry.name(given, family, NameType.PRIMARY)
    ids.setdefault(listed_name(given, family), []).append(entry.uid)
    akas = taken.one("akaList")
    for aka in akas.all("aka") if akas else ():
        aka.ignore(RUNNING_NUMBER)
        type_ = entry.known(ALIAS_TYPES, aka.text("type"), "alias type")
        quality = entry.known(CATEGORIES, aka.text("category"), "alias category")
        entry.name(aka.text("firstName"), aka.text("lastName"), type_, quality)


def _born(listed: Taken | None, item: str, value: str, entry: Entry, label: str) -> None:
    """Say the items of one list, the main entry first."""
    found = []
    for one in listed.all(item) if listed else ():
        one.ignore(RUNNING_NUMBER)
        found.append((one.text("mainEntry") != "true", one.text(value)))
    for _, text in sorted(found, key=lambda pair: pair[0]):
        say(entry, Said(label, text))


def _ids(listed: Taken | None, entry: Entry) -> None:
    for one in listed.all("id") if listed else ():
        one.ignore(RUNNING_NUMBER)
        label, value = one.text("idType"), one.text("idNumber")
        say(entry, Said(label, value, one.text("idCountry"), one.text("issueDate"), one.text("expirationDate")))


def _addresses(listed: Taken | None, entry: Entry) -> None:
    for one in listed.all("address") if listed else ():
        one.ignore(RUNNING_NUMBER)
        street = ", ".join(filter(None, (one.text(name) for name in STREET_FIELDS)))
        region = ", ".join(filter(None, (one.text("stateOrProvince"), one.text("region"))))
        city, postcode, country = one.text("city"), one.text("postalCode"), one.text("country")
        entry.address(Address("", street, city, region, postcode), country)


def _vessel(info: Taken | None, entry: Entry) -> None:
    if info is None:
        return
    for name, label in VESSEL_FIELDS.items():
        if value := info.text(name):
            say(entry, Said(label, value))


def _is_non_sdn(element: etree._Element) -> bool:
    codes = [code.text or "" for code in element.iterfind("{*}programList/{*}program")]
    ids = element.iterfind("{*}idList/{*}id")
    text = "; ".join(f"{one.findtext('{*}idType')} {one.findtext('{*}idNumber')}" for one in ids)
    return is_non_sdn_sign(codes, text)
