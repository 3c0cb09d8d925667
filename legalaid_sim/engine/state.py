"""People and their problems, as they fare in a run; nobody else writes into them."""

from collections.abc import Sequence
from typing import Any

from legalaid_sim.clients import faded_trust
from legalaid_sim.draws import nth
from legalaid_sim.engine.agency import House
from legalaid_sim.events import ProblemStanding
from legalaid_sim.world import PersonDraw, ProblemPlan


class Client:
    """What a run knows of a person: whom they met, how far each is trusted, what is hidden, what they can do alone."""

    __slots__ = ("capability", "hidden", "last_closed", "met", "person")

    def __init__(self, person: PersonDraw) -> None:
        self.person = person
        self.met: dict[str, tuple[float, int]] = {}
        self.hidden: list[ProblemPlan] = [plan for plan in person.problems if plan.hidden]
        self.capability = 0.0
        self.last_closed = -1

    def trust_in(self, adviser: str, now: int, memory: float, carry_over: float) -> float:
        """Trust in an adviser now; for a stranger the share that carries over from colleagues."""
        met = self.met
        if adviser in met:
            value, at = met[adviser]
            # Nothing fades to nothing: most who are asked about are spared an exponential.
            return faded_trust(value, now - at, memory) if value else 0.0
        if not met or carry_over <= 0.0:
            return 0.0
        return carry_over * max(faded_trust(v, now - at, memory) for v, at in met.values())

    def trust_beside(self, companions: Sequence[Any], now: int, memory: float) -> float:
        """The most trust in a companion who is still there; nothing where none has been met."""
        met = self.met
        held = [met[desk.adviser] for desk in companions if not desk.vacant and desk.adviser in met]
        return max((faded_trust(value, now - at, memory) for value, at in held), default=0.0)

    def lose_trust(self, adviser: str, share: float) -> None:
        """Lose a share of the trust in an adviser who leaves."""
        if adviser in self.met:
            value, at = self.met[adviser]
            self.met[adviser] = (value * (1.0 - share), at)

    def closes(self, now: int) -> None:
        """Know when the last matter was closed."""
        self.last_closed = now

    def grow(self, share: float) -> None:
        """Come to be able to do alone a share of what one could not."""
        self.capability += (1.0 - self.capability) * min(1.0, share)


class ProblemState:
    """A problem as it fares in this run: asked when, resolved or not, how often brought back."""

    __slots__ = (
        "asked", "askings", "attempts", "client", "date_missed", "goes_to", "late", "matters", "nameless",
        "plan", "readers", "reasons", "resolved", "returns", "stage", "thresholds",
    )  # fmt: skip

    def __init__(self, plan: ProblemPlan, client: Client) -> None:
        self.plan = plan
        self.client = client
        self.asked = -1
        self.askings = 0
        self.goes_to: House | None = None
        self.reasons = 0
        self.attempts = 0
        self.late = False
        self.date_missed = False
        self.matters = 0
        self.nameless = False
        self.readers: set[str] = set()
        self.resolved = False
        self.returns = 0
        self.stage: ProblemStanding = "unasked"
        self.thresholds = plan.tries[0]

    def stand(self, stage: ProblemStanding) -> None:
        """Stand otherwise than before."""
        self.stage = stage

    def be_considered(self, now: int, own_thresholds: bool) -> None:
        """Be asked about: by thresholds of this asking's own, or by the first ones where one try decides all."""
        tries, n = self.plan.tries, self.askings
        self.askings += 1
        self.asked = now
        self.late = now >= self.plan.crisis
        self.thresholds = nth(tries, n, "attempt", self.plan.id) if own_thresholds else tries[0]

    def give_no_name(self) -> None:
        """Be brought by somebody who gives no name."""
        self.nameless = True

    def become_late(self) -> None:
        """Pass the point of crisis."""
        self.late = True

    def miss_date(self) -> None:
        """Have had no help before a date that waits for nobody."""
        self.date_missed = True

    def next_matter(self) -> int:
        """Number the next matter, from 1 on."""
        self.matters += 1
        return self.matters

    def next_attempt(self) -> float:
        """Give the threshold of missing the next meeting."""
        self.attempts += 1
        u: float = nth(self.plan.u_missed, self.attempts - 1, "missed", self.plan.id)
        return u

    def documents(self, own_thresholds: bool) -> float:
        """Give this try's threshold of documents that do not come."""
        n = self.askings - 1 if own_thresholds else 0
        u: float = nth(self.plan.u_documents, n, "document", self.plan.id)
        return u

    def next_return(self) -> None:
        """Be brought back once more."""
        self.returns += 1

    def count_reason(self, counts: bool) -> None:
        """Count one more reason to go elsewhere, if it is one."""
        self.reasons += counts

    def turn_to(self, house: House | None) -> None:
        """Go to another organisation from now on."""
        self.goes_to = house

    def end(self, resolved: bool) -> None:
        """Come to an end, for now."""
        self.resolved = resolved
        self.stage = "resolved" if resolved else "unresolved"
