"""What the figures are worth: rates with their uncertainty, scores as chances, and how whole items stand."""

from ppc_tuner.evidence.competing import with_competition
from ppc_tuner.evidence.creatives import compared_creatives
from ppc_tuner.evidence.delay import Completeness, completeness_curve
from ppc_tuner.evidence.estimates import with_estimates
from ppc_tuner.evidence.items import item_rows, with_item_figures
from ppc_tuner.evidence.response import Response, learned_response
from ppc_tuner.evidence.trend import with_trends

__all__ = [
    "Completeness",
    "Response",
    "compared_creatives",
    "completeness_curve",
    "item_rows",
    "learned_response",
    "with_competition",
    "with_estimates",
    "with_item_figures",
    "with_trends",
]
