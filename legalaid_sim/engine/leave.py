"""Leave to depart from procedure in one matter, where a contract has a procedure for exceptions."""

from datetime import timedelta
from typing import Any

from legalaid_sim.contracts.vocabulary.facts import Burden, Settlement
from legalaid_sim.draws import apart
from legalaid_sim.engine.clock import Call, call_at
from legalaid_sim.engine.common import Common
from legalaid_sim.engine.ledger import Ledger
from legalaid_sim.engine.matter import Matter
from legalaid_sim.events import make
from legalaid_sim.units import round_half_up


class Leave:
    """Who asks for an exception, and what it changes once it is granted."""

    def __init__(self, common: Common, ledger: Ledger) -> None:
        self._clock = common.clock
        self._calendar = common.calendar
        self._settings = common.settings
        self._tell = common.tell
        self._ledger = ledger

    def ask(self, matter: Matter, rule: Any, now: int) -> None:
        """Ask, where what the client would be given is worth the asking; until it is granted procedure is kept to."""
        wanted = round_half_up(self._settings.listening * matter.problem.client.person.relational_need)
        if not wanted or wanted * len(matter.cores) < self._settings.exception_worth * rule.minutes:
            return
        day = self._calendar.day(now)
        answered = day + timedelta(days=rule.days)
        decided = max(now, self._calendar.noon(answered)) if rule.days else now
        # Made of the threshold of authority: a column of its own would make every world another.
        granted = apart(matter.problem.thresholds.authority, "leave") < rule.granted
        self._tell(
            make.exception_asked(
                now, organisation=matter.house.name, matter=matter.id, contract=matter.contract,
                clause=rule.clause, adviser=matter.lead.adviser, decided=decided, granted=granted,
            )
        )  # fmt: skip
        if rule.minutes and matter.account is not None:
            asking = Settlement(burdens=(Burden(rule.clause, rule.minutes, 0, answered),))
            self._ledger.settle(matter.house, matter.account, asking, now, matter)
        if granted and decided == now:
            matter.may_listen(wanted)
        elif granted and decided < self._calendar.ends_after:
            call_at(self._clock, decided, self._given, (matter, wanted))

    def _given(self, call: Call) -> None:
        matter, wanted = call.arg
        if not matter.over:
            matter.may_listen(wanted)
