"""Hears with a Whisper model of CTranslate2."""

import io
import pathlib
from dataclasses import dataclass

import ctranslate2
import numpy as np

from features import RATE, log_mel
from tokens import text_of, without_loops
from windows import pieces_of, window_of

# Where a model takes noise for "Thank you.", it is this sure that nobody speaks. Measured in docs/voice.md.
SILENT = 0.6
# Nobody says a word in less.
SHORTEST_WORD = 0.2
# Whisper's own bound, and what people say in a second at most: a model that repeats itself is stopped there.
_MOST_TOKENS = 224
_TOKENS_A_SECOND = 8
_LEAST_TOKENS = 16


@dataclass(frozen=True)
class Heard:
    """What was said; nothing where nobody spoke."""

    text: str
    seconds: float
    no_speech: float
    language: str


class Whisper:
    """A model, loaded."""

    def __init__(self, folder: pathlib.Path, threads: int = 1) -> None:
        parts = sorted(folder.glob("model.bin.part*"))
        names = [path.name for path in folder.iterdir() if not path.name.startswith("model.bin")]
        files = {name: io.BytesIO((folder / name).read_bytes()) for name in names}
        weights = b"".join(path.read_bytes() for path in parts or [folder / "model.bin"])
        self._model = ctranslate2.models.Whisper(
            str(folder),
            compute_type="int8",
            intra_threads=threads,
            inter_threads=1,
            files=files | {"model.bin": io.BytesIO(weights)},
        )
        self.multilingual: bool = self._model.is_multilingual
        self._mels: int = self._model.n_mels

    def hear(self, samples: np.ndarray, language: str | None) -> Heard:
        """Writes down what is said.

        samples: 32-bit floats from -1 to 1 at 16 kHz
        language: such as "de"; none to find out. A model of English alone hears English.
        """
        seconds = len(samples) / RATE
        if seconds < SHORTEST_WORD:
            return Heard("", seconds, 1.0, language or "en")
        texts, surest, found = [], 1.0, language or "en"
        for piece in pieces_of(samples):
            text, no_speech, found = self._hear_piece(piece, language)
            surest = min(surest, no_speech)
            if text:
                texts.append(text)
        return Heard(" ".join(texts), seconds, surest, found)

    def _hear_piece(self, samples: np.ndarray, language: str | None) -> tuple[str, float, str]:
        mel = log_mel(samples, window_of(len(samples) / RATE), self._mels)
        features = ctranslate2.StorageView.from_array(np.ascontiguousarray(mel[None]))
        encoded = self._model.encode(features, to_cpu=False)
        found = language or "en"
        prompt = ["<|startoftranscript|>"]
        if self.multilingual:
            if language is None:
                found = self._model.detect_language(encoded)[0][0][0].strip("<|>")
            prompt += [f"<|{found}|>", "<|transcribe|>"]
        prompt.append("<|notimestamps|>")
        # The library takes half of its bound for what it writes.
        most = min(_MOST_TOKENS, _LEAST_TOKENS + round(_TOKENS_A_SECOND * len(samples) / RATE))
        result = self._model.generate(
            encoded, [prompt], beam_size=1, max_length=2 * most, return_no_speech_prob=True
        )[0]
        tokens = result.sequences[0]
        text = text_of(without_loops(tokens, is_cut=len(tokens) >= most))
        return ("" if result.no_speech_prob > SILENT else text), float(result.no_speech_prob), found
