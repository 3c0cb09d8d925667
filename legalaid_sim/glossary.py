"""The words of reports and guides: each once, in one sentence, with the term of the field where it has another.

Plain data, read by the annex of a report, ``explain`` and the guides.
"""

from typing import Final, NamedTuple


class Defined(NamedTuple):
    """A word as we use it, what it means, and the field's own term; empty where the field says the same or nothing."""

    word: str
    meaning: str
    field: str = ""


GLOSSARY: Final = (
    Defined("admin", "Time that advisers and staff spend on what a contract or the office asks for, not on a client."),
    Defined("adviser", "Somebody who meets clients and works on their matters, paid or as a volunteer.", "caseworker"),
    Defined("agency", "An organisation that gives advice under a contract.", "provider"),
    Defined("chance", "What would differ if other people had come in other weeks; more worlds make it smaller.",
         "stochastic (aleatory) uncertainty"),
    Defined("client", "A person who asks an agency for help, whether or not they are taken on."),
    Defined("COC", "How likely it is that two contacts of a client, taken at random, are with the same adviser.",
         "Bice-Boxerman continuity of care index"),
    Defined("contact", "A meeting or a call between a client and somebody at an agency."),
    Defined("contract", "The rules by which a payer pays an agency, and what it asks for in return."),
    Defined("discretion", "What a contract leaves to the adviser's judgement, such as how long to listen to whom."),
    Defined("duty", "Work that a contract asks for at an event or each month, such as a form, a check or a return.",
         "reporting requirement"),
    Defined("entitlement", "What an agency has earned under the contract, paid yet or not; cash is what has come.",
         "accruals, against cash"),
    Defined("equal money", "A comparison in which each contract is scaled until all cost the payer the same.",
         "cost-neutral comparison"),
    Defined("escape", "Where a matter has cost so much time that it is paid by the hour and not by the fixed fee.",
         "exceptional case, outlier payment"),
    Defined("fixed fee", "One sum for a matter, however much work it takes.", "case-based payment"),
    Defined("ignorance", "What would differ if a guess of the model were another; more worlds do not make it smaller.",
         "parameter (epistemic) uncertainty"),
    Defined("lead-in", "Months that are lived and not counted, so that desks and queues are full when counting begins.",
         "warm-up period"),
    Defined("matter", "A problem of a client for which an agency has opened a file.", "case"),
    Defined("matter start", "The right to open one matter; a contract may give an agency only so many.",
         "new matter start"),
    Defined("named adviser", "The adviser who holds a client's matter, and whom the client meets first.",
         "lead adviser, key worker"),
    Defined("outreach", "Advice given where clients already are, such as a surgery or a food bank."),
    Defined("paired difference", "What one contract gives less what another gives in the same world; then the mean.",
         "difference under common random numbers"),
    Defined("problem", "Something in a client's life for which the law has an answer, brought to an agency or not.",
         "justiciable problem"),
    Defined("regime", "A contract, or several one after another, as a scenario has them in force."),
    Defined("run-out", "Months after those that count, lived so that matters and payments can end."),
    Defined("switch", "The day on which one contract ends and another begins."),
    Defined("world", "One draw of people, problems and luck; every contract lives the same ones.", "replication"),
)  # fmt: skip


def term_of(word: str) -> Defined | None:
    """Give the term of a word, however it is written; None where it has none.

    >>> term_of("Fixed_fee").word, term_of("rent")
    ('fixed fee', None)
    """
    asked = word.casefold().replace("_", " ").strip()
    return next((term for term in GLOSSARY if asked == term.word.casefold()), None)
