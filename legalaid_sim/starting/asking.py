"""A scenario of one's own from six answers: each read with the words of the scenario file, the rest worked out.

What nobody is asked is chosen so that the first run can answer: advisers are busy nine tenths of their time,
the agency breaks even under the contract that it has now, and both contracts are in force.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from legalaid_sim.diagnostics import did_you_mean
from legalaid_sim.errors import ERROR, Problem
from legalaid_sim.scenario.model import Scenario
from legalaid_sim.scenario.people import Rate
from legalaid_sim.starting.template import PREFERRED, filled
from legalaid_sim.units import MONTHS_PER_YEAR, add_months
from legalaid_sim.yamlfile import parse, quoted

# By the forecast, which sees no queues: a life lived comes out 3 to 9 points busier, at 85 to 95 of 100.
BUSY, LEAST_BUSY, MOST_BUSY = 0.84, 0.78, 0.88
LEAD_IN, RESERVE_MONTHS, HALVINGS = 6, 7, 40
FULL_TIME = "35"
POST = re.compile(r"(\S+?)(?:\s*(?:x|×|\*|of|at)\s*|\s+)(\S+)", re.I)
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
# The codes of the fee scheme of England and Wales for one usual matter of a kind, as the shipped scenarios have them.
FEE_CODES = {
    "clinical_negligence": "CLIN", "community_care": "COM", "consumer": "MISCCON", "debt": "DEBT",
    "discrimination": "DISC", "employment": "MISCEMP", "housing": "HOUS", "personal_injury": "MISCPI",
    "public_law": "PUB", "welfare_benefits": "WFB1",
}  # fmt: skip


class Answers(NamedTuple):
    """What was answered: texts as they were typed; no people a week stand for as many as keep advisers busy."""

    region: str = "elsewhere"
    advisers: str = "2 x 35, 1 x 21"
    per_week: str = ""
    problems: str = "debt 5, housing 3, welfare_benefits 2"
    now: str = PREFERRED[0]
    against: str = PREFERRED[1]


class Question(NamedTuple):
    """One question: the field it fills, its words, and what is said of the default where it is no answer."""

    field: str
    words: str
    default: str = ""


QUESTIONS = (
    Question("region", "1. Where is the agency: london or elsewhere?"),
    Question("advisers", "2. How many advisers, and for how many hours a week?"),
    Question(
        "per_week", "3. How many new people ask for help in a week?", "as many as keep the advisers busy"
    ),
    Question("problems", "4. With which problems, and how many of each?"),
    Question("now", "5. Which contract does it have now? (a name of `list contracts`, or a file)"),
    Question("against", "6. Which contract is to be compared with it?"),
)


class MadeScenario(NamedTuple):
    """The scenario that answers make: its text, and how busy advisers would be; ``better`` people a week if not so."""

    text: str
    busy: float
    per_week: float
    better: float | None
    spare: bool


def faults(answers: Answers, place: Path) -> list[str]:
    """Say what a reader of the scenario file would not take in the answers so far; nothing where all is well."""
    unknown = [problem for name in _kinds(answers.problems) for problem in _unknown(name)]
    found = unknown or [
        problem for problem in _checked(_text(answers, place), place) if problem.severity == ERROR
    ]
    return [problem.said for problem in found]


def scenario_of(answers: Answers, place: Path) -> MadeScenario:
    """Make the scenario of answers without faults, to stand at ``place``."""
    seen = _Outlook(_text(answers, place), place)
    given = float(answers.per_week) if answers.per_week else None
    wanted = seen.rate_for(BUSY)
    rate = wanted if given is None else given
    busy, income, cost = seen.at(rate)
    is_busy = LEAST_BUSY <= busy <= MOST_BUSY
    other = max(0, 500 * round((cost - income) / 500))
    text = _text(
        answers,
        place,
        per_week=f"{rate:g}",
        busy=_busy_words(busy),
        other_income=str(other),
        reserves=str(1000 * round(cost / MONTHS_PER_YEAR * RESERVE_MONTHS / 1000)),
        fewest=f"{0.85 * rate:.3g}",
        most=f"{1.15 * rate:.3g}",
        **({"covers": "none is needed, the first contract pays more than the cost"} if not other else {}),
    )
    return MadeScenario(text, busy, rate, None if is_busy else wanted, income > cost)


def outcome(made: MadeScenario) -> str:
    """Say in a line how busy the agency is, and what would make it busy where the answers do not."""
    people = f"with {made.per_week:g} people a week {_busy_words(made.busy)}"
    if made.better is None:
        return f"by a forecast, {people}"
    why = (
        "nobody waits, and a contract can hardly change who is helped"
        if made.busy < LEAST_BUSY
        else "most of what is asked for goes undone"
    )
    return f"by a forecast, {people}: {why}; {made.better:g} a week would make it nine tenths"


def _busy_words(busy: float) -> str:
    if LEAST_BUSY <= busy <= MOST_BUSY:
        return "advisers are busy nine tenths of their time"
    return f"advisers are busy about {100 * busy:.0f} % of their time"


class _Outlook:
    """What a forecast says of a scenario for each number of people; lives nothing."""

    def __init__(self, text: str, place: Path) -> None:
        from legalaid_sim.experiments.shared.plans import plans_of
        from legalaid_sim.scenario.load import read_document

        scenario, _ = read_document(parse(text, str(place)))
        assert scenario is not None
        self.scenario: Scenario = scenario
        self.plan = plans_of(scenario, place.parent)[0]

    def at(self, per_week: float) -> tuple[float, float, float]:
        """How busy advisers are with so many people a week; income without that from elsewhere, and cost, in GBP."""
        from legalaid_sim.experiments.run.forecast import forecast

        clients = self.scenario.clients.model_copy(update={"arrivals": Rate(per_week=per_week)})
        house = self.scenario.organisation.model_copy(update={"other_income": 0.0})
        tried = self.scenario.model_copy(update={"clients": clients, "organisation": house})
        return tuple(forecast(tried, self.plan))  # type: ignore[return-value]

    def rate_for(self, busy: float) -> float:
        """As many people a week as keep advisers so busy, to two digits or three."""
        low, high = 0.0, 1.0
        while self.at(high)[0] < busy and high < 1e5:
            low, high = high, 2 * high
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.at(middle)[0] < busy else (low, middle)
        near = (float(f"{high:.{digits}g}") for digits in (2, 3))
        return next(
            (rate for rate in near if LEAST_BUSY <= self.at(rate)[0] <= MOST_BUSY), float(f"{high:.3g}")
        )


def _text(answers: Answers, place: Path, **worked_out: str) -> str:
    kinds = _kinds(answers.problems)
    codes = {kind: f", fee_code: {FEE_CODES[kind]}" if kind in FEE_CODES else "" for kind in kinds}
    contracts = [_seen_from(place, name) for name in (answers.now, answers.against)]
    return filled(
        [quoted(name) for name in dict.fromkeys(contracts)],
        **{
            "opening": "# An agency put together by `legalaid-sim init --ask` from six answers.",
            "title": quoted(_title(answers)),
            "question": quoted(_question(answers)),
            "starts": str(_starts(contracts, place)),
            "per_week": _scalar(answers.per_week) if answers.per_week else "7",
            "problems": "\n".join(
                f"    {quoted(kind)}: {{share: {_scalar(share)}{codes[kind]}}}"
                for kind, share in kinds.items()
            ),
            "posts": "\n".join(
                f"  - role: caseworker    # or supervisor, solicitor, trainee, volunteer\n"
                f"    number: {_scalar(number)}\n    hours_per_week: {_scalar(hours)}"
                for number, hours in _posts(answers.advisers)
            ),
            "region": _scalar(answers.region.strip().lower()),
            **worked_out,
        },
    )


def _title(answers: Answers) -> str:
    return f"An advice agency: {answers.against} in place of {answers.now}"


def _question(answers: Answers) -> str:
    return f"What would {answers.against} do, in place of {answers.now}, to continuity of adviser and time on admin?"


def _scalar(text: str) -> str:
    """Write an answer as a value: a number as a number, anything else so that the reader can say what it is."""
    return text if NUMBER.fullmatch(text) else quoted(text)


def _posts(answer: str) -> list[tuple[str, str]]:
    parts = [part.strip() for part in re.split(r"[,;]", answer) if part.strip()]
    found = [(POST.fullmatch(part), part) for part in parts]
    return [(match[1], match[2]) if match else (part, FULL_TIME) for match, part in found]


def _kinds(answer: str) -> dict[str, str]:
    """Read "debt 5, welfare benefits 2": each kind with its share, 1 where none is said."""
    kinds = {}
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", answer))):
        *words, last = part.split()
        if not words or not last[0].isdigit():
            words, last = [*words, last], "1"
        kinds["_".join(words).lower().replace("-", "_")] = last
    return kinds


@cache
def _known_kinds() -> list[str]:
    from legalaid_sim.contracts.language.load import library_names, resolve

    return sorted({each for name in library_names() for each in resolve(name).data["categories"]})


def _unknown(kind: str) -> list[Problem]:
    known = _known_kinds()
    if kind in known:
        return []
    message = f"no contract of the library knows the problem '{kind}'.{did_you_mean(kind, known)}"
    return [Problem("CR061", "unknown-category", ERROR, message, help=f"there is: {', '.join(known)}")]


def _seen_from(place: Path, name: str) -> str:
    """Name a contract as the scenario must: a file that is here, from the folder of the scenario."""
    from legalaid_sim.contracts.language.load import library_names
    from legalaid_sim.starting.copying import seen_from

    return name if name in library_names() or not Path(name).is_file() else seen_from(place, Path(name))


def _starts(contracts: list[str], place: Path) -> date:
    """The first day that counts: both contracts are in force, the first one for as long as the lead-in already."""
    from legalaid_sim.contracts.language.load import find_contract, load_contract
    from legalaid_sim.errors import InputError

    try:
        begins = [load_contract(find_contract(name, place.parent)).term.starts for name in contracts]
    except InputError:
        return date(2008, 4, 1)  # the contract is told as a fault
    day = max(add_months(begins[0], LEAD_IN), *begins)
    return day if day.day == 1 else add_months(day.replace(day=1), 1)


def _checked(text: str, place: Path) -> tuple[Problem, ...]:
    from legalaid_sim.authoring.checking import check_text

    return check_text(text, str(place)).problems


def notes(text: str, place: Path) -> list[str]:
    """Give what ``check`` has to say of the scenario, a line each."""
    return [f"{problem.severity}: {problem.message}" for problem in _checked(text, place)]


AskUser = Callable[[Question, str], str]


def interviewed(ask: AskUser, tell: Callable[[str], None], place: Path) -> Answers:
    """Put the six questions, each again until the reader takes the answer; ``ask`` gives an answer or the default."""
    answers = Answers()
    for question in QUESTIONS:
        while True:
            default = getattr(Answers(), question.field)
            tried = answers._replace(**{question.field: ask(question, default).strip()})
            told = faults(tried, place)
            if not told:
                answers = tried
                break
            for words in told:
                tell(words)
    return answers
