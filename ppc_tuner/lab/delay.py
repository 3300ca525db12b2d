"""Late conversions: how many days after the click an order is reported."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ppc_tuner.lab.arrays import Floats


@dataclass(frozen=True, slots=True)
class Delay:
    """How late orders arrive.

    `first_day`: share of orders on the day of the click. The others arrive later, after exponentially
    distributed times with mean `mean_days`; those after `window_days` (the attribution window) are never
    counted. The defaults give the curve of Chapelle 2014 as exports show it: 65 % of the final orders of last
    week's clicks are known, of the weeks before 83 %, 92 % and 96 %.
    """

    first_day: float = 0.53
    mean_days: float = 9.5
    window_days: int = 60

    def known(self, age: Floats) -> Floats:
        """Share of final orders known `age` days after the click day (1 = the next morning); 0 at age ≤ 0."""
        seen = 1 - (1 - self.first_day) * np.exp(-(age - 1) / self.mean_days)
        last = 1 - (1 - self.first_day) * np.exp(-self.window_days / self.mean_days)
        return np.where(age > 0, np.minimum(seen / last, 1.0), 0.0)

    def draw(self, rng: np.random.Generator, orders: int) -> Floats:
        """Whole days between click and order, (orders,)."""
        last = 1 - (1 - self.first_day) * np.exp(-self.window_days / self.mean_days)
        chance = rng.uniform(0.0, last, orders)
        later = np.ceil(-self.mean_days * np.log((1 - chance) / (1 - self.first_day)))
        return np.where(chance < self.first_day, 0.0, np.clip(later, 1.0, self.window_days))
