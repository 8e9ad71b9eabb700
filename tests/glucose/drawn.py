"""Series drawn for tests: sensors and meters with gaps, ties, jitter, threshold values, tags and changes of offset."""

import numpy as np
from hypothesis import strategies as st

from priorauth.glucose.metrics import series
from priorauth.glucose.metrics.series import Series

EDGES = np.array([53, 54, 55, 69, 70, 71, 100, 179, 180, 181, 200, 249, 250, 251])
MIDNIGHT = 28_401_120  # 2024-01-01T00:00Z


def sensor(glucose: list[int], *, step: int = 5, start: int = MIDNIGHT + 720, offset: int = 0) -> Series:
    """Give a sensor's readings `step` minutes apart, from noon."""
    count = len(glucose)
    return series.one("cgm", [start + step * place for place in range(count)], [offset] * count, glucose, [0] * count)


def readings(device: series.Device, *rows: tuple[int, int], flags: int = 0, offset: int = 0) -> Series:
    """Give readings as pairs of minutes after a midnight and mg/dL."""
    minutes, glucose = [MIDNIGHT + minute for minute, _ in rows], [value for _, value in rows]
    return series.one(device, minutes, [offset] * len(rows), glucose, [flags] * len(rows))


def draw(seed: int, streams: int, most: int) -> Series:
    """Draw many streams of up to `most` readings from one seed."""
    rng = np.random.default_rng(seed)
    parts = [_stream(rng, int(rng.integers(0, most + 1))) for _ in range(streams)]
    minutes, offsets, glucose, flags = (np.concatenate([part[place] for part in parts]) for place in range(4))
    starts = np.concatenate([[0], np.cumsum([len(part[0]) for part in parts])])
    return series.many(minutes, offsets, glucose, flags, starts, rng.random(streams) < 0.25)


def _stream(rng: np.random.Generator, count: int) -> tuple[np.ndarray, ...]:
    interval = int(rng.choice([1, 5, 5, 5, 10, 15]))
    odd = [0, 0, 1, interval - 1, interval + 1, 2 * interval, 19, 20, 21, 45, 46, 180, 186, 190, 500, 1440, 5000]
    steps = np.where(rng.random(count) < 0.1, rng.choice(odd, count), interval)
    minutes = MIDNIGHT + int(rng.integers(-3000, 3000)) + np.cumsum(steps)
    place = np.arange(count)
    level, height, pace = rng.uniform(70, 220), rng.uniform(0, 120), rng.uniform(2, 30)
    wave = level + height * np.sin(place / pace) + np.cumsum(rng.normal(0, 3, count))
    glucose = np.clip(np.round(wave), 20, 600).astype(int)
    glucose = np.where(rng.random(count) < rng.choice([0, 0.2]), rng.choice(EDGES, count), glucose)
    if rng.random() < 0.2:
        glucose = np.where(place // 20 % 2, 60, int(rng.choice(EDGES)))  # flat stretches
    offsets = np.full(count, int(rng.choice([-720, -300, -240, 0, 60, 330, 840])))
    if rng.random() < 0.4:
        offsets[count // 2 :] += int(rng.choice([-60, 60, -540, 600]))
    if rng.random() < 0.05:
        offsets = rng.integers(-1440, 1441, count)
    flags = np.where(rng.random(count) < rng.choice([0, 0.05, 0.5]), rng.integers(0, 128, count), 0)
    return minutes, offsets, glucose, flags


@st.composite
def streams(draw_from: st.DrawFn) -> Series:
    """Draw one small stream step by step, so that a failure shrinks to a readable one."""
    steps = draw_from(st.lists(st.sampled_from([0, 1, 4, 5, 6, 10, 15, 20, 21, 46, 186, 1500]), max_size=60))
    count = len(steps)
    glucose = draw_from(st.lists(st.sampled_from(EDGES.tolist()), min_size=count, max_size=count))
    flags = draw_from(st.lists(st.sampled_from([0, 0, 0, 1, 2, 4, 8, 16, 32]), min_size=count, max_size=count))
    offsets = draw_from(st.lists(st.sampled_from([-300, -240, 60]), min_size=count, max_size=count))
    minutes = np.cumsum(steps) + MIDNIGHT
    return series.one(draw_from(st.sampled_from(["cgm", "meter"])), minutes, offsets, glucose, flags)
