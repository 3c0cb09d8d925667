"""The casework toy as an idiomatic SimPy script: processes, Resources, scalar draws, a list of visits.

50,000 clients arrive at 2.125 an hour; each is given the adviser of ten with the fewest open clients, visits that
adviser a geometric number of times with mean 4, each visit exponential with mean one hour, 20 hours between visits.
"""

import sys

import numpy as np
import simpy

CLIENTS, ADVISERS, RATE, VISITS, DELAY = 50_000, 10, 2.125, 4.0, 20.0


def client(env, name, desks, loads, rng, visits):
    """Visit the least loaded adviser until done."""
    mine = min(range(len(desks)), key=loads.__getitem__)
    loads[mine] += 1
    left = rng.geometric(1 / VISITS)
    while left:
        asked = env.now
        with desks[mine].request() as turn:
            yield turn
            began = env.now
            yield env.timeout(rng.exponential(1.0))
        visits.append((name, mine, asked, began, env.now))
        left -= 1
        if left:
            yield env.timeout(DELAY)
    loads[mine] -= 1


def arrivals(env, desks, loads, rng, visits, clients):
    """Let clients come one after another."""
    for name in range(clients):
        yield env.timeout(rng.exponential(1 / RATE))
        env.process(client(env, name, desks, loads, rng, visits))


def run(clients=CLIENTS, seed=1):
    """Give the visits of one run, in order of their end."""
    env = simpy.Environment()
    rng = np.random.default_rng(seed)
    visits = []
    desks = [simpy.Resource(env, capacity=1) for _ in range(ADVISERS)]
    env.process(arrivals(env, desks, [0] * ADVISERS, rng, visits, clients))
    env.run()
    return visits


if __name__ == "__main__":
    print(len(run(int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS)))
