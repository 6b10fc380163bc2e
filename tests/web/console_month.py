"""A month in the life of the console, for its pictures: real lists, then thirty days of somebody's screenings.

The clock is set back and moves on day by day, so that ages, the chart and the log look as they would.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import time_machine

from api.deps import open_services
from api.metrics import Metrics
from core.clock import now
from core.database import Database
from core.settings import Settings, SourceSettings
from lists.admit import Terms
from lists.importing import import_directory
from lists.source import discover
from screening.access import Principal, Role
from screening.keys import SYSTEM
from screening.request import ScreeningRequest
from screening.services.lists import audited

DAYS = 30
CHANGED = 2
"""Days ago that the later of two editions of each list came into force."""

ALARMS = 0.03
"""Share of screenings of a listed name."""

ERP = Principal("key:ck_0000000001", "ERP", Role.TRADER)

OWNERS = {
    Role.TRADER: "Dina Karimova",
    Role.OFFICER: "Lena Okafor",
    Role.APPROVER: "Jan Roos",
    Role.AUDITOR: "Imre Vadas",
    Role.ADMIN: "Sam Ito",
}

INNOCENT = [
    *(f"{first} {last}" for first in ("Мария", "Ирина", "Тимур") for last in ("Белозёрова", "Кочнева", "Грушина")),
    *(f"{first} {last}" for first in ("نسترن", "پرویز", "شیوا") for last in ("گل‌محمدی", "دشتبان", "صفایی‌نژاد")),
    *(f"{first} {last} LLC" for first in ("Volzhsky", "Moghan", "Gorgan") for last in ("Agromash", "Grain", "Citrus")),
    *("Kaveh Tile Works", "ООО «Дельта Зерно»", "Fındık Gıda A.Ş.", "Sepidrood Kiwi Packing", "ИП Ложкина"),
]
ALARMING = ["Bank Sepah", "بانک صادرات", "PORT OLYA-3", "Islamic Republic of Iran Shipping Lines", "Mohammad Karimi"]


async def live_a_month(settings: Settings, lists: Path) -> None:
    """Fill a migrated database: the older editions of `lists`, then the current ones, and screenings on every day."""
    patient = {key: SourceSettings(max_age=timedelta(days=DAYS)) for key in discover()}
    settings = settings.model_copy(update={"lists": patient})  # nobody checks the lists every day here
    today = now()
    first = (today - timedelta(days=DAYS)).replace(hour=7, minute=30)
    changed = first + timedelta(days=DAYS - CHANGED)
    moments = [moment for moment in _moments(first) if moment < today]
    await _import(settings, lists / "previous", first)
    await _screen(settings, [moment for moment in moments if moment < changed])
    await _import(settings, lists / "current", changed)
    await _screen(settings, [moment for moment in moments if moment >= changed])
    await _import(settings, lists / "current", today - timedelta(minutes=19))  # a check: so the lists are fresh
    await _import(settings, lists / "broken", today - timedelta(minutes=18))


async def _import(settings: Settings, directory: Path, moment: datetime) -> None:
    database = Database(settings.database)
    with time_machine.travel(moment, tick=True):
        await import_directory(database, directory, terms=Terms(observe=audited(SYSTEM)))
    await database.dispose()


def _moments(first: datetime) -> Iterator[datetime]:
    chance = random.Random(2026)
    for day in range(DAYS + 1):
        opening = first + timedelta(days=day, minutes=5)
        number = chance.randint(4, 8) if opening.weekday() >= 5 else chance.randint(14, 30)
        for at in sorted(chance.uniform(0, 9 * 3600) for _ in range(number)):
            yield opening + timedelta(seconds=at)


async def _screen(settings: Settings, moments: Sequence[datetime]) -> None:
    with time_machine.travel(moments[0], tick=True) as clock:
        async with open_services(settings, Metrics("")) as services:
            for moment in moments:
                clock.move_to(moment)
                await services.screenings.screen(_asked(moment), ERP)


def _asked(moment: datetime) -> ScreeningRequest:
    chance = random.Random(moment.isoformat())
    name = chance.choice(ALARMING if chance.random() < ALARMS else INNOCENT)
    reference = f"AST-2026-{chance.randint(100, 999)}"
    return ScreeningRequest.model_validate({"subject": {"name": name}, "reference": reference})
