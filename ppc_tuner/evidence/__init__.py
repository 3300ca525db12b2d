"""What the figures are worth: rates with their uncertainty, scores as chances, and how whole items stand."""

from ppc_tuner.evidence.delay import Completeness, completeness_curve
from ppc_tuner.evidence.estimates import with_estimates
from ppc_tuner.evidence.items import item_rows, with_item_figures
from ppc_tuner.evidence.present import present_worth
from ppc_tuner.evidence.response import Response, learned_response

__all__ = [
    "Completeness",
    "Response",
    "completeness_curve",
    "item_rows",
    "learned_response",
    "present_worth",
    "with_estimates",
    "with_item_figures",
]
