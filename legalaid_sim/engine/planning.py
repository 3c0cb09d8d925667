"""Planning a matter: the minutes that it needs, or those that the provider chooses to give under its pay."""

from math import exp

from legalaid_sim.advisers.desk import Desk
from legalaid_sim.advisers.effort import choose_minutes, listening_kept, squeeze
from legalaid_sim.advisers.strain import learning
from legalaid_sim.draws import apart, hindered_chance, standard_normal
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.matter import Matter
from legalaid_sim.engine.scarcity import Scarcity
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, add_up, round_half_up


class Planning:
    """How long meetings, listening and casework of a matter are to be."""

    def __init__(self, common: Common, pay: Scarcity) -> None:
        self._settings = common.settings
        self._tell = common.tell
        self._pay = pay

    def late_by_now(self, matter: Matter, now: int) -> None:
        """Let a problem become late while its client waits: help is early or late where it is given."""
        problem = matter.problem
        if problem.late or now < problem.plan.crisis:
            return
        problem.become_late()
        matter.is_late()
        factor = self._settings.late_factor
        if factor != 1.0:
            matter.lasts(tuple([round_half_up(m * factor) for m in problem.plan.contacts]), matter.listening)

    def plan(self, matter: Matter, desk: Desk, now: int) -> None:
        """Plan what the matter needs, and what of it the provider gives."""
        settings, plan, policy = self._settings, matter.problem.plan, matter.house.policy
        person = matter.problem.client.person
        listening = 0
        if policy.discretion:
            wanted = settings.listening * person.relational_need
            listening = round_half_up(wanted if settings.judgement <= 0.0 else wanted * self._judged(desk))
        factor = settings.late_factor if matter.problem.late else 1.0
        casework, cores = round_half_up(plan.casework * factor), matter.cores
        if settings.channel_minutes and matter.remote:
            casework = max(0, casework + settings.channel_minutes)
        slow = self._learning(desk, now)
        if slow > 1.0:
            casework = round_half_up(casework * slow)
            cores = tuple([round_half_up(core * slow) for core in cores])
        needed = add_up(cores) + listening * len(cores) + casework
        matter.plan(needed, cores, listening, casework)
        matter.needs(needed)
        if policy.respond != "none" and matter.account is not None:
            self._respond(matter, desk)
        if settings.channel_documents and matter.work and matter.remote:
            self._await_documents(matter, now)

    def _await_documents(self, matter: Matter, now: int) -> None:
        """Let what a client at a distance was to send come, or leave undone what rests on it."""
        settings, problem = self._settings, matter.problem
        person = problem.client.person
        chance = hindered_chance(settings.channel_documents, person.vulnerability, settings.barrier)
        if problem.documents(settings.own_thresholds) < chance:
            minutes = matter.lack_documents()
            self._tell(make.documents_missing(now, client=person.id, matter=matter.id, minutes=minutes))

    def _respond(self, matter: Matter, desk: Desk) -> None:
        """Let the provider choose how many minutes to give, and which."""
        settings, house, policy = self._settings, matter.house, matter.house.policy
        altruism = desk.altruism * (1.0 - settings.pressure_weight * house.books.pressure)
        planned = round_half_up(
            choose_minutes(
                matter.account.incentive(matter.facts),
                matter.needed,
                self._pay.price([desk], house),
                altruism,
                self._pay.benefit,
                matter.needed * settings.most_effort,
            )
        )
        cores, listening, work = squeeze(
            planned, matter.cores, matter.listening, matter.work, settings.squeeze, settings.drops_meetings
        )
        if policy.respond == "all" and settings.multitask > 0.0 and listening:
            drawn = policy.monitored - policy.relations
            kept = listening_kept(listening, settings.multitask, drawn, policy.relations)
            work += (listening - kept) * len(cores)
            listening = kept
        matter.plan(planned, cores, listening, work)

    def _judged(self, desk: Desk) -> float:
        """How much of the usual an adviser listens who may judge for themselves: lognormal between people, mean 1."""
        spread = self._settings.judgement
        # Made of a threshold that the holder has anyway: a column of its own would make every world another.
        z = standard_normal(apart(desk.holder.u_leave[0], "judgement"))
        return exp(spread * z - spread * spread / 2.0)

    def _learning(self, desk: Desk, now: int) -> float:
        """How much longer somebody who has come to a post takes: more at first, and less every week."""
        settings = self._settings
        # Whoever is in post on the first day has learned it.
        if desk.vintage <= 1 or settings.learning_extra <= 0.0:
            return 1.0
        weeks = (now - desk.joined) / (7 * MINUTES_PER_DAY)
        return learning(settings.learning_extra, weeks, settings.learning_weeks)
