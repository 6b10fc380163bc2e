"""The words of the dictionary that OFAC's Enhanced XML carries (`referenceValues`), and what each means here.

They were read off the dictionary of the official file of 2025-01-10. A word that is not here raises.
"""

from lists.entity import NameType

ALIAS_TYPES = {"": NameType.ALIAS, "A.K.A.": NameType.ALIAS, "F.K.A.": NameType.FORMER, "N.K.A.": NameType.ALIAS}
TRUTH = {"true": True, "false": False}

SCRIPTS = {
    "Arabic": "Arab",
    "Armenian": "Armn",
    "Chinese Simplified": "Hans",
    "Chinese Traditional": "Hant",
    "Cyrillic": "Cyrl",
    "Georgian": "Geor",
    "Greek": "Grek",
    "Hangul": "Hang",
    "Hebrew": "Hebr",
    "Japanese": "Jpan",
    "Korean": "Kore",
    "Latin": "Latn",
}
"""The SCRIPT values of the file's dictionary, as ISO 15924."""

NAME_PARTS = {
    "Last Name": "family",
    "First Name": "given",
    "Middle Name": "middle",
    "Maiden Name": "maiden",
    "Patronymic": "patronymic",
    "Matronymic": "matronymic",
    "Nickname": "whole",
    "Entity Name": "whole",
    "Vessel Name": "whole",
    "Aircraft Name": "whole",
}

STREET_PARTS = ("ADDRESS1", "ADDRESS2", "ADDRESS3")
REGION_PARTS = ("STATE/PROVINCE", "REGION")
ADDRESS_PARTS = frozenset({*STREET_PARTS, *REGION_PARTS, "CITY", "POSTAL CODE"})

RELATIONSHIPS = {
    "Owned or Controlled By": "owned_or_controlled_by",
    "Owns, controls, or operates": "owns_or_controls",
    "Acting for or on behalf of": "acting_for",
    "Family member of": "family",
    "Associate Of": "associate",
    "Providing support to": "provides_support_to",
    "Leader or official of": "leader_or_official",
    "Principal Executive Officer": "leader_or_official",
    "playing a significant role in": "other",
    "Property in the interest of": "other",
}
"""The RELATIONSHIP TYPE values of the file's dictionary; OFAC's words stay in the note. The last two say neither
ownership nor control: a ship that is "property in the interest of" a party need not be owned by it."""
