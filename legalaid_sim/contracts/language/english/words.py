"""Words for what every block may say: when it is earned, which day picks its version, on which event it falls."""

WHEN = {
    "on_open": "when the matter is opened",
    "on_close": "when the matter is closed",
    "on_stage": "when a stage is reached",
    "on_event": "when it happens",
    "on_outcome": "when the outcome is known",
    "monthly": "month by month",
}


PICKED = {
    "matter_opened": "the day the matter was opened",
    "matter_closed": "the day the matter was closed",
    "event": "the day of the event",
    "month_ended": "the end of the month",
    "contract_started": "the first day of the contract",
}
