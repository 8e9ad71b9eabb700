"""A synthetic cohort of sensor wearers, the same on every machine: meals, dawn, night lows, noise, gaps, sensor limits.

For benches only: nothing in it is a patient, and nothing it says about glucose is true of any.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.int64]]

DAY = 288  # readings of a five-minute sensor
FIRST_MINUTE = 28_620_000  # 2024-06-01T00:00Z
LOWEST, HIGHEST = 40, 400
MEALS = ((7.5, 70), (12.5, 60), (19.0, 80))
MISSING = 0.06
LOW_NIGHTS, LOW_DAYS = 0.25, 0.3


def cohort(subjects: int, days: int, seed: int = 20240601) -> Arrays:
    """Give minutes, glucose and starts of so many streams."""
    rng = np.random.default_rng(seed)
    length = days * DAY
    noise = _slow_noise(rng, subjects, length)
    minutes, glucose, starts = [], [], [0]
    for subject in range(subjects):
        kept = _kept(rng, length)
        level = _level(rng, days) + noise[subject]
        glucose.append(np.clip(np.rint(level), LOWEST, HIGHEST).astype(np.int16)[kept])
        minutes.append((FIRST_MINUTE + rng.integers(0, 1440) + 5 * kept).astype(np.int32))
        starts.append(starts[-1] + len(kept))
    return np.concatenate(minutes), np.concatenate(glucose), np.array(starts)


def _slow_noise(rng: np.random.Generator, subjects: int, length: int) -> NDArray[np.float64]:
    noise = rng.normal(0, 3.2, (length, subjects))
    for place in range(1, length):
        noise[place] += 0.97 * noise[place - 1]
    return noise.T


def _level(rng: np.random.Generator, days: int) -> NDArray[np.float64]:
    hour = np.arange(days * DAY) % DAY / 12
    level = rng.normal(135, 22) + rng.gamma(2.0, 9.0) * np.exp(-0.5 * ((hour - 6.5) / 1.6) ** 2)
    pushes = np.zeros(days * DAY)
    for day in range(days):
        given = [(at + rng.normal(0, 0.5), max(0.0, rng.normal(size, 35))) for at, size in MEALS]
        if rng.random() < LOW_NIGHTS:
            given.append((rng.uniform(0.5, 4.5), -rng.uniform(50, 120)))
        if rng.random() < LOW_DAYS:
            given.append((rng.uniform(9, 23), -rng.uniform(30, 110)))
        for at, size in given:
            pushes[min(day * DAY + int(at * 12), len(pushes) - 1)] += size
    after = np.arange(60) / 9
    answer = np.convolve(pushes, after * np.exp(1 - after))[: days * DAY]
    return np.asarray(level + answer)


def _kept(rng: np.random.Generator, length: int) -> NDArray[np.int64]:
    kept, missing = np.ones(length, bool), 0
    while missing < MISSING * length:
        gap, at = int(min(80, 1 + rng.pareto(1.1) * 2)), rng.integers(0, length)
        kept[at : at + gap] = False
        missing += gap
    return np.flatnonzero(kept)
