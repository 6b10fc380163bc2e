"""Hand-made alarms, people and settings for the tests of casework."""

from dataclasses import replace
from typing import Any

from screening.access import Principal, Role
from screening.audit.entry import Actor
from screening.audit.log import actor
from screening.cases.alarm import Alarm, case_subject
from screening.cases.case import Hit, RecordKind
from screening.identity import new_id
from screening.matching.result import Identity, Outcome
from screening.matching.subject import Subject

DINA = Principal("key:ck_dina", "Dina Karimova", Role.TRADER)
LENA = Principal("key:ck_lena", "Lena Okafor", Role.OFFICER)
JAN = Principal("key:ck_jan", "Jan Roos", Role.OFFICER)
TOMAS = Principal("key:ck_tomas", "Tomas Brandt", Role.APPROVER)
VERA = Principal("key:ck_vera", "Vera", Role.APPROVER)
AUDITOR = Principal("key:ck_audit", "Amir", Role.AUDITOR)

HOJATI = Hit(
    entity_id="ofac:10856",
    name="HOJATI, Mohsen",
    lists=("ofac_sdn",),
    version="a" * 64,
    score=713,
    name_score=846,
    identity=Identity.CONTRADICTED,
    outcome=Outcome.REVIEW,
    blocking=True,
)
SECTORAL = replace(HOJATI, entity_id="ofac:17016", name="GAZPROM NEFT", lists=("ofac_cons",), blocking=False)


def make_hit(**changes: Any) -> Hit:
    return replace(HOJATI, **changes)


def make_alarm(name: str = "محسن حجتی‌پور", *hits: Hit, by: Actor | None = None, **changes: Any) -> Alarm:
    subject = changes.pop("subject", None) or Subject(name)
    alarm = Alarm(
        record_kind=RecordKind.SCREENING,
        record_id=new_id(),
        asked_by=by or actor(DINA),
        subject=case_subject(subject),
        hits=hits or (HOJATI,),
        matcher="1.1.0",
    )
    return replace(alarm, **changes)
