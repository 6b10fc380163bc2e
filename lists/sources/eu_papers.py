"""The EU file's identity documents and register numbers, and its small common forms: flags and remarks."""

from dataclasses import replace

from core.errors import ListContentError
from lists.countries import listed_country
from lists.dates import exact_day
from lists.entity import Identifier, Kind
from lists.identifiers import is_label, listed_identifier, number_in
from lists.xml import Taken

IGNORED = ("@logicalId", "@regulationLanguage", "regulationSummary")
"""Read by nobody: the file's own row numbers, the language of the legal text, which act brought each detail."""

_FLAGS = {
    "diplomatic": "diplomatic",
    "knownExpired": "known to have expired",
    "knownFalse": "known to be false",
    "reportedLost": "reported lost",
    "revokedByIssuer": "revoked by its issuer",
}


def flag(element: Taken, name: str, *, default: bool = False) -> bool:
    """Return a true / false attribute; `default` if it is not there. Raises ListContentError for any other value."""
    value = element.attr(name)
    if value not in ("", "true", "false"):
        raise ListContentError(f"{element.where}: {name}={value!r} is neither true nor false")
    return value == "true" if value else default


def remarks_of(element: Taken) -> str:
    """Return the remarks of an element as one text."""
    return " ".join(filter(None, element.texts("remark")))


def identifier(paper: Taken, kind: Kind, facts: list[tuple[str, str]]) -> Identifier | None:
    """Read one `identification`. What has no field of its own is put into the note; a paper without a number
    (`-`) becomes a fact. Raises ListContentError for a type that neither its code nor its description makes known.
    """
    paper.ignore(*IGNORED)
    code, description = paper.attr("identificationTypeCode"), paper.attr("identificationTypeDescription")
    number, latin = paper.attr("number"), paper.attr("latinNumber")
    flags = [name for name in _FLAGS if flag(paper, name)]
    note = _note(paper, flags, latin if latin != number else "")
    country = _country(paper)
    issued, expires = exact_day(paper.attr("issueDate")), exact_day(paper.attr("validTo"))
    value = latin or number_in(number)
    if not any(letter.isalnum() for letter in value):
        facts.append(("document without a number", ", ".join(filter(None, (description, country, note)))))
        return None
    found = listed_identifier("eu", _label(code, description), value, country=country, kind=kind, note=note)
    strong = found.strong and "knownFalse" not in flags
    return replace(found, text=number, strong=strong, issued=issued, expires=expires)


def _label(code: str, description: str) -> str:
    """The code, or the description where the code is new: the descriptions are the older and fuller names."""
    return description if not is_label("eu", code) and is_label("eu", description) else code


def _country(paper: Taken) -> str | None:
    code, description = paper.attr("countryIso2Code"), paper.attr("countryDescription")
    if code and code != "00":
        return listed_country(code)
    return listed_country("" if description == "UNKNOWN" else description)


def _note(paper: Taken, flags: list[str], latin: str) -> str:
    said = [_FLAGS[name] for name in flags]
    for label, name in (
        ("issued by", "issuedBy"),
        ("in", "region"),
        ("name on it:", "nameOnDocument"),
        ("valid from", "validFrom"),
    ):
        if value := paper.attr(name):
            said.append(f"{label} {value}")
    if latin:
        said.append(f"in Latin letters {latin}")
    said.append(remarks_of(paper))
    return "; ".join(filter(None, said))
