"""Columns of a table of claims, and the headings, counts and texts of a matter that they give."""

CLAIM_ID = ("claim_id", "record_id")
COSTS = {
    "in_net_profit_costs": "profit",
    "in_net_counsel_costs": "counsel",
    "in_net_travel_costs": "travel",
    "in_net_waiting_costs": "waiting",
    "in_travel_and_waiting_costs": "travel_and_waiting",
    "in_detention_travel_waiting": "detention_travel_waiting",
    "in_jr_form_filling": "jr_form_filling",
    "in_net_disbursements": "disbursements",
    "in_disbursement_vat": "disbursement_vat",
}
COUNTS = {
    "in_mediation_sessions": "mediation_session",
    "in_n_home_office_interview": "home_office_interview",
    "in_n_cmrh_oral": "cmrh_oral",
    "in_n_cmrh_telephone": "cmrh_telephone",
    "in_n_substantive_hearing": "substantive_hearing",
    "in_n_adjourned_hearing": "adjourned_hearing",
}
MINUTES = {
    "in_profit_minutes": "profit",
    "in_travel_minutes": "travel",
    "in_waiting_minutes": "waiting",
    "in_advocacy_minutes": "advocacy",
}
TEXTS = {
    "in_category": "category",
    "category": "category",
    "category_type": "category",
    "in_region": "region",
    "in_channel": "channel",
    "in_outcome": "outcome",
}
OTHERS = ("in_start_date", "in_concluded_date", "in_vat_registered", "in_london_rate", "in_prior_authority")
KNOWN = (*COSTS, *COUNTS, *MINUTES, *TEXTS, *OTHERS)
