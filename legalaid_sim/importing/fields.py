"""The fields that may enter, and under which heads the payer's own files have them.

Whatever is not listed here is never read: names, days of birth, addresses, groups, notes. ``outcome`` and other words
enter only from a closed list.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from legalaid_sim.contracts.claimsfile.claims import HEADS

ID, DAY, WORD, CODE, MINUTES, COUNT, NUMBER = "id", "day", "word", "code", "minutes", "count", "number"
PRICED = "priced"


class Field(NamedTuple):
    """What may be read: its name in a mapping, what it holds, and its column in a file of claims, if any."""

    name: str
    holds: str
    column: str = ""


# Of a case alone; everything else is what a claim can say.
CASE_FIELDS = (
    Field("claim_id", ID),
    Field("client_id", ID),
    Field("adviser_id", ID),
    Field("office", ID),
    Field("fee_code", CODE, "fee_code"),
    Field("category", WORD, "category"),
    Field("channel", WORD, "in_channel"),
    Field("region", WORD, "in_region"),
    Field("outcome", WORD),
    Field("asked_date", DAY),
    Field("contacts", COUNT),
    Field("contact_minutes", MINUTES),
    Field("casework_minutes", MINUTES),
)
_OWN = {field.name for field in CASE_FIELDS} | {"record_id", "category_type"}
FIELDS: Mapping[str, Field] = {field.name: field for field in CASE_FIELDS} | {
    name: Field(name, PRICED, column)
    for name, column in HEADS.items()
    if not name.startswith("in_") and name not in _OWN and column.startswith("in_") and name != "outcome"
}

# Lines of the layout in which claims are sent in bulk, by their keys.
BULK = {
    "ufn": "claim_id",
    "ucn": "client_id",
    "fee_code": "fee_code",
    "case_start_date": "start_date",
    "work_concluded_date": "concluded_date",
    "vat_indicator": "vat_registered",
    "london_nonlondon_rate": "london_rate",
    "prior_authority_ref": "prior_authority",
    "profit_cost": "net_profit_costs",
    "counsel_cost": "net_counsel_costs",
    "travel_costs": "net_travel_costs",
    "travel_waiting_costs": "travel_and_waiting_costs",
    "detention_travel_waiting_costs": "detention_travel_waiting",
    "jr_form_filling": "jr_form_filling",
    "disbursements_amount": "net_disbursements",
    "disbursements_vat": "disbursement_vat",
    "adjourned_hearing_fee": "n_adjourned_hearing",
    "cmrh_oral": "n_cmrh_oral",
    "cmrh_telephone": "n_cmrh_telephone",
    "ho_interview": "n_home_office_interview",
    "substantive_hearing": "n_substantive_hearing",
    "number_of_mediation_sessions": "mediation_sessions",
    "advice_time": "profit_minutes",
    "travel_time": "travel_minutes",
    "waiting_time": "waiting_minutes",
    "outcome_code": "outcome",
}
# The export of claims, by its heads as ``plain`` writes them.
EXPORT = {
    "unique_file_number": "claim_id",
    "unique_client_number": "client_id",
    "office_account_number": "office",
    "fee_code": "fee_code",
    "case_start_date": "start_date",
    "case_concluded_date": "concluded_date",
    "vat_indicator": "vat_registered",
    "london_rate_flag": "london_rate",
    "immigration_prior_authority_number": "prior_authority",
    "profit_costs": "net_profit_costs",
    "counsel_fees": "net_counsel_costs",
    "net_waiting_costs_amount": "net_waiting_costs",
    "travel_waiting_costs": "travel_and_waiting_costs",
    "detention_travel_waiting_costs": "detention_travel_waiting",
    "jr_form_filling_costs": "jr_form_filling",
    "disbursement_costs": "net_disbursements",
    "disbursement_vat_costs": "disbursement_vat",
    "adjourned_hearing_fee_count": "n_adjourned_hearing",
    "cmrh_oral_count": "n_cmrh_oral",
    "cmrh_telephone_count": "n_cmrh_telephone",
    "ho_interview_count": "n_home_office_interview",
    "substantive_hearing_flag": "n_substantive_hearing",
    "mediation_sessions_count": "mediation_sessions",
    "advice_time": "profit_minutes",
    "travel_time": "travel_minutes",
    "waiting_time": "waiting_minutes",
    "outcome_code": "outcome",
}
# Where the file number is blank: what else tells claims apart, in this order.
OTHER_IDS = {"unique_case_id": "second_id", "case_id": "third_id", "claim_id": "fourth_id"}
VOID = "is_void"
# Heads by which the export is known.
SIGNS = frozenset({"unique_file_number", "fee_code", "case_start_date"})


def plain(head: str) -> str:
    """Write a head in small letters, words parted by one underscore.

    >>> plain("Detention Travel & Waiting Costs"), plain("PROFIT_COST")
    ('detention_travel_waiting_costs', 'profit_cost')
    """
    return re.sub(r"[\W_]+", "_", head.lower()).strip("_")
