"""The casework toy in salabim: components, resources, its own distributions."""

import random
import sys

import salabim as sim

CLIENTS, ADVISERS, RATE, VISITS, DELAY = 50_000, 10, 2.125, 4.0, 20.0


class Client(sim.Component):
    """Visit the least loaded adviser until done."""

    def process(self):
        world = self.env.world
        mine = min(range(ADVISERS), key=world.loads.__getitem__)
        world.loads[mine] += 1
        left = 1
        while random.random() > 1 / VISITS:
            left += 1
        while left:
            asked = self.env.now()
            yield self.request(world.desks[mine])
            began = self.env.now()
            yield self.hold(world.service.sample())
            self.release()
            world.visits.append((self, mine, asked, began, self.env.now()))
            left -= 1
            if left:
                yield self.hold(DELAY)
        world.loads[mine] -= 1


class World:
    """What clients share."""

    def __init__(self, env):
        self.desks = [sim.Resource(env=env, capacity=1, monitor=False) for _ in range(ADVISERS)]
        self.loads = [0] * ADVISERS
        self.service = sim.Exponential(1.0)
        self.visits = []


class Arrivals(sim.Component):
    """Let clients come one after another."""

    def process(self, clients):
        gap = sim.Exponential(1 / RATE)
        for _ in range(clients):
            yield self.hold(gap.sample())
            Client()


def run(clients=CLIENTS, seed=1):
    """Give the number of visits of one run."""
    random.seed(seed)
    env = sim.Environment(yieldless=False, random_seed=seed, trace=False)
    env.world = World(env)
    Arrivals(clients=clients)
    env.run()
    return len(env.world.visits)


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS))
