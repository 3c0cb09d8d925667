"""What must hold of budgets that clients hold: what was granted is spent, has gone back, or is still there."""

from collections import Counter

from legalaid_sim.contracts.tools.pricing_state import EXTRAS
from legalaid_sim.events import BudgetMoved, Entitled, Log, MatterOpened
from legalaid_sim.invariants.residual import Residual, compare, none_of


def purses(log: Log) -> tuple[Residual, ...]:
    """Compare what clients were granted with what the ledger spent of it and what went back."""
    moves = log.of(BudgetMoved)
    if not moves:
        return ()
    granted, returned, still = Counter[object](), Counter[object](), Counter[object]()
    for move in moves:
        key = (move.contract, move.block, move.client)
        (granted if move.what == "granted" else returned)[key] += move.pence
        still[key] += 1 if move.what == "granted" else -1
    client_of = {matter.matter: matter.client for matter in log.of(MatterOpened)}
    blocks = {(move.contract, move.block) for move in moves}
    spent = Counter[object]()
    for line in log.of(Entitled):
        if line.phase < EXTRAS and (line.contract, line.block) in blocks:
            spent[line.contract, line.block, client_of[line.matter]] += line.pence
    closed = [key for key in granted if not still[key]]
    over = [str(key) for key in spent if spent[key] + returned[key] > granted[key]]
    return (
        compare(
            "budgets granted = spent + gone back, where all have gone back",
            {key: granted[key] for key in closed},
            {key: spent[key] + returned[key] for key in closed},
        ),
        none_of("no client spends more than was granted", over),
    )
