"""The log-mel spectrogram that Whisper takes."""

import numpy as np

RATE = 16_000
FRAMES_PER_SECOND = 100
_FFT = 400
_HOP = RATE // FRAMES_PER_SECOND


def log_mel(samples: np.ndarray, seconds: float, mels: int) -> np.ndarray:
    """Turns sound into what Whisper's encoder reads.

    Source: openai/whisper, audio.py: Hann window of 25 ms, steps of 10 ms, Slaney's mel scale, 8 orders of magnitude.

    samples: 32-bit floats from -1 to 1 at 16 kHz. Missing ones are silence, ones beyond the window are left out.
    seconds: the window. Whisper was trained with 30; the encoder's cost follows it.
    mels: bands, as the model has them
    returns: bands times frames, 32-bit floats
    """
    length = round(seconds * RATE)
    window = np.zeros(length, dtype=np.float32)
    window[: min(length, len(samples))] = samples[:length]
    padded = np.pad(window, _FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP][: length // _HOP]
    hann = np.hanning(_FFT + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(frames * hann, axis=1)).astype(np.float32) ** 2
    logarithms = np.log10(np.maximum(_filters(mels) @ power.T, 1e-10))
    return ((np.maximum(logarithms, logarithms.max() - 8.0) + 4.0) / 4.0).astype(np.float32)


_cache: dict[int, np.ndarray] = {}


def _filters(mels: int) -> np.ndarray:
    """Triangles of equal area on Slaney's mel scale, from 0 Hz to 8 kHz."""
    if mels not in _cache:
        bins = np.fft.rfftfreq(_FFT, 1 / RATE)
        corners = _hertz(np.linspace(0.0, _mel(np.array([RATE / 2]))[0], mels + 2))
        rising = (bins[None, :] - corners[:-2, None]) / np.diff(corners)[:-1, None]
        falling = (corners[2:, None] - bins[None, :]) / np.diff(corners)[1:, None]
        triangles = np.maximum(0.0, np.minimum(rising, falling))
        _cache[mels] = (triangles * (2.0 / (corners[2:] - corners[:-2]))[:, None]).astype(np.float32)
    return _cache[mels]


# Slaney's scale is linear up to 1 kHz, and logarithmic from there.
_LINEAR = 200.0 / 3
_CORNER = 1000.0
_STEP = np.log(6.4) / 27.0


def _mel(hertz: np.ndarray) -> np.ndarray:
    linear = hertz / _LINEAR
    return np.where(hertz < _CORNER, linear, _CORNER / _LINEAR + np.log(np.maximum(hertz, _CORNER) / _CORNER) / _STEP)


def _hertz(mel: np.ndarray) -> np.ndarray:
    corner = _CORNER / _LINEAR
    return np.where(mel < corner, mel * _LINEAR, _CORNER * np.exp(_STEP * (np.maximum(mel, corner) - corner)))
