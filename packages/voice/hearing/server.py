"""OpenAI's /v1/audio/transcriptions."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from aiohttp import BodyPartReader, web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from sound import NoSound, read_pcm, read_wav
from whisper import Heard, Whisper

# Ten minutes of sound as OpenAI's clients send it.
_MOST_BYTES = 25 * 1024 * 1024
# One is heard, these wait; whoever comes then is told so, because an answer that is late is of no use to a conversation.
_WAITING = 3
_FORMATS = ("json", "text", "verbose_json")
_SECONDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5, 10)


class Wrong(Exception):
    """A request that is refused, with its status and the field that is wrong."""

    def __init__(self, status: int, code: str, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.param = status, code, param


class Hearing:
    """The handlers, over one model that hears one sound at a time."""

    def __init__(self, model: Whisper) -> None:
        self._model = model
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._registry = CollectorRegistry()
        self._waiting = 0
        self._took = Histogram(
            "hearing_transcription_seconds", "Time to hear one sound.", buckets=_SECONDS, registry=self._registry
        )
        self._heard = Counter("hearing_sound_seconds", "Sound that was heard.", registry=self._registry)
        self._refused = Counter("hearing_refused", "Requests that came while too many waited.", registry=self._registry)
        gauge = Gauge("hearing_waiting", "Sounds that are heard or wait for it.", registry=self._registry)
        gauge.set_function(lambda: self._waiting)

    def application(self) -> web.Application:
        """The application with its routes."""
        app = web.Application(client_max_size=_MOST_BYTES, middlewares=[_answer_problems])
        app.router.add_get("/health", self._health)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/audio/transcriptions", self._transcribe)
        return app

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=generate_latest(self._registry), headers={"content-type": CONTENT_TYPE_LATEST})

    async def _models(self, _: web.Request) -> web.Response:
        name = "whisper-base" if self._model.multilingual else "whisper-tiny.en"
        return web.json_response({"object": "list", "data": [{"id": "whisper-1", "object": "model", "owned_by": name}]})

    async def _transcribe(self, request: web.Request) -> web.Response:
        samples, language, form = await _read(request)
        if self._waiting > _WAITING:
            self._refused.inc()
            raise Wrong(429, "busy", f"{self._waiting} sounds wait already.")
        began = time.monotonic()
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            heard = await loop.run_in_executor(self._thread, self._model.hear, samples, language)
        finally:
            self._waiting -= 1
        self._took.observe(time.monotonic() - began)
        self._heard.inc(heard.seconds)
        return _answer(heard, form)


def _answer(heard: Heard, form: str) -> web.Response:
    if form == "text":
        return web.Response(text=heard.text)
    body: dict[str, object] = {"text": heard.text}
    if form == "verbose_json":
        body |= {
            "task": "transcribe",
            "language": heard.language,
            "duration": round(heard.seconds, 3),
            "no_speech_prob": round(heard.no_speech, 3),
        }
    return web.json_response(body)


async def _read(request: web.Request) -> tuple[np.ndarray, str | None, str]:
    """The sound of a request, its language, and the form of the answer.

    A body of type `audio/pcm;rate=16000` is arc's own form: a caller that has samples need not pack them.
    """
    try:
        if request.content_type == "audio/pcm":
            rate = int(request.headers["content-type"].partition("rate=")[2] or "16000")
            return await asyncio.to_thread(read_pcm, await request.read(), rate), None, "verbose_json"
        if request.content_type != "multipart/form-data":
            raise Wrong(415, "unsupported_type", "The body has to be multipart/form-data with a `file`, or audio/pcm.")
        return await _read_form(request)
    except NoSound as cause:
        raise Wrong(400, "invalid_value", str(cause), "file") from cause
    except ValueError as cause:
        raise Wrong(400, "invalid_body", f"The body cannot be read: {cause}.") from cause


async def _read_form(request: web.Request) -> tuple[np.ndarray, str | None, str]:
    data: bytes | None = None
    fields: dict[str, str] = {}
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytearray()
        while chunk := await part.read_chunk():
            content += chunk
            total += len(chunk)
            if total > _MOST_BYTES:
                raise Wrong(413, "too_large", f"The body has more than {_MOST_BYTES} bytes.")
        if part.name == "file":
            data = bytes(content)
        else:
            fields[part.name] = content.decode("utf-8")
    if data is None:
        raise Wrong(400, "missing_field", "`file` is missing.", "file")
    form = fields.get("response_format", "json")
    if form not in _FORMATS:
        raise Wrong(400, "invalid_value", f"`response_format` has to be one of {', '.join(_FORMATS)}.", "response_format")
    language = fields.get("language") or None
    if language is not None and not (len(language) in (2, 3) and language.isascii() and language.islower()):
        raise Wrong(400, "invalid_value", "`language` has to be a code such as en.", "language")
    return await asyncio.to_thread(read_wav, data), language, form


@web.middleware
async def _answer_problems(request: web.Request, handler: object) -> web.StreamResponse:
    try:
        return await handler(request)  # type: ignore[operator]
    except Wrong as problem:
        return _problem(problem.status, problem.code, str(problem), problem.param)
    except web.HTTPException as problem:
        return _problem(problem.status, "refused", problem.reason, None)


def _problem(status: int, code: str, message: str, param: str | None) -> web.Response:
    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": message, "type": kind, "param": param, "code": code}
    return web.json_response({"error": error}, status=status)
