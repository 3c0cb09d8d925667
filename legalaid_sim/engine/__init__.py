"""The SimPy engine: a world lived under contracts, told as a log. Nothing random happens in here.

What a client goes through, one file each:

``agenda``      first asking: when a problem is brought, and whoever asks later
``intake``      considered: taken on, handed on to another organisation, or turned away
``booking``     booked: through the door, onto a waiting list, to an adviser; lost on the way
``hearings``    hurried before a date that waits for nobody, and stood by on it (``dates``: which problem has one)
``meetings``    met: what a meeting, a call or a stretch of work comes to
``casework``    worked for: from the first meeting to the last task, from adviser to adviser (``planning``: how long)
``closing``     closed: the record, the claim
``outcomes``    what came of it: resolved or not, what it did to the client, and back to ``agenda`` or not

Beneath stand the ``clock``, the ``scheduler`` (desks at work) and the ``ledger`` (what passes to and from contracts);
above, ``careers`` and the ``month_end``. State has owners: people and problems (``state``), matters and tasks
(``matter``), organisations (``agency``), desks (``advisers.desk``). ``setup`` alone knows all parts and builds each
with those that it calls; ``life`` drives them, copies them and lays them down.
"""

from legalaid_sim.engine.regime import Phase, Regime
from legalaid_sim.engine.simulate import simulate, simulate_each

__all__ = ["Phase", "Regime", "simulate", "simulate_each"]
