"""Sentences for keys that the sentences of their block leave out: one each, and words of its own for any other."""

from collections.abc import Mapping
from typing import Any

from legalaid_sim.contracts.language.english.reading import Steps
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.tools.wording import listed, said, words
from legalaid_sim.contracts.vocabulary.conditions import compile_test, plain_name
from legalaid_sim.contracts.vocabulary.values import Comparison

# By the path within the block, * for names and places in lists; {} is the value, {0} and {1} such names.
REST = {
    "aims_at_percent": "resetting aims at {} percent",
    "appeal.minutes_per_file": "contesting takes {} minutes a file",
    "appeal.success_percent": "{} percent of appeals succeed",
    "appeal.within_days": "an appeal is made within {} days",
    "asked.before": "it is asked for before {}",
    "asked.form": "it is asked for by {}",
    "award.bid_between": "bids lie between {}",
    "award.guaranteed_matters": "at 100 percent {} matters a year are guaranteed",
    "award.lots": "lots: {}",
    "award.winners": "bids that win in each lot: {}",
    "award.price_weight_percent": "the price weighs {} percent",
    "award.quality_weight_percent": "quality weighs {} percent",
    "case_mix.index": "how hard a case is follows from {}",
    "classes.*.class_": "class {1} is numbered {}",
    "corridor.position": "what is compared is {}",
    "decided.cut_percent": "{} percent are granted in part",
    "decided.cut_to_percent": "what is granted in part is {} percent",
    "decided.days.slow_days": "a slow decision takes {} days",
    "decided.days.slow_percent": "{} percent of decisions are slow",
    "error_percent": "{} percent of files are taken to be reduced",
    "escape.assessment.days": "the payer takes {} days to assess it",
    "escape.assessment.outcomes_percent": "assessed claims are {}",
    "escape.assessment.reduced_by_percent": "a reduced claim loses {} percent",
    "escape.flag": "the flag is called {}",
    "exempt": "no fee for those who are {}",
    "expected_claims": "{} a year are expected",
    "extrapolation.less_points_if_no_appeal": "{} points less where nobody appeals",
    "extrapolation.population": "it is carried to {}",
    "extrapolation.use": "what is carried is the {}",
    "for_each": "amounts are for each {}",
    "grants.in_steps_of": "it is granted in steps of {}",
    "grants.on": "the client gets it at: {}",
    "grants.up_to": "what is granted is up to {}",
    "headings": "costs are paid under {}",
    "heads.source": "heads are counted by {}",
    "heads.weights": "heads weigh {}",
    "held.or_if": "an audit also follows where these are missed: {}",
    "if_late.then": "after that: {}",
    "inside": "within the band: {}",
    "must_accept.applies_to": "that is about {}",
    "next_year.of": "that share is of {}",
    "nil_return": "a return about nothing is {}",
    "opening_amount": "the first amount is {}",
    "outcome.evidence": "proved by {}",
    "outside.aims_at_percent": "a reset aims at claims of {} percent of payments",
    "paid_on.day": "paid on day {} of the month",
    "paid_on.months_after": "months after the one it is for: {}",
    "paid_on.working_day": "paid on working day {} of the month",
    "passes_on.*.only_if": "{0} is paid only if {}",
    "pays_for": "it pays for {}",
    "profile": "over the months it is spread by {}",
    "recovered_from": "it is recovered from {}",
    "reduced_by_percent": "a reduced file loses {} percent",
    "rounds_to": "rounded to {}",
    "sample.from_": "files are taken from {}",
    "self_grant_percent": "the provider may open {} percent more by itself",
    "sessions.attended_needed": "a session counts only if somebody came: {}",
    "settled": "settled {}",
    "share_at.proof_percent": "{} percent falls due on proof",
    "share_percent": "{} percent of the index is passed on",
    "shortfall.per": "what is recovered is reckoned by the {}",
    "shortfall.settle": "it is settled at {}",
    "spends_on.approved": "it may be spent with {} only",
    "spends_on.client_may_top_up": "the client may add money: {}",
    "stage_claims.not_before_months": "disbursements may be claimed after {} months",
    "stage_claims.then_every_months": "after that every {} months",
    "steps.*.minutes": "step {1} takes {} minutes",
    "steps.*.months": "step {1} lasts {} months",
    "steps.*.notice_months": "the notice of step {1} is {} months",
    "steps.*.percent": "step {1} is about {} percent",
    "steps.*.returned_if": "what step {1} withholds is returned if {}",
    "surplus.carry_forward_percent": "{} percent of hours beyond may count next year",
    "switch.fee": "going to another provider costs {}",
    "switch.notice_days": "the notice for it is {} days",
    "table": "amounts stand in table {}",
    "tax_before": "tax is worked out before {} bites",
    "tax_on": "tax follows what is {}",
    "unspent.returns_to": "what is not spent returns to the {}",
}


def untold(path: Steps, value: Any, contract: Contract) -> str:
    """Say a key that no other sentence of its block says."""
    names = [key for key in path if not _is_key(key, path)]
    known = ".".join("*" if key in names else str(key) for key in path)
    shown = (
        _shown(value, contract)
        if known not in IDS
        else listed(value)
        if isinstance(value, tuple)
        else str(value)
    )
    places = [words(str(key + 1) if isinstance(key, int) else key) for key in names] or [""]
    if known in REST:
        return REST[known].replace("{0}", places[0]).replace("{1}", places[0]).replace("{}", shown)
    label = " ".join(words(str(key + 1 if isinstance(key, int) else key)) for key in path).rstrip()
    return f"{label}: {shown}"


def _is_key(key: str | int, path: Steps) -> bool:
    """Tell a key of the language from a name that the writer chose, which follows a key that holds names."""
    at = path.index(key)
    return not isinstance(key, int) and not (at and path[at - 1] in NAMED)


# What names a block or table stays as it is written.
IDS = frozenset({"pays_for", "table", "held.or_if"})
NAMED = frozenset({"limits", "bolt_ons", "bundled", "passes_on", "ends_early", "kinds", "rates", "items"})


def _shown(value: Any, contract: Contract) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Comparison):
        return compile_test(value)[1]
    if isinstance(value, Mapping):
        return listed(
            f"{words(plain_name(str(name)))} {_shown(one, contract)}" for name, one in value.items()
        )
    if isinstance(value, tuple):
        return listed(_shown(one, contract) for one in value)
    return words(value) if isinstance(value, str) else said(value, contract)
