"""Reads what a client sends as sound."""

import io
import wave

import numpy as np

from features import RATE


class NoSound(ValueError):
    """The bytes are no sound that this program can read."""


def read_wav(data: bytes) -> np.ndarray:
    """A WAV file of 16-bit samples, as 32-bit floats at 16 kHz on one channel.

    raises NoSound
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as cause:
        raise NoSound(f"The file is not WAV: {cause or 'it ends too early'}.") from cause
    if width != 2:
        raise NoSound(f"The file has samples of {8 * width} bits; 16 bits are read.")
    return read_pcm(frames, rate, channels)


def read_pcm(data: bytes, rate: int, channels: int = 1) -> np.ndarray:
    """Bare 16-bit samples, as 32-bit floats at 16 kHz on one channel.

    raises NoSound
    """
    if not 8000 <= rate <= 96_000:
        raise NoSound(f"{rate} samples a second are not from 8000 to 96000.")
    if not 1 <= channels <= 8:
        raise NoSound(f"{channels} channels are not from 1 to 8.")
    usable = len(data) // (2 * channels) * (2 * channels)
    samples = np.frombuffer(data[:usable], dtype="<i2").astype(np.float32) / 32768
    mono = samples.reshape(-1, channels).mean(axis=1) if channels > 1 else samples
    return _resample(mono, rate)


def _resample(samples: np.ndarray, rate: int) -> np.ndarray:
    if rate == RATE or len(samples) == 0:
        return samples
    # What is above half of the lower rate would come back as noise.
    if rate > RATE:
        width = round(rate / RATE)
        samples = np.convolve(samples, np.ones(width, dtype=np.float32) / width, mode="same")
    length = round(len(samples) * RATE / rate)
    return np.interp(np.linspace(0, len(samples) - 1, length), np.arange(len(samples)), samples).astype(np.float32)
