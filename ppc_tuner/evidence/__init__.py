"""What the figures are worth: rates with their uncertainty, scores as chances, and how each item is doing."""

from ppc_tuner.evidence.competing import competition_of
from ppc_tuner.evidence.creatives import compared_creatives
from ppc_tuner.evidence.delay import completeness_curve
from ppc_tuner.evidence.estimates import Worth, as_if_told, worth_of
from ppc_tuner.evidence.items import item_figures_of_words, items_of, value_scores_of_words
from ppc_tuner.evidence.present import Present, present_of
from ppc_tuner.evidence.response import learned_response, usual_response

__all__ = [
    "Present",
    "Worth",
    "as_if_told",
    "compared_creatives",
    "competition_of",
    "completeness_curve",
    "item_figures_of_words",
    "items_of",
    "learned_response",
    "present_of",
    "usual_response",
    "value_scores_of_words",
    "worth_of",
]
