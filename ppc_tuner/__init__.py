"""Weekly keyword decisions for pay-per-click campaigns, honest about chance.

from ppc_tuner import tune
result = tune(["关键词报表.csv"])
result.save("actions.xlsx")
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["Result", "tune"]


def __getattr__(name: str) -> Any:
    # pandas is loaded when something is computed, so that `ppc-tuner --help` answers at once.
    if name in __all__:
        from ppc_tuner import listing

        return getattr(listing, name)
    raise AttributeError(f"module 'ppc_tuner' has no attribute '{name}'")
