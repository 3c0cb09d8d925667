"""The payer's side: what a contract answers and asks, claims, assessments, authority, audits, targets."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from legalaid_sim import events
from legalaid_sim.advisers import allocation
from legalaid_sim.advisers.desk import Desk
from legalaid_sim.brought import LaidOut
from legalaid_sim.clients import lasting_chance
from legalaid_sim.contracts.kinds.controls.audit import AuditChances
from legalaid_sim.contracts.vocabulary.facts import Burden, MatterFacts, Settlement, told_text
from legalaid_sim.draws import nth
from legalaid_sim.engine import keys
from legalaid_sim.engine.agency import House
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.matter import Matter, Task
from legalaid_sim.events import make
from legalaid_sim.units import MINUTES_PER_DAY, add_months, add_up, round_half_up

MARGIN_TARGET = "fixed_fee_margin_share"
# Why an organisation refuses; empty where it does not.
Refused = Literal[events.RefusalReason, ""]


class Ledger:
    """Everything that passes between organisations and the contracts they hold."""

    def __init__(self, common: Common, add_task: Callable[[Desk, Task], None]) -> None:
        self._clock = common.clock
        self._calendar = common.calendar
        self._draws = common.world.payer
        self._settings = common.settings
        self._tell = common.tell
        self._add_task = add_task
        # By account: matters open, and claims that an assessment or a proof is still to follow.
        self.pending: Counter[Any] = Counter()
        self._duties = 0
        self._audits = 0

    # ---- whether a contract permits ------------------------------------------------------------------------------

    def account_for(self, house: House, facts: MatterFacts, now: int) -> tuple[Any, str, Refused]:
        """Which contract a matter may be opened under: (account, "", "") or (None, clause, reason)."""
        # Nobody pays, so nobody need permit.
        if not house.accounts:
            return None, "", ""
        clause = ""
        reason: events.RefusalReason = "scope"
        day = self._calendar.day(now)
        for account in house.accounts:
            permission = account.may_open(facts, day)
            if permission.manner == "yes":
                return account, "", ""
            # A contract that is about other matters gives no reason.
            if account.covers(facts):
                clause, reason = permission.clause, _reason(permission.clause, account)
        return None, clause, reason

    # ---- what a contract answers ---------------------------------------------------------------------------------

    def settle(
        self, house: House, account: Any, settlement: Settlement, now: int, matter: Matter | None
    ) -> None:
        """Write a contract's answer into the log and onto the desks: lines, flags, duties."""
        ref = matter.id if matter is not None else ""
        name = account.terms.name
        lines, burdens, flags, client_pays, passed_on = settlement
        for phase, block, pence in lines:
            house.books.earn(pence)
            self._tell(
                make.entitled(
                    now, organisation=house.name, contract=name, matter=ref, phase=phase, block=block,
                    pence=pence,
                )
            )  # fmt: skip
        for flag in flags:
            self._tell(make.flagged(now, contract=name, matter=ref, flag=flag))
        if client_pays:
            house.books.receive(client_pays)
            self._tell(make.received(now, organisation=house.name, item="clients", pence=client_pays))
        for burden in burdens:
            self._burden(house, name, burden, now, matter)
        if account.terms.budgets:
            for move in account.purses.moved():
                self._tell(make.budget_moved(now, contract=name, **move._asdict()))
        for _, pence in passed_on:
            house.books.spend(pence)
            self._tell(make.spent(now, organisation=house.name, item="passed_on", pence=pence))

    def _burden(self, house: House, contract: str, burden: Burden, now: int, matter: Matter | None) -> None:
        """Give a duty to admin staff as far as their month reaches, the rest to an adviser."""
        clause, for_adviser, for_staff, last_day, paid = burden
        if matter is not None and self._settings.forms:
            times = max(0.0, 1.0 + self._settings.forms * (matter.problem.client.person.vulnerability - 0.5))
            for_staff, for_adviser = round_half_up(for_staff * times), round_half_up(for_adviser * times)
        by_staff = house.use_admin(for_staff) if for_staff else 0
        minutes = for_adviser + for_staff - by_staff
        self._duties += 1
        duty = f"d{self._duties:06d}"
        due = self._calendar.last_minute(last_day)
        desk, ref, key = (
            (self.manager(house), "", 0) if matter is None else (matter.lead, matter.id, matter.key)
        )
        self._tell(
            make.duty_fell(
                now, duty=duty, contract=contract, clause=clause, organisation=house.name,
                adviser=desk.adviser if minutes else "", matter=ref, adviser_minutes=minutes,
                admin_minutes=by_staff, due=due, paid=paid,
            )
        )  # fmt: skip
        if by_staff:
            self._tell(
                make.admin_work(now, organisation=house.name, minutes=by_staff, matter=ref, clause=clause)
            )
        if minutes:
            # A form that is paid for is claimed with the work on the matter.
            if matter is not None and paid:
                facts = matter.facts
                facts.minutes["profit"] = facts.minutes.get("profit", 0) + minutes
            key = keys.of_duty(key, self._duties)
            self._add_task(desk, Task(due, key, events.DUTY, minutes, matter, clause, duty))

    def manager(self, house: House) -> Desk:
        """Whoever does the organisation's own returns: a supervisor, else the adviser with the fewest matters."""
        # With every post vacant the work waits at one for a successor.
        held = [desk for desk in house.desks if not desk.vacant] or house.desks
        supervisors = [desk for desk in held if desk.plan.role == "supervisor"]
        return allocation.least_loaded(supervisors or held)

    def duty_late(self, house: House, task: Task, late: int, now: int) -> None:
        """Tell the contracts that a return came late, or that a duty was as good as missed."""
        for account in (*house.accounts, *house.running_out):
            if task.matter is None:
                if any(rule.block.id == task.clause for rule in account.returns):
                    nobody = MatterFacts("-")
                    answer = account.event("return_late", nobody, self._calendar.day(now), clause=task.clause)
                    self.settle(house, account, answer, now, None)
            elif late > self._settings.missed_duty and task.matter.account is account:
                answer = account.event(
                    "duty_missed", task.matter.facts, self._calendar.day(now), clause=task.clause
                )
                self.settle(house, account, answer, now, task.matter)

    # ---- in the course of a matter -------------------------------------------------------------------------------

    def opened(self, matter: Matter, now: int) -> None:
        """Tell the contract of a first meeting; ask for leave where pay would stop short of the planned minutes."""
        account = matter.account
        self.pending[account] += 1
        if "first_contact" in account.duties:
            answer = account.event("first_contact", matter.facts, self._calendar.day(now))
            self.settle(matter.house, account, answer, now, matter)
        if account.authorities and self._stops_short(account, matter):
            self._ask_authority(matter, now)

    def _stops_short(self, account: Any, matter: Matter) -> bool:
        """Whether the pay curve is flat, after having risen, where the planned minutes end."""
        curve = account.incentive(matter.facts)
        last = [piece for piece in curve if piece.start <= matter.planned][-1:]
        return bool(last) and last[0].slope <= 0.0 and any(piece.slope > 0.0 for piece in curve)

    def _ask_authority(self, matter: Matter, now: int) -> None:
        account, thresholds = matter.account, matter.problem.thresholds
        name = next(iter(account.authorities))
        block = account.authorities[name]
        requested = round_half_up(matter.planned * self._settings.cost)
        day = self._calendar.day(now)
        answer = account.event(
            "authority_asked", matter.facts, day, authority=name, requested=requested,
            u=(thresholds.authority, thresholds.slow),
        )  # fmt: skip
        decided = max([self._calendar.last_minute(burden.due) for burden in answer.burdens], default=now)
        result = next((flag.partition(":")[2] for flag in answer.flags), "")
        self._tell(
            make.authority_asked(
                now, organisation=matter.house.name, matter=matter.id, contract=account.terms.name,
                clause=name, requested=requested, decided=decided, result=result,
            )
        )  # fmt: skip
        self.settle(matter.house, account, answer, now, matter)
        if block.work_while_waiting == "stops":
            matter.stop_work(decided)

    def answered(self, matter: Matter, waited: int, now: int) -> None:
        """Tell contracts that pay for calls of one that was answered after so many minutes."""
        for account in matter.house.accounts:
            if account.calls:
                answer = account.event(
                    "call_answered", matter.facts, self._calendar.day(now), answered_after=waited,
                    result="referred_face_to_face",
                )  # fmt: skip
                self.settle(matter.house, account, answer, now, None)

    def worked(self, matter: Matter, now: int) -> None:
        """Ask for what falls on work: at each meeting, and at each stretch of casework, once."""
        account = matter.account
        if "work_done" in account.duties or matter.id in account.purses.leaving:
            answer = account.event("work_done", matter.facts, self._calendar.day(now))
            self.settle(matter.house, account, answer, now, matter)

    def notice_given(self, matter: Matter, now: int) -> int:
        """Tell the contract that a client takes the money elsewhere; give the minutes of notice."""
        account = matter.account
        answer = account.event("client_switched", matter.facts, self._calendar.day(now))
        self.settle(matter.house, account, answer, now, matter)
        days: int = max(budget.switch.notice_days for budget in account.terms.budgets)
        return days * MINUTES_PER_DAY

    def lay_out(self, matter: Matter, outlays: tuple[LaidOut, ...], now: int) -> None:
        """Pay out what a matter needs, and tell its contract, if it has one, under which heading."""
        house, account, facts = matter.house, matter.account, matter.facts
        for kind, net, vat, units, cost in outlays:
            house.books.spend(net + vat)
            self._tell(make.spent(now, organisation=house.name, item="disbursements", pence=net + vat))
            if account is None:
                continue
            if cost:
                facts.costs[kind] = facts.costs.get(kind, 0) + net
            else:
                account.laid_out(facts, kind, net, vat, None if units < 0 else units)
        if account is not None and account.in_stages and any(not paid.cost for paid in outlays):
            self._claim_stage_after(matter, max(rule.not_before_months for rule in account.in_stages))

    def _claim_stage_after(self, matter: Matter, months: int) -> None:
        """Let disbursements be claimed once so many months have passed since opening or the last such claim."""
        since: Any = matter.account.claimed_on.get(matter.id) or matter.facts.opened
        when = add_months(since, months)
        if when < self._calendar.last_day:
            call_at(
                self._clock, max(int(self._clock.now), self._calendar.noon(when)), self._claims_stage, matter
            )

    def _claims_stage(self, call: Call) -> None:
        matter: Matter = call.arg
        if matter.over:
            return
        now: int = self._clock.now
        account = matter.account
        answer = account.event("disbursements_claimed", matter.facts, self._calendar.day(now))
        self.settle(matter.house, account, answer, now, matter)
        self._claim_stage_after(matter, max(1, *(rule.then_every_months for rule in account.in_stages)))

    def after_meeting(self, matter: Matter, now: int) -> None:
        """Tell the contract of stages reached and of things that happened, where it or the problem knows any."""
        house, account, plan = matter.house, matter.account, matter.problem.plan
        stages = house.stages.get(plan.category) or ()
        done = matter.ordinal / len(matter.cores)
        while matter.stages < len(stages) and stages[matter.stages][1] <= done:
            stage = stages[matter.stages][0]
            matter.reach_stage()
            answer = account.event("stage_reached", matter.facts, self._calendar.day(now), stage=stage)
            self.settle(house, account, answer, now, matter)
        if matter.ordinal == len(matter.cores):
            for (kind, chance), u in zip(
                house.happenings.get(plan.category, ()), matter.problem.thresholds.happen
            ):
                if u < chance:
                    answer = account.event(
                        "event_happened", matter.facts, self._calendar.day(now), event=kind
                    )
                    self.settle(house, account, answer, now, matter)

    # ---- claims --------------------------------------------------------------------------------------------------

    def claim(self, matter: Matter, now: int) -> None:
        """Claim a closed matter, or hold the claim where that suits a target and the provider responds so."""
        if (
            matter.house.policy.respond == "all"
            and self._harms(matter)
            and matter.problem.thresholds.assess < self._settings.timing_held
        ):
            first = add_months(self._calendar.day(now).replace(day=1), 1)
            when = self._calendar.noon(first)
            if when < self._calendar.ends_after:
                self._tell(make.flagged(now, contract=matter.contract, matter=matter.id, flag="claim_held"))
                call_at(self._clock, when, self._claims, matter)
                return
        self._claim(matter, now)

    def _claims(self, call: Call) -> None:
        self._claim(call.arg, self._clock.now)

    def _claim(self, matter: Matter, now: int) -> None:
        house, account, facts = matter.house, matter.account, matter.facts
        day = self._calendar.day(now)
        told = told_text(facts, account.ranks(facts, day, "closed"))
        self._tell(
            make.told(now, organisation=house.name, contract=account.terms.name, matter=matter.id, facts=told)
        )
        answer = account.closed(facts, day)
        self.settle(house, account, answer, now, matter)
        earned = add_up(line.pence for line in answer.lines)
        house.counts(account).claimed(
            earned, facts.minutes.get("profit", 0) * self._settings.cost, "escape" in answer.flags
        )
        if matter.id in account.standing.waiting:
            self.pending[account] += 1
            days = account.standing.days_to_assess(matter.id)
            wait = self._settings.assessment if days is None else days * MINUTES_PER_DAY
            call_at(self._clock, now + wait, self._assess, matter)
        outcome = account.event("outcome_recorded", facts, self._calendar.day(now), outcome=facts.outcome)
        self.settle(house, account, outcome, now, matter)
        if matter.problem.resolved:
            self._await_proof(matter, account.proofs, now)
        self.pending[account] -= 1

    def _await_proof(self, matter: Matter, proofs: tuple[int, ...], now: int) -> None:
        """Wait for the first of the months, counted from closing, after which the contract looks again."""
        if proofs and matter.facts.closed is not None:
            self.pending[matter.account] += 1
            when = self._calendar.noon(add_months(matter.facts.closed, proofs[0]))
            call_at(self._clock, max(now, when), self._prove, (matter, proofs))

    def _harms(self, matter: Matter) -> bool:
        """Whether this claim would worsen a margin target that is at risk."""
        for kpi in matter.account.kpis:
            if kpi.block.measure == MARGIN_TARGET:
                value = matter.house.counts(matter.account).margin()
                return value is not None and not kpi.test(value)
        return False

    def _assess(self, call: Call) -> None:
        """The payer assesses an escape claim."""
        matter: Matter = call.arg
        now: int = self._clock.now
        u = (matter.problem.thresholds.assess,)
        answer = matter.account.event("claim_assessed", matter.facts, self._calendar.day(now), u=u)
        self.settle(matter.house, matter.account, answer, now, matter)
        self.pending[matter.account] -= 1
        matter.house.counts(matter.account).assessed.append(
            -add_up(line.pence for line in answer.lines if line.pence < 0)
        )

    def _prove(self, call: Call) -> None:
        """A result has lasted for so many months, or has come undone before: then no later proof is waited for."""
        matter, (months, *later) = call.arg
        self.pending[matter.account] -= 1
        now: int = self._clock.now
        lasts = matter.problem.plan.u_lasts < lasting_chance(self._settings.undone, months)
        flag = f"lasted:{months}" if lasts else f"undone_before:{months}"
        self._tell(make.flagged(now, contract=matter.contract, matter=matter.id, flag=flag))
        if lasts:
            answer = matter.account.event(
                "outcome_recorded", matter.facts, self._calendar.day(now), outcome=matter.facts.outcome,
                lasted_months=months,
            )  # fmt: skip
            self.settle(matter.house, matter.account, answer, now, matter)
            self._await_proof(matter, tuple(later), now)

    # ---- at a month's end ----------------------------------------------------------------------------------------

    def month_ended(self, house: House, account: Any, settlement: Settlement, now: int) -> None:
        """Write down what a month's end brings, and hold the audits that are due."""
        self.settle(house, account, settlement, now, None)
        for flag in settlement.flags:
            kind, _, clause = flag.partition(":")
            if kind == "audit_due":
                self._audit(house, account, clause, now)

    def _audit(self, house: House, account: Any, clause: str, now: int) -> None:
        # By number over the whole run, in the order of months and houses: an audit more moves those after it.
        u = nth(self._draws, self._audits, "payer", account.terms.name)
        self._audits += 1
        audit = next(watch for watch in account.audits if watch.block.id == clause)
        files = min(audit.block.sample.files, len(audit.claims))
        contested = AuditChances.of(u).contested
        appeals = audit.block.appeal is not None and contested < self._settings.appeals
        answer = account.event(
            "audit_held", MatterFacts("-"), self._calendar.day(now), audit=clause, u=u, appeals=appeals
        )
        result = next((flag for flag in answer.flags), "")
        taken = -add_up(line.pence for line in answer.lines)
        self._tell(
            make.audited(
                now, organisation=house.name, contract=account.terms.name, clause=clause, files=files,
                pence=taken, result=result,
            )
        )  # fmt: skip
        self.settle(house, account, answer, now, None)


def _reason(clause: str, account: Any) -> events.RefusalReason:
    """Name the kind of refusal for the log: a scope rule, a budget, a sanction, or matter starts."""
    if clause == "sanctions":
        return "suspended"
    if any(budget.id == clause for budget in account.terms.budgets):
        return "budget"
    return (
        "scope"
        if any(scope.id == clause for scope, _ in account.terms.scopes) or not clause
        else "matter_starts"
    )
