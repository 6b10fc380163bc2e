"""Hand-built screenings for the console's tests: a match across scripts, a review, a clear, an incomplete one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from lists.entity import Kind
from screening.answer import Answer, CoveredList, Found, Gap, Listing, Matcher, Receipt, Screening
from screening.matching.result import (
    AlignedPair,
    Explanation,
    Identity,
    Leftover,
    Outcome,
    Qualifier,
    Relation,
    Stance,
)

AT = datetime(2026, 11, 24, 9, 14, 7, tzinfo=UTC)

MATCHER = Matcher(
    version="1.0.0",
    config_hash="c3b7d2f0" + "0" * 56,
    review_threshold=700,
    match_threshold=900,
    thresholds_from="defaults",
    index="ab" * 32,
)

SDN = CoveredList(
    key="ofac_sdn",
    title="Specially Designated Nationals",
    publisher="US Treasury",
    snapshot_id="11" * 32,
    published_on=date(2026, 11, 23),
    fetched_at=AT,
    file_sha256="326a232bae98" + "0" * 52,
    entities=18_758,
    state="fresh",
)
EU = SDN.model_copy(
    update={
        "key": "eu_fsf",
        "title": "EU consolidated financial sanctions",
        "publisher": "European Commission",
        "file_sha256": "0e8a463fa311" + "0" * 52,
        "entities": 5_873,
    }
)
GAPS = (
    Gap(key="uk_sl", title="UK Sanctions List", reason="not loaded on this server"),
    Gap(key="ir", title="Government of Iran", reason="bodies that are blocked without being listed"),
)


def pair(at: int, subject: str, listed: str, **other: Any) -> AlignedPair:
    """Two words at the same place of both names."""
    given: dict[str, Any] = {"relation": Relation.SOUND, "similarity": 100, "weight": 333} | other
    return AlignedPair((at,), (at,), subject, listed, **given)


MELLI_WORDS = Explanation(
    subject_words=("بانک", "ملی", "ایران"),
    listed_words=("BANK", "MELLI", "IRAN"),
    pairs=(
        pair(0, "بانک", "BANK", weight=120),
        pair(1, "ملی", "MELLI", weight=710),
        pair(2, "ایران", "IRAN", weight=170),
    ),
    subject_left=(),
    listed_left=(),
)
COUNTRY_AGREES = Qualifier("country", Stance.CORROBORATES, 30, "IR", "IR", "Country: Iran on both sides")
NO_NUMBER = Qualifier("identifier", Stance.SILENT, 0, "", "", "Identifiers: you gave none")

MELLI = Found(
    entity_id="ofac:25578",
    lists=("ofac_sdn",),
    kind=Kind.ORGANIZATION,
    primary_name="BANK MELLI IRAN",
    listed_name="BANK MELLI IRAN",
    listed_name_type="primary",
    listed_name_quality="strong",
    listed_name_script="Latn",
    other_names=("MELLI BANK", "NATIONAL BANK OF IRAN"),
    score=980,
    name_score=1000,
    identity=Identity.CORROBORATED,
    outcome=Outcome.MATCH,
    decided_by="name",
    low_priority=False,
    qualifiers=(COUNTRY_AGREES, NO_NUMBER),
    explanation=MELLI_WORDS,
    listings=(
        Listing(
            list="ofac_sdn",
            code="IRAN",
            measure="blocking",
            title="Iranian bank, property blocked",
            meaning="US persons may not deal with it.",
            legal_basis="31 CFR 560.211",
        ),
    ),
    secondary_sanctions=("Subject to Secondary Sanctions",),
    listed_on=date(2018, 11, 5),
    url="https://sanctionssearch.example/25578",
    sentence="The same three words in another script.",
)
MELLI_EU = MELLI.model_copy(
    update={
        "entity_id": "eu:EU.13719.21",
        "lists": ("eu_fsf",),
        "primary_name": "Bank Melli Iran",
        "listings": (
            Listing(
                list="eu_fsf",
                code="IRN",
                measure="travel_ban",
                title="Iran",
                meaning="Funds may not be made available to it.",
                legal_basis="Reg (EU) 267/2012",
            ),
        ),
        "url": "",
        "secondary_sanctions": (),
    }
)
INVESTMENT = MELLI.model_copy(
    update={
        "entity_id": "eu:EU.13724.92",
        "lists": ("eu_fsf",),
        "primary_name": "Bank Melli Iran Investment Company",
        "score": 684,
        "outcome": Outcome.CLEAR,
        "explanation": replace(
            MELLI_WORDS,
            listed_words=("Bank", "Melli", "Iran", "Investment", "Company"),
            listed_left=(Leftover(3, "Investment", 200), Leftover(4, "Company", 50)),
        ),
    }
)
HOJATI = MELLI.model_copy(
    update={
        "entity_id": "un:IRi.018",
        "lists": ("un_sc",),
        "kind": Kind.PERSON,
        "primary_name": "Mohsen Hojati",
        "listed_name": "محسن حجتی",
        "listed_name_script": "Arab",
        "score": 713,
        "name_score": 846,
        "identity": Identity.CONTRADICTED,
        "outcome": Outcome.REVIEW,
        "qualifiers": (
            Qualifier("birth_date", Stance.CONTRADICTS, -150, "1987", "1955", "Birth date: yours 1987, listed 1955"),
            COUNTRY_AGREES,
        ),
        "explanation": Explanation(
            subject_words=("محسن", "حجتی‌پور"),
            listed_words=("محسن", "حجتی"),
            pairs=(
                pair(0, "محسن", "محسن", relation=Relation.SAME),
                pair(1, "حجتی‌پور", "حجتی", relation=Relation.ALIKE, similarity=80),
            ),
            subject_left=(),
            listed_left=(),
        ),
    }
)
OLYA = MELLI.model_copy(
    update={
        "entity_id": "ofac:50002",
        "kind": Kind.VESSEL,
        "primary_name": "PORT OLYA-3",
        "listed_name": "PORT OLYA-3",
        "score": 1000,
        "name_score": 0,
        "decided_by": "imo",
        "qualifiers": (
            Qualifier("identifier", Stance.CORROBORATES, 0, "9481910", "9481910", "IMO number: 9481910 on both sides"),
        ),
        "explanation": Explanation((), ("PORT", "OLYA-3"), (), (), ()),
    }
)


def screening(outcome: Outcome, say: str, **answer: Any) -> Screening:
    """A recorded screening with this outcome; everything else is a plain, fresh answer on two lists."""
    given: dict[str, Any] = {
        "subject": {"name": "بانک ملی ایران", "kind": "organization", "countries": ["IR"]},
        "normalised": {},
        "as_of": None,
        "matches": (),
        "near_misses": (),
        "considered": 12,
        "truncated": False,
        "covered": (SDN, EU),
        "not_covered": GAPS,
        "missing": (),
        "warnings": (),
        "matcher": MATCHER,
    } | answer
    receipt = Receipt(
        id="01KAVT4Q8ZB6M3000000000000",
        recorded_at=AT,
        actor="Dina Karimova",
        reference="AST-2026-118",
        audit_sequence=184_219,
        audit_hash="cd" * 32,
    )
    return Screening(receipt=receipt, answer=Answer(outcome=outcome, say=say, **given))


MATCH = screening(
    Outcome.MATCH,
    "Do not sign or pay. This is very likely BANK MELLI IRAN, which the United States lists; one more listed entity "
    "comes close.",
    matches=(MELLI, MELLI_EU),
    near_misses=(INVESTMENT,),
)
REVIEW = screening(
    Outcome.REVIEW,
    "Wait for an officer. The name is close to Mohsen Hojati, whom the United Nations lists, "
    "but the birth dates differ.",
    subject={"name": "محسن حجتی‌پور", "kind": "person", "birth_date": "1987-02-14"},
    matches=(HOJATI,),
)
CLEAR = screening(
    Outcome.CLEAR,
    "Nothing on the two lists searched comes close. The nearest name scores 68.4; review starts at 70.",
    subject={"name": "ООО «Каспийская зерновая компания»", "identifiers": [{"type": "inn", "value": "3099999994"}]},
    near_misses=(INVESTMENT,),
)
INCOMPLETE = screening(
    Outcome.INCOMPLETE,
    "This is not a clear. We searched and found nothing close, but two things are missing, so we cannot be sure.",
    subject={"name": "KASPIY STAR", "kind": "vessel"},
    covered=(SDN, EU.model_copy(update={"state": "stale"})),
    missing=(
        "The ship’s IMO number. Ships change names; the IMO number stays.",
        "A fresh EU list. It was last checked with success on 6 Nov 2026.",
    ),
    warnings=("The list EU consolidated financial sanctions is stale.",),
)
SHIP = screening(
    Outcome.MATCH,
    "Do not sign or pay. This is very likely PORT OLYA-3, which the United States lists.",
    subject={"identifiers": [{"type": "imo", "value": "9481910"}], "kind": "vessel"},
    matches=(OLYA,),
)
EVERY = {"match": MATCH, "review": REVIEW, "clear": CLEAR, "incomplete": INCOMPLETE, "ship": SHIP}
