"""Deal screening: reads the parties and owners of a deal as subjects and matches each, once for all roles. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.errors import FieldError, InvalidInput
from lists.countries import country
from lists.entity import Kind
from screening.deals.assess import Lists, assess
from screening.deals.assessment import Assessment
from screening.deals.contacts import ContactIndex
from screening.deals.deal import BANKS, MOST_DEPTH, Deal, Owner, Party, PartyRole
from screening.deals.ownership import walk
from screening.deals.rules import RuleBook
from screening.deals.screened import AUTHORITIES, BLOCKING, ScreenedParty, Tie
from screening.finding import found
from screening.matching.index import ListIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.result import MatchResult, Outcome
from screening.matching.subject import Subject
from screening.reading import Read, read_request
from screening.request import IdentifierInput, ScreeningRequest, SubjectInput

MOST_OWNERS = 200
"""Owners above all parties of a deal together: each is screened."""

NEAR_MISSES = 2
"""Shown for each party; a deal has many, and the party's own screening shows more."""

NOTHING = MatchResult(Outcome.CLEAR, (), (), 0)


def read_parties(deal: Deal) -> Mapping[str, Read]:
    """Return every party and every owner of a deal as a subject, by path.

    Raises InvalidInput that names every field which cannot be read, an ownership tree that is too deep or too wide, and
    a country that is none.
    """
    errors = [*_bad_countries(deal), *_bad_trees(deal)]
    read: dict[str, Read] = {}
    for path, subject in _subjects(deal):
        if not subject.name and not subject.other_names and not subject.identifiers:
            errors.append(FieldError(f"{path}.name", "give a name, an identifier, or both"))
            continue
        try:
            read[path] = _from(path, read_request(ScreeningRequest(subject=subject)))
        except InvalidInput as error:
            errors += [FieldError(f"{path}{e.field.removeprefix('subject')}", e.message) for e in error.errors]
    if errors:
        raise InvalidInput("the deal cannot be read; nothing was assessed", errors)
    return read


def screen_parties(
    deal: Deal, read: Mapping[str, Read], index: ListIndex, policy: Policy, contacts: ContactIndex | None
) -> Mapping[str, ScreenedParty]:
    """Return every party and owner as the lists have it. The same subject is matched once.

    `contacts` is needed where a party `has_contacts`.
    """
    policy = replace(policy, near_misses=NEAR_MISSES)
    results: dict[Subject, MatchResult] = {}
    screened = {}
    for path, one in read.items():
        if one.subject not in results:
            results[one.subject] = match(index, one.subject, policy) if one.searchable else NOTHING
        party = _screened(path, one, results[one.subject], index)
        if contacts is not None and ".owners." not in path:
            party = replace(party, contacts=contacts.shared(deal.parties[int(path.split(".")[1])]))
        screened[path] = party
    return screened


@dataclass(frozen=True, slots=True)
class Basis:
    """What an assessment rests on besides the deal: with the same, it comes out the same byte for byte."""

    index: ListIndex
    policy: Policy
    lists: Lists
    book: RuleBook
    on: date


def assess_parties(deal: Deal, read: Mapping[str, Read], basis: Basis, contacts: ContactIndex | None) -> Assessment:
    """Screen the parties of a deal and hold it against the rules. `contacts` is needed where it `has_contacts`.

    Uses the CPU for as long as the deal has parties: call it off the event loop.
    """
    screened = screen_parties(deal, read, basis.index, basis.policy, contacts)
    return assess(deal, screened, basis.book, basis.lists, basis.on)


def contacts_of(index: ListIndex) -> ContactIndex:
    """Return the contacts of all entities of an index. Every one is looked at: keep the result."""
    return ContactIndex.build(one for entity_id in index.entity_ids for one in index.listings(entity_id))


def has_contacts(deal: Deal) -> bool:
    """Say whether a party of the deal has an address, a telephone number, an e-mail address or a website."""
    return any(p.phones or p.emails or p.websites or p.addresses for p in deal.parties)


