"""In which pieces a sound is heard."""

import numpy as np

from features import RATE

# Whisper's own window, and the most that it can hear at once.
LONGEST = 30.0
# Shorter windows make it repeat itself; a longer one only costs. Measured in docs/voice.md.
SHORTEST = 10.0
# Silence after the last word, without which the end is cut.
MARGIN = 1.0


def window_of(seconds: float) -> float:
    """How long the window for a sound is: the shortest that holds it and some silence."""
    return min(LONGEST, max(SHORTEST, np.ceil(seconds + MARGIN)))


def pieces_of(samples: np.ndarray) -> list[np.ndarray]:
    """Cuts a sound that is longer than one window where it is most silent."""
    pieces = []
    rest = samples
    most = round((LONGEST - MARGIN) * RATE)
    while len(rest) > most:
        cut = _quietest(rest, most - 5 * RATE, most)
        pieces.append(rest[:cut])
        rest = rest[cut:]
    return [*pieces, rest]


def _quietest(samples: np.ndarray, start: int, end: int) -> int:
    step = RATE // 50
    energy = [float(np.mean(samples[at : at + step] ** 2)) for at in range(start, end - step, step)]
    return start + int(np.argmin(energy)) * step + step // 2
