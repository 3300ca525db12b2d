"""What a person decided in a list: accepted, rejected, changed bid and note, by run and row."""

from __future__ import annotations

from ppc_tuner.decisions.decided import ACCEPTED, CHANGED, REJECTED, UNCLEAR, Decided, Unread
from ppc_tuner.decisions.reading import read_decisions

__all__ = ["ACCEPTED", "CHANGED", "REJECTED", "UNCLEAR", "Decided", "Unread", "read_decisions"]
