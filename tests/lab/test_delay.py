from __future__ import annotations

import numpy as np
import pytest

from ppc_tuner.lab.delay import Delay


def test_known_share_by_hand() -> None:
    """Half on the first day, the rest with mean 10 days, a wide window: after 11 days 1 − .5·e⁻¹ = .816."""
    known = Delay(first_day=0.5, mean_days=10.0, window_days=10_000).known(np.array([0.0, 1.0, 11.0]))
    assert known == pytest.approx([0.0, 0.5, 0.81606], abs=1e-5)


def test_everything_is_known_after_the_window() -> None:
    delay = Delay(first_day=0.7, mean_days=4.0, window_days=15)
    assert delay.known(np.array([16.0, 40.0])).tolist() == [1.0, 1.0]


def test_default_curve_shows_the_weeks_as_exports_do() -> None:
    """Weeks back from the day of export: about 65, 83, 91 and 96 % (SCIENCE: Chapelle 2014)."""
    weeks = Delay().known(np.arange(1.0, 29.0)).reshape(4, 7).mean(axis=1)
    assert weeks == pytest.approx([0.65, 0.83, 0.91, 0.96], abs=0.015)


def test_draws_follow_the_curve() -> None:
    delay = Delay(first_day=0.6, mean_days=5.0, window_days=30)
    days = delay.draw(np.random.default_rng(4), 100_000)
    for age in (1, 3, 10, 31):
        assert (days < age).mean() == pytest.approx(float(delay.known(np.array([float(age)]))[0]), abs=0.005)
    assert days.max() <= 30
