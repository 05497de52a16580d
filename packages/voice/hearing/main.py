"""Hears: OpenAI's transcriptions with a Whisper model of this machine."""

import os
import pathlib

import numpy as np
from aiohttp import web

from features import RATE
from server import Hearing
from whisper import Whisper


def main() -> None:
    """Loads the model, hears once so that the first person does not wait for it, and serves."""
    model = Whisper(pathlib.Path(os.environ["HEARING_MODEL"]), int(os.environ.get("HEARING_THREADS", "1")))
    model.hear(np.zeros(RATE, dtype=np.float32), "en")
    web.run_app(Hearing(model).application(), port=int(os.environ["HEARING_PORT"]), print=None, access_log=None)


if __name__ == "__main__":
    main()
