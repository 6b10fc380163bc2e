"""The proof of one entry of the log, and the replay of a record, as pages show them beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.schemas import ProofView
from api.web.presenters import figures
from api.web.presenters.coverage import Mark
from api.web.presenters.deal import VERDICTS
from api.web.presenters.screening import OUTCOMES
from api.web.text import _
from screening.audit.merkle import proves_inclusion
from screening.deal_replaying import DealToday
from screening.replaying import Today
from screening.services.deal_replay import DealReplay
from screening.services.replay import Replay

CHANGES: Final = {
    "gained": _("matches now and did not then"),
    "lost": _("matched then and does not now"),
    "rescored": _("has another score"),
}


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One hash of the path, from the entry to the root."""

    word: str
    hash: str


@dataclass(frozen=True, slots=True)
class ProofShown:
    """Whether the path leads to the root of the signed checkpoint, its steps, and who signed what when."""

    mark: Mark
    steps: tuple[ProofStep, ...]
    signed: str


@dataclass(frozen=True, slots=True)
class ReplayShown:
    """What a replay came to: the same or not, and in which way."""

    mark: Mark
    texts: tuple[str, ...]


def proof_view(proved: ProofView) -> ProofShown:
    """Return a proof, checked here again: the page must not say that it holds because it was given."""
    root, size = proved.checkpoint.root, proved.checkpoint.sequence
    path = [bytes.fromhex(one) for one in proved.path]
    holds = proves_inclusion(bytes.fromhex(proved.hash), proved.sequence - 1, size, path, bytes.fromhex(root))
    steps = [ProofStep(_("entry"), proved.hash)]
    steps += [ProofStep(_("+ %d") % number, one) for number, one in enumerate(proved.path, start=1)]
    said = {
        "time": figures.moment(datetime.fromisoformat(proved.checkpoint.time)),
        "size": figures.count(size),
        "key": proved.checkpoint.key,
    }
    return ProofShown(
        mark=Mark("clear", _("Holds")) if holds else Mark("match", _("Does not hold")),
        steps=(*steps, ProofStep(_("root"), root)),
        signed=_("The root of all %(size)s entries, signed %(time)s with key %(key)s, also held outside.") % said,
    )


def replay_view(done: Replay | DealReplay) -> ReplayShown:
    """Return what a replay came to, and what the lists and the policy of today say."""
    mark = Mark("clear", _("Same, byte for byte")) if done.identical else Mark("review", _("Not the same"))
    texts = [*done.problems, *(_("Changed since: %s.") % one.what for one in done.changed)]
    if done.differs:
        texts.append(_("Other than recorded: %s.") % ", ".join(done.differs))
    if isinstance(done.today, DealToday):
        texts += _deal_today(done.today)
    elif done.today is not None:
        texts += _today(done.today)
    return ReplayShown(mark, (_("Run again on the lists and the policy of that moment."), *texts))


def _today(against: Today) -> list[str]:
    word = OUTCOMES[against.outcome_now].lower()
    if not against.outcome_changed and not against.entities:
        return [_("On today’s lists: the same answer, %s.") % word]
    said = [f"{one.name} {CHANGES.get(one.change, one.change)}" for one in against.entities]
    return [_("On today’s lists: %s.") % word, *said]


def _deal_today(against: DealToday) -> list[str]:
    word = VERDICTS[against.verdict_now].lower()
    moved = (*against.entities, *against.reasons_gained, *against.reasons_lost)
    if not against.verdict_changed and not moved:
        return [_("On today’s lists and rules: the same verdict, %s, for the same reasons.") % word]
    said = [f"{one.name} {CHANGES.get(one.change, one.change)}" for one in against.entities]
    said += [_("A reason now and not then: %s") % text for text in against.reasons_gained]
    said += [_("A reason then and not now: %s") % text for text in against.reasons_lost]
    return [_("On today’s lists and rules: %s.") % word, *said]
