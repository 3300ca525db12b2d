"""What a bid should be: the worth of a click and the target before the rules, the step and its effect after them."""

from ppc_tuner.bids.steps import with_steps
from ppc_tuner.bids.targets import with_targets
from ppc_tuner.bids.unseen import with_unseen

__all__ = ["with_steps", "with_targets", "with_unseen"]
