"""What kinds of standard share."""

from legalaid_sim.contracts.blocks.marking import Unheard

FOR_EVERY_MATTER = "it holds for every matter under the contract"
UNHEARD = (Unheard("applies_to", FOR_EVERY_MATTER), Unheard("not_if", FOR_EVERY_MATTER))
