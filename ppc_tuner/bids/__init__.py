"""What a bid should be: what the evidence proposes, and what is done of what rules permit. No verdicts."""

from ppc_tuner.bids.bought import as_words
from ppc_tuner.bids.candidates import clicks_of_searches, moves_of_candidates, placed, propose_candidates
from ppc_tuner.bids.fragments import (
    Fragments,
    TermPhrases,
    no_fragments,
    phrases_of_terms,
    propose_fragments,
)
from ppc_tuner.bids.groups import Groups, propose_groups
from ppc_tuner.bids.limits import NO_BUDGET, Budget, budget_of
from ppc_tuner.bids.price import adjustments_said
from ppc_tuner.bids.steps import Allocation, allocate
from ppc_tuner.bids.targets import propose
from ppc_tuner.bids.terms import propose_terms, with_places

__all__ = [
    "NO_BUDGET",
    "Allocation",
    "Budget",
    "Fragments",
    "Groups",
    "TermPhrases",
    "adjustments_said",
    "allocate",
    "as_words",
    "budget_of",
    "clicks_of_searches",
    "moves_of_candidates",
    "no_fragments",
    "phrases_of_terms",
    "placed",
    "propose",
    "propose_candidates",
    "propose_fragments",
    "propose_groups",
    "propose_terms",
    "with_places",
]
