"""Why a matter was paid what it was: its story, receipt and ledger, and the admin that each clause caused.

Everything is read from the results folder. The receipt is worked out again from what the contract was told,
so it is a second route to the ledger; where the two differ, the difference is shown and never smoothed over.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legalaid_sim.contracts.vocabulary.facts import MatterFacts, ProviderFacts, read_told
from legalaid_sim.errors import ResultsError
from legalaid_sim.events import (
    CASEWORK,
    AdminWork,
    Contact,
    DutyDone,
    DutyFell,
    Entitled,
    Flagged,
    HandOver,
    Log,
    MatterClosed,
    MatterOpened,
    Told,
    TurnedAway,
    Work,
)
from legalaid_sim.measures.words import RED
from legalaid_sim.results import Run, open_run
from legalaid_sim.units import MINUTES_PER_DAY, MINUTES_PER_HOUR, add_up, pounds

if TYPE_CHECKING:
    from legalaid_sim.contracts.pricing.receipts import Receipt
    from legalaid_sim.contracts.pricing.terms import CompiledTerms
    from legalaid_sim.scenario.agencies import Organisation
    from legalaid_sim.scenario.model import Scenario


BY_MONTH = "The contract does not pay this by the matter; what it pays by the month is in the view 'ledger'."


@dataclass(frozen=True, slots=True)
class ExplainedMatter:
    """One matter of one regime of a run, with what is needed to explain it."""

    run: Run
    regime: str
    matter: str
    story: Log
    scenario: "Scenario"

    def day(self, at: int) -> date:
        """Give the calendar day of a minute of the log."""
        return self.scenario.period.begins + timedelta(days=at // MINUTES_PER_DAY)

    @property
    def opened(self) -> MatterOpened | None:
        """How it was opened, None where it never was."""
        return next(iter(self.story.of(MatterOpened)), None)

    @property
    def closed(self) -> MatterClosed | None:
        """How it was closed, None where it is still open."""
        return next(iter(self.story.of(MatterClosed)), None)


def explain_matter(run_dir: Path | str, matter: str, regime: str | None = None, replication: int = 1) -> str:
    """Explain a matter under one regime, or under all of a run one after another, as text.

    Raises ``ResultsError`` for a folder that cannot be read and for a matter that no regime of it opened.
    """
    with _cases(run_dir, matter, regime, replication) as cases:
        return "\n\n".join("\n".join(_sections(case)) for case in cases) + "\n"


def receipts_as_data(
    run_dir: Path | str, matter: str, regime: str | None = None, replication: int = 1
) -> dict[str, Any]:
    """Give the receipts of a matter as plain data, by regime; amounts are text, None stands for no receipt.

    Raises ``ResultsError`` as ``explain_matter`` does.
    """
    with _cases(run_dir, matter, regime, replication) as cases:
        receipts = {case.regime: receipt_of(case) for case in cases}
        found = {name: receipt.as_data() if receipt else None for name, receipt in receipts.items()}
        return {"receipts_format": "1.0", "matter": matter, "replication": replication, "receipts": found}


@contextmanager
def _cases(
    run_dir: Path | str, matter: str, regime: str | None, replication: int
) -> Iterator[list[ExplainedMatter]]:
    with open_run(run_dir) as run:
        regimes = (run.regime(regime),) if regime is not None else run.regimes
        scenario = _scenario(run)
        stories = [(name, run.reader.story(name, replication, matter)) for name in regimes]
        cases = [ExplainedMatter(run, name, matter, story, scenario) for name, story in stories]
        if not any(case.opened for case in cases):
            raise ResultsError(str(run_dir), _unknown(run, regimes, replication, matter))
        yield cases


def claim_of(case: ExplainedMatter) -> tuple[MatterFacts, Mapping[str, int]] | None:
    """Give what the contract was told when the matter was claimed, and its ranks; None where it never was."""
    told = case.story.of(Told)
    return read_told(told[-1].facts) if told else None


def receipt_of(case: ExplainedMatter) -> "Receipt | None":
    """Work out the receipt of a matter again; None where no contract covers it or it was never claimed."""
    claim, opened = claim_of(case), case.opened
    terms = _terms(case, opened.contract) if opened is not None and opened.contract else None
    if terms is None or claim is None:
        return None
    organisation = _organisation(case)
    provider = ProviderFacts(
        organisation.name, organisation.region, organisation.vat_registered, organisation.heads
    )
    facts, ranks = claim
    return terms.receipt(facts, provider, case.day(case.story.of(Told)[-1].at), ranks)


def _sections(case: ExplainedMatter) -> Iterator[str]:
    yield f"{case.regime}: matter {case.matter}"
    if case.opened is None:
        yield from _never_opened(case)
        return
    yield from _life(case)
    receipt = receipt_of(case)
    if receipt is not None:
        yield ""
        yield receipt.as_text().rstrip()
    yield ""
    yield from _ledger(case, receipt)
    yield ""
    yield from _admin(case, receipt)


def _never_opened(case: ExplainedMatter) -> Iterator[str]:
    turned = case.story.of(TurnedAway)
    for event in turned:
        by = f" by '{event.clause}'" if event.clause else ""
        yield f"  turned away on {case.day(event.at)}: {event.reason}{by}"
    if not turned:
        yield "  was not opened under this contract: the client did not ask, or left before"


def _life(case: ExplainedMatter) -> Iterator[str]:
    opened, closed, contacts = case.opened, case.closed, case.story.of(Contact)
    assert opened is not None
    paid_by = f"under {opened.contract}" if opened.contract else "unpaid: no contract covers it"
    ending = f"closed {case.day(closed.at)} ({closed.reason})" if closed else "still open at the end"
    yield f"  {opened.category}, opened {case.day(opened.at)} {paid_by}, {ending}"
    for adviser, count in Counter(contact.adviser for contact in contacts).items():
        minutes = add_up(c.core + c.listening + c.retelling for c in contacts if c.adviser == adviser)
        listened = add_up(c.listening for c in contacts if c.adviser == adviser)
        yield f"  seen by {adviser}: {count} x, {_hours(minutes)}, of it listening {_hours(listened)}"
    for event in case.story.of(HandOver):
        yield f"  handed over on {case.day(event.at)}: {event.before} to {event.after} ({event.reason})"
    casework = add_up(work.minutes for work in case.story.of(Work) if work.activity == CASEWORK)
    retold = add_up(contact.retelling + contact.reading for contact in contacts)
    yield f"  casework {_hours(casework)}; told again and read again {_hours(retold)}"


def _ledger(case: ExplainedMatter, receipt: "Receipt | None") -> Iterator[str]:
    lines = case.story.of(Entitled)
    if not lines:
        yield f"Ledger: no line. {BY_MONTH if receipt else 'Nobody pays for it.'}"
    else:
        yield "Ledger"
    yield from (_ledger_line(case, line) for line in lines)
    if lines:
        yield f"  {'earned':<44}{pounds(add_up(line.pence for line in lines)):>14}"
    flags = sorted({event.flag for event in case.story.of(Flagged)})
    if flags:
        yield f"  flags: {', '.join(flags)}"
    if receipt is not None:
        yield from _compared(*_at_the_claim(case), receipt)


def _ledger_line(case: ExplainedMatter, line: Entitled) -> str:
    return f"  {case.day(line.at)}  {line.phase:>2}  {line.block:<30}{pounds(line.pence):>12}"


def _at_the_claim(case: ExplainedMatter) -> tuple[list[Entitled], list[Entitled]]:
    # What was earned up to the claim, and what came of later answers: an outcome, an assessment, an audit.
    story = list(case.story)
    place = next(index for index, event in enumerate(story) if isinstance(event, Told))
    first = next((e for e in story[place:] if isinstance(e, Entitled)), None)
    before = [event for event in story[:place] if isinstance(event, Entitled)]
    after = [event for event in story[place:] if isinstance(event, Entitled)]
    now = [event for event in after if first is not None and event.at == first.at]
    return [*before, *now], after[len(now) :]


def _compared(claimed: list[Entitled], later: list[Entitled], receipt: "Receipt") -> Iterator[str]:
    held: Counter[str] = Counter()
    for line in claimed:
        held[line.block] += line.pence
    apart = {
        block: held[block] - receipt.by_block.get(block, 0)
        for block in dict.fromkeys((*held, *receipt.by_block))
        if held[block] != receipt.by_block.get(block, 0)
    }
    after = f"; {pounds(add_up(line.pence for line in later))} came after the claim" if later else ""
    if not apart:
        yield f"  the ledger and the receipt agree to the penny{after}"
        return
    yield f"  beyond the receipt, by limits over all matters or by what was recorded with the claim{after}:"
    for block, pence in apart.items():
        yield f"  {'':<16}{block:<30}{pounds(pence):>12}"


def _admin(case: ExplainedMatter, receipt: "Receipt | None") -> Iterator[str]:
    fell = case.story.of(DutyFell)
    if not fell:
        yield "Admin that the contract caused: none for this matter"
        return
    yield "Admin that the contract caused (minutes)"
    yield f"  {'clause':<28}{'adviser':>9}{'staff':>7}  {'due':<12}{'done':<18}"
    done = _done(case)
    for duty in fell:
        when = f"{case.day(duty.due)!s:<12}{_finished(case, duty, done.get(duty.duty)):<18}"
        minutes = f"{duty.adviser_minutes:>9}{duty.admin_minutes:>7}"
        yield f"  {duty.clause:<28}{minutes}  {when}{'paid' if duty.paid else 'unpaid'}"
    yield f"  {'sum':<28}{add_up(d.adviser_minutes for d in fell):>9}{add_up(d.admin_minutes for d in fell):>7}"
    yield from _beyond_the_contract(fell, receipt)


def _beyond_the_contract(fell: list[DutyFell], receipt: "Receipt | None") -> Iterator[str]:
    """Say why forms took other minutes than the receipt's burden, which is what the contract's file asks."""
    asked = {} if receipt is None else receipt.burden_minutes
    took = Counter[str]()
    for duty in fell:
        took[duty.clause] += duty.adviser_minutes + duty.admin_minutes
    apart = [
        f"{name} {took[name]} for {asked[name]}" for name in took if asked.get(name, took[name]) != took[name]
    ]
    if apart:
        yield f"  other than the receipt's burden, which is the contract's own figure: {', '.join(apart)};"
        yield "  forms take longer the more vulnerable a client is (vulnerability.forms);"
        yield f"  {RED}"


def _done(case: ExplainedMatter) -> Mapping[str, DutyDone]:
    return {event.duty: event for event in case.story.of(DutyDone)}


def _finished(case: ExplainedMatter, duty: DutyFell, finished: DutyDone | None) -> str:
    if finished is not None:
        return f"{case.day(finished.at)}{' late' if finished.late else ''}"
    return "by staff" if not duty.adviser_minutes and case.story.of(AdminWork) else "not yet"


def _organisation(case: ExplainedMatter) -> "Organisation":
    opened = case.opened
    assert opened is not None
    return next(
        house.organisation for house in case.scenario.houses if house.organisation.name == opened.organisation
    )


def _terms(case: ExplainedMatter, name: str) -> "CompiledTerms | None":
    from legalaid_sim.experiments.shared.plans import read_written

    held: list[dict[str, Any]] = case.run.manifest["regimes"][case.regime]["contracts"]
    for contract in held:
        if contract["name"] == name:
            return read_written(case.run.folder / contract["file"]).compiled()
    return None


def _scenario(run: Run) -> "Scenario":
    from legalaid_sim.scenario.model import Scenario

    return Scenario.model_validate(run.manifest["scenario"]["resolved"])


def _unknown(run: Run, regimes: tuple[str, ...], replication: int, matter: str) -> str:
    known = sorted({name for regime in regimes for name in run.reader.matters(regime, replication)})
    near = get_close_matches(matter, known, 3)
    example = f" There is, for example, {known[0]}." if known else ""
    hint = f" Did you mean {' or '.join(near)}?" if near else example
    return f"holds no matter '{matter}'.{hint} The view 'matters' of run.sqlite has them all"


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours} h {rest:02d}" if hours else f"{rest} min"
