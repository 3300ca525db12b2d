"""What a bid should be: the worth of a click and the target before the rules, the step and its effect after them."""

from ppc_tuner.bids.limits import Budget, budget_of, with_limits
from ppc_tuner.bids.steps import with_steps
from ppc_tuner.bids.targets import with_targets
from ppc_tuner.bids.unseen import with_unseen

__all__ = ["Budget", "budget_of", "with_limits", "with_steps", "with_targets", "with_unseen"]
