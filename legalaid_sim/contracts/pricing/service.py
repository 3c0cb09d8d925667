"""What a contract demands of the service itself, of all of its blocks together."""

from legalaid_sim.contracts.kinds.registry import KINDS
from legalaid_sim.contracts.schema import Contract
from legalaid_sim.contracts.vocabulary.service import Service


def service_of(contract: Contract) -> Service:
    """Gather what the contract demands of the service itself."""
    service = Service()
    for block in contract.standards:
        serves = KINDS[block.kind].serves
        service = serves(block, service) if serves else service
    return service
