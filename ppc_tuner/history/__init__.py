"""The ledger: what was decided each week, what a person made of it, and what the next list must know."""

from __future__ import annotations

from ppc_tuner.history.ledger import Kept, Ledger, ledger_folder
from ppc_tuner.history.memory import memory_of
from ppc_tuner.history.runs import keep_review, keep_run

__all__ = ["Kept", "Ledger", "keep_review", "keep_run", "ledger_folder", "memory_of"]
