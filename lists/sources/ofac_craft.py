"""Ships and aircraft on OFAC's lists: the labels under which facts about them stand, gathered into VesselFacts."""

from core.errors import ListContentError
from lists.countries import listed_country
from lists.entity import VesselFacts

NO_FLAG = frozenset({"none identified", "unknown", "not identified"})
"""What OFAC writes for a ship without a known flag, apart from countries; the text is kept as a fact."""

_FLAG = "Vessel Flag"
_OTHER_FLAGS = frozenset({"Former Vessel Flag", "Other Vessel Flag"})

_TEXT_FIELDS = {
    "Vessel Call Sign": "call_sign",
    "VESSEL TYPE": "type",
    "Vessel Owner": "owner",
    "Vessel Year of Build": "built",
    "Aircraft Model": "model",
    "Aircraft Manufacture Date": "built",
}

_NUMBER_FIELDS = {"Vessel Tonnage": "deadweight", "Vessel Gross Registered Tonnage": "gross_tonnage"}
"""OFAC's "tonnage" is deadweight: for one ship it is about twice the gross tonnage (318,000 and 163,660)."""


class Craft:
    """Facts about one ship or aircraft, gathered one by one."""

    LABELS = frozenset({_FLAG, *_OTHER_FLAGS, *_TEXT_FIELDS, *_NUMBER_FIELDS})
    """The labels that have a field of their own; others ("Other Vessel Type", "Aircraft Operator") are facts."""

    __slots__ = ("_flag", "_numbers", "_other_flags", "_texts")

    def __init__(self) -> None:
        self._flag: str | None = None
        self._other_flags: dict[str, None] = {}
        self._texts: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def tell(self, label: str, value: str) -> bool:
        """Take one fact; False if there is no room for it (a second value, no flag), so that it is kept elsewhere.

        Raises ListContentError for a country or a number that cannot be read.
        """
        if label == _FLAG:
            return self._take_flag(value)
        if label in _OTHER_FLAGS:
            return self._take_other_flag(value)
        if label in _NUMBER_FIELDS:
            return self._numbers.setdefault(_NUMBER_FIELDS[label], _number(value)) == _number(value)
        return self._texts.setdefault(_TEXT_FIELDS[label], value) == value

    def facts(self) -> VesselFacts | None:
        """Return what was told, None if nothing was."""
        if not (self._flag or self._other_flags or self._texts or self._numbers):
            return None
        return VesselFacts(
            flag=self._flag,
            former_flags=tuple(self._other_flags),
            type=self._texts.get("type", ""),
            gross_tonnage=self._numbers.get("gross_tonnage"),
            deadweight=self._numbers.get("deadweight"),
            built=self._texts.get("built", ""),
            owner=self._texts.get("owner", ""),
            call_sign=self._texts.get("call_sign", ""),
            model=self._texts.get("model", ""),
        )

    def _take_flag(self, value: str) -> bool:
        code = _flag_code(value)
        if code is None or self._flag not in (None, code):
            return False
        self._flag = code
        return True

    def _take_other_flag(self, value: str) -> bool:
        code = _flag_code(value)
        if code is not None:
            self._other_flags[code] = None
        return code is not None


def _flag_code(value: str) -> str | None:
    return None if value.lower() in NO_FLAG else listed_country(value)


def _number(value: str) -> int:
    digits = value.replace(",", "").strip()
    if not digits.isdigit():
        raise ListContentError(f"the tonnage {value!r} is no number")
    return int(digits)
