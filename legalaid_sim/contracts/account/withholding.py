"""What a sanction holds back of payments."""

from legalaid_sim.contracts.tools.amounts import WHOLE, Rounded
from legalaid_sim.contracts.vocabulary.facts import CashPayment


class Withholding:
    """A share of payments that a sanction holds back, for some months or until a target is met."""

    def __init__(self) -> None:
        self.percent = self.months = self.held = 0
        self.needs_target = False

    def start(self, millionths: int, months: int, needs_target: bool) -> None:
        """Hold back this share of each payment for so many months."""
        self.percent, self.months, self.needs_target = millionths, months, needs_target

    def hold_back(self, payment: CashPayment, rounded: Rounded) -> CashPayment:
        """Give a payment with the share held back."""
        if not self.months:
            return payment
        kept = rounded(payment.pence * self.percent, WHOLE)
        self.held += kept
        return payment._replace(pence=payment.pence - kept)

    def meet(self) -> None:
        """A target was met: nothing more is held back, and what is held may go."""
        self.months, self.needs_target = 0, False

    def turn(self) -> int:
        """Let a month pass, and give what is released at its end."""
        if self.months:
            self.months -= 1
            return 0
        released = 0 if self.needs_target else self.held
        self.held -= released
        return released
