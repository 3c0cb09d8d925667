"""How the service works: an own adviser, discretion, outreach."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from legalaid_sim.contracts.blocks.common import Block
from legalaid_sim.contracts.vocabulary.values import Count, Share, YesNo


class NamedAdviser(Block):
    """Each client has an adviser of their own; others step in only after this many days of waiting."""

    kind: Literal["named_adviser"]
    patience_days: Count


class Discretion(Block):
    """Whether advisers may depart from procedure in a contact."""

    kind: Literal["discretion"]
    allowed: YesNo


class Outreach(Block):
    """Going out to people shortens the time before they seek help."""

    kind: Literal["outreach"]
    shortens_delay_percent: Share


AnyStandard: TypeAlias = Annotated[NamedAdviser | Discretion | Outreach, Field(discriminator="kind")]