def _screened(path: str, read: Read, result: MatchResult, index: ListIndex) -> ScreenedParty:
    matches = tuple(found(candidate, index.listings(candidate.entity_id)) for candidate in result.matches)
    near = tuple(found(candidate, index.listings(candidate.entity_id)) for candidate in result.near_misses)
    return ScreenedParty(
        path=path,
        outcome=result.outcome if read.searchable else Outcome.INCOMPLETE,
        matches=matches,
        near_misses=near,
        searchable=read.searchable,
        ties=tuple(_ties(result, index)),
        warnings=read.warnings,
        considered=result.considered,
    )


def _ties(result: MatchResult, index: ListIndex) -> Iterator[Tie]:
    for candidate in result.matches:
        if candidate.outcome is not Outcome.MATCH:
            continue
        for listing in index.listings(candidate.entity_id):
            for tie in listing.relationships:
                if tie.type == "owned_or_controlled_by" and tie.other_id:
                    blocked = _blocked_by(index, tie.other_id)
                    name = next((other.primary_name for other in index.listings(tie.other_id)), tie.other_name)
                    yield Tie(listing.id, tie.other_id, name, blocked)


def _blocked_by(index: ListIndex, entity_id: str) -> frozenset[str]:
    key = entity_id.partition(":")[0]
    measures = {p.measure.value for listing in index.listings(entity_id) for p in listing.programmes}
    unnamed = any(not listing.programmes for listing in index.listings(entity_id))
    return frozenset({AUTHORITIES.get(key, key)}) if measures & BLOCKING or unnamed else frozenset()


def _subjects(deal: Deal) -> Iterator[tuple[str, SubjectInput]]:
    for at, party in enumerate(deal.parties):
        yield f"parties.{at}", _party_subject(party)
        for path, owner in walk(f"parties.{at}", party):
            yield path, _subject(owner)


def _party_subject(party: Party) -> SubjectInput:
    extra = []
    if party.imo:
        extra.append(IdentifierInput(type="imo", value=party.imo))
    if party.bic:
        extra.append(IdentifierInput(type="bic", value=party.bic))
    kind = party.kind
    if kind is None and PartyRole.VESSEL in party.roles:
        kind = Kind.VESSEL
    if kind is None and BANKS & set(party.roles):
        kind = Kind.ORGANIZATION
    flag = (party.flag,) if party.flag else ()
    return _subject(party).model_copy(
        update={
            "kind": kind,
            "countries": (*party.countries, *flag),
            "identifiers": (*party.identifiers, *extra),
        }
    )


def _subject(party: Party | Owner) -> SubjectInput:
    return SubjectInput.model_construct(**{name: getattr(party, name) for name in SubjectInput.model_fields})


def _from(path: str, read: Read) -> Read:
    return Read(read.subject, tuple(text.replace("subject", path, 1) for text in read.warnings))


def _bad_countries(deal: Deal) -> list[FieldError]:
    given = [
        *((f"parties.{at}.flag", party.flag) for at, party in enumerate(deal.parties)),
        *((f"goods.{at}.origin", goods.origin) for at, goods in enumerate(deal.goods)),
        *((f"route.{at}.country", stop.country) for at, stop in enumerate(deal.route)),
    ]
    return [
        FieldError(path, f"{text!r} is no country known here; write its two-letter code (IR, RU) or its English name")
        for path, text in given
        if text and country(text) is None
    ]


def _bad_trees(deal: Deal) -> Iterator[FieldError]:
    owners = 0
    for at, party in enumerate(deal.parties):
        for path, _ in walk(f"parties.{at}", party):
            owners += 1
            if path.count(".owners.") == MOST_DEPTH + 1:
                yield FieldError(path, f"an ownership tree has at most {MOST_DEPTH} storeys")
        if party.of == at:
            yield FieldError(f"parties.{at}.of", "a party does not own itself")
    if owners > MOST_OWNERS:
        yield FieldError("parties", f"a deal has at most {MOST_OWNERS} owners above its parties, this one {owners}")
