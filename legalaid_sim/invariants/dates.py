"""What must hold of dates that wait for nobody: each comes once, and none is met by help that came after it."""

from collections import Counter

from legalaid_sim.events import IN_TIME, Asked, Contact, DateCame, Log, MatterClosed, MatterOpened
from legalaid_sim.invariants.residual import Residual, none_of


def dates(log: Log) -> tuple[Residual, Residual, Residual]:
    """Look for dates that came twice or of what nobody asked about, that were met by nobody, or in what was over."""
    came = log.of(DateCame)
    times = Counter([each.problem for each in came])
    known = {asked.problem for asked in log.of(Asked)} if came else set()
    strange = [problem for problem, many in times.items() if many > 1 or problem not in known]
    return (
        none_of("every date comes once, to a problem asked about", sorted(strange)),
        none_of("no date is met without a meeting before it", list(_unhelped(log)) if came else []),
        none_of(
            "who is stood by has a matter open, and what is settled is closed", _over(log) if came else []
        ),
    )


def _over(log: Log) -> list[str]:
    closed = {closing.matter: closing.at for closing in log.of(MatterClosed)}
    ends = log.events[-1].at + 1
    return [
        f"{each.problem} at minute {each.at}"
        for each in log.of(DateCame)
        if (each.fate == "settled" and closed.get(each.matter, ends) > each.at)
        or (each.fate == "represented" and closed.get(each.matter, ends) < each.at)
    ]


def _unhelped(log: Log) -> list[str]:
    problem_of = {opened.matter: opened.problem for opened in log.of(MatterOpened)}
    first: dict[str, int] = {}
    for contact in log.of(Contact):
        if contact.ordinal:
            first.setdefault(problem_of.get(contact.matter, ""), contact.at)
    return [
        f"{each.problem} at minute {each.at}"
        for each in log.of(DateCame)
        if (each.fate in IN_TIME) != (each.adviser != "" or each.fate in ("helped", "settled"))
        or (each.fate in IN_TIME and first.get(each.problem, each.at + 1) > each.at)
    ]
