"""The casework toy in Ciw: a door, ten advisers, a delay between visits."""

import sys

import ciw

CLIENTS, ADVISERS, RATE, VISITS, DELAY = 50_000, 10, 2.125, 4.0, 20.0
WAIT = ADVISERS + 2


class Door(ciw.routing.NodeRouting):
    """Give a client the adviser with the fewest open clients, and the number of visits needed."""

    def next_node(self, ind):
        loads = self.simulation.loads
        ind.mine = min(range(ADVISERS), key=loads.__getitem__)
        loads[ind.mine] += 1
        ind.left = 1
        while ciw.random.random() > 1 / VISITS:
            ind.left += 1
        return self.simulation.nodes[ind.mine + 2]


class Adviser(ciw.routing.NodeRouting):
    """After a visit, wait for the next one or go."""

    def next_node(self, ind):
        ind.left -= 1
        if ind.left:
            return self.simulation.nodes[WAIT]
        self.simulation.loads[ind.mine] -= 1
        return self.simulation.nodes[-1]


class Waited(ciw.routing.NodeRouting):
    """Back to the own adviser."""

    def next_node(self, ind):
        return self.simulation.nodes[ind.mine + 2]


def run(clients=CLIENTS, seed=1):
    """Give the number of visits of one run, until so many clients have gone."""
    ciw.seed(seed)
    exponential, fixed = ciw.dists.Exponential(1.0), ciw.dists.Deterministic
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(RATE)] + [None] * (ADVISERS + 1),
        service_distributions=[fixed(0.0)] + [exponential] * ADVISERS + [fixed(DELAY)],
        number_of_servers=[float("inf")] + [1] * ADVISERS + [float("inf")],
        routing=ciw.routing.NetworkRouting(routers=[Door(), *[Adviser() for _ in range(ADVISERS)], Waited()]),
    )
    simulation = ciw.Simulation(network)
    simulation.loads = [0] * ADVISERS
    simulation.simulate_until_max_customers(clients, method="Finish")
    return sum(1 < record.node < WAIT for record in simulation.get_all_records())


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS))
