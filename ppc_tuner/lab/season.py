"""What the calendar does to a market: season, days of the week, an event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Floats

# Demand from Monday to Sunday against the week's mean; their mean is 1.
WEEKDAYS = np.array([0.97, 0.96, 0.96, 0.97, 1.00, 1.07, 1.07])
# In season the same ad is clicked and bought more readily (advice A13): powers of the season's demand.
CTR_POWER, CVR_POWER = 0.3, 0.15


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Factors of a week on demand, click-through rate, conversion rate and rivals' prices."""

    demand: float = 1.0
    ctr: float = 1.0
    cvr: float = 1.0
    rival: float = 1.0


ORDINARY = Multipliers()
EVENT = Multipliers(demand=2.2, ctr=1.1, cvr=1.5, rival=1.3)
BEFORE_EVENT = Multipliers(demand=1.05, cvr=0.8)  # buyers wait


def event(week: int, event_week: int | None) -> Multipliers:
    """The multipliers of a week; `event_week`: the week of the event, from 0 (None: no event)."""
    if event_week is None:
        return ORDINARY
    return {event_week: EVENT, event_week - 1: BEFORE_EVENT}.get(week, ORDINARY)


def wave(peak: Floats, swing: Floats, day: pd.Timestamp) -> Floats:
    """Log of demand on `day` against the yearly middle: swing · cos(2π (day − peak) / 365.25), peak a day
    of year."""
    return swing * np.cos(2 * np.pi * (day.day_of_year - peak) / 365.25)
