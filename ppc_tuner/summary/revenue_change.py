"""Why revenue changed: split exactly into visitors × conversion × order value, and by source (advice A10).

Logarithmic mean Divisia index, additive form (LMDI-I; Ang 2005, "The LMDI approach to decomposition analysis:
a practical guide", Energy Policy 33). The revenue of each source is a product of factors, V = Π x_f, and

    effect of f = L(V₁, V₀) ln(x_f₁ / x_f₀),   L(a, b) = (a − b) / ln(a / b), L(a, a) = a

so that the effects within a source add up to its change, and those of all sources to the total, with no
remainder. The factors are clicks, the share of their orders known by now, orders per mature click, and
revenue per order. Where one side is zero the limit is taken: the whole change goes to the first factor that
is zero (Ang, Zhang & Choi 1998).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SUMS: Final = ("clicks", "exposure", "conversions", "revenue")
FACTORS: Final = ("by_visitors", "by_reporting", "by_conversion", "by_order_value")


def revenue_change(rows: pd.DataFrame, source: pd.Series) -> pd.DataFrame:
    """Sources × [source, revenue_before, revenue_now, change, *FACTORS], the largest change first; money.

    `rows`: decision rows with period_* and before_* sums; `source`: the source of each row, on the same
    index. The FACTORS of a row add up to its change. Empty if there is no period before or no revenue.
    """
    sides = [f"{side}_{name}" for side in ("before", "period") for name in SUMS]
    if not set(sides) <= set(rows) or rows["before_revenue"].isna().all():
        return pd.DataFrame(columns=["source", "revenue_before", "revenue_now", "change", *FACTORS])
    sums = rows.groupby(source.to_numpy(), sort=False)[sides].sum()
    before, now = (
        np.column_stack([sums[f"{side}_{name}"] for name in SUMS]) for side in ("before", "period")
    )
    effects = _effects(before, now)
    table = pd.DataFrame({"source": sums.index, "revenue_before": before[:, -1], "revenue_now": now[:, -1]})
    table["change"] = table["revenue_now"] - table["revenue_before"]
    table[list(FACTORS)] = effects
    return table.sort_values("change", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def _effects(before: Floats, now: Floats) -> Floats:
    """What each factor added to revenue, sources × FACTORS. before, now: sources × SUMS."""
    change = now[:, -1] - before[:, -1]
    both = np.asarray((before > 0).all(axis=1) & (now > 0).all(axis=1), dtype=bool)
    a, b = np.where(both, now[:, -1], 1.0), np.where(both, before[:, -1], 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(np.isclose(a, b, rtol=1e-12), a, (a - b) / np.log(a / b))
        grown = np.log(np.where(both[:, None], now, 1.0)) - np.log(np.where(both[:, None], before, 1.0))
    smooth = mean[:, None] * np.diff(grown, axis=1, prepend=0.0)
    # Rounding goes to the first factor, so that the effects add up to the last cent.
    smooth[:, 0] += change - smooth.sum(axis=1)
    lacking = (np.minimum(before, now) <= 0).argmax(axis=1)
    whole = np.where(np.arange(len(SUMS)) == lacking[:, None], change[:, None], 0.0)
    return np.where(both[:, None], smooth, whole)
