"""Results in forms that other tools read: spreadsheets, data frames, process mining."""

from legalaid_sim.exports.forms import FORMS, export

__all__ = ["FORMS", "export"]
