"""The emulator: it follows a curve, tells noise from it, and says how far it may be off."""

import numpy as np
import pytest
from scipy.stats import qmc

from funnelsim.decision.uncertainty import emulator as module
from funnelsim.decision.uncertainty.emulator import Emulator, noise_variances

WIDTH = np.sqrt(12.0)


def points(inputs, count, seed=0):
    return WIDTH * (qmc.Sobol(inputs, rng=np.random.default_rng(seed)).random(count) - 0.5)


def curve(x):
    return np.sin(2.0 * x[:, 0]) + 0.5 * x[:, 1] + 0.3 * x[:, 0] * x[:, 1]


def test_the_slopes_of_what_is_minimised_are_right():
    generator = np.random.default_rng(1)
    x, theta = generator.normal(size=(30, 2)), np.array([-1.0, -0.5, -3.0, 0.5, 1.0])
    y, squares = curve(x) - curve(x).mean(), ((x[:, None] - x[None]) ** 2).reshape(-1, 2)

    def loss(there):
        return module._loss(there, x, squares, y, np.full(30, 0.01))

    steps = 1e-5 * np.eye(5)
    slopes = [(loss(theta + step)[0] - loss(theta - step)[0]) / 2e-5 for step in steps]
    assert loss(theta)[1] == pytest.approx(slopes, rel=1e-5)


def test_without_noise_it_follows_the_curve():
    x, new = points(2, 128), points(2, 256, seed=7)
    made = Emulator.of(x, curve(x), np.zeros(128))
    assert np.abs(made.mean(new) - curve(new)).max() < 0.1
    assert made.mean(x) == pytest.approx(curve(x), abs=0.01)


def test_with_noise_the_truth_lies_where_its_draws_say():
    generator = np.random.default_rng(3)
    x, new = points(2, 256), points(2, 512, seed=7)
    y = curve(x) + 0.7 * generator.standard_normal(256)
    made = Emulator.of(x, y, np.full(256, 0.49))
    draws = made.draws(new, 200, generator)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    assert 0.8 < np.mean((low < curve(new)) & (curve(new) < high)) < 0.99
    assert draws.mean(axis=0) == pytest.approx(made.mean(new), abs=0.1)
    assert np.mean((made.mean(new) - curve(new)) ** 2) < 0.1 * 0.49


def test_the_variance_of_a_few_replications_is_smoothed_over_the_points():
    generator = np.random.default_rng(5)
    x = points(2, 512)
    truth = np.exp(0.8 * x[:, 0])
    values = np.sqrt(truth)[:, None] * generator.standard_normal((512, 4))
    found = noise_variances(x, values)
    assert np.corrcoef(np.log(found), np.log(truth))[0, 1] > 0.99
    assert found.mean() == pytest.approx(truth.mean() / 4.0, rel=0.1)


def test_where_nothing_varies_there_is_no_noise():
    assert noise_variances(points(2, 32), np.ones((32, 3))).tolist() == [0.0] * 32
