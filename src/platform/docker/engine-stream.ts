import type { Readable } from 'node:stream';

/** One line of what the Engine says while it pulls, builds or loads. */
export type EngineMessage = {
  stream?: string;
  status?: string;
  /** Layer that `status` is about. */
  id?: string;
  progressDetail?: { current?: number; total?: number };
  /** Left out by Engines of API 1.48 and newer, some day. */
  error?: string;
  errorDetail?: { message?: string };
};

/**
 * Starts long work on the Engine, and reads its answer to the end, one message per line.
 *
 * @param options.start makes the call; the signal that it is given ends it
 * @param options.idleMilliseconds the longest silence, after which the Engine or what it waits for is taken for stuck
 * @throws Error with the Engine's own words where the work failed
 */
export async function followEngine(options: {
  start: (signal: AbortSignal) => Promise<NodeJS.ReadableStream>;
  idleMilliseconds: number;
  signal: AbortSignal;
  onMessage: (message: EngineMessage) => void;
}): Promise<void> {
  const stuck = new AbortController();
  const idle = () =>
    stuck.abort(new Error(`the Engine has said nothing for ${options.idleMilliseconds / 1000} s`));
  let timer = setTimeout(idle, options.idleMilliseconds);
  const signal = AbortSignal.any([options.signal, stuck.signal]);
  let answer: Readable | undefined;
  const abort = () => answer?.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort);
  try {
    answer = (await options.start(signal)) as Readable;
    if (signal.aborted) abort();
    for await (const message of messages(answer)) {
      clearTimeout(timer);
      timer = setTimeout(idle, options.idleMilliseconds);
      const error = message.errorDetail?.message ?? message.error;
      if (error) throw new Error(error.trim());
      options.onMessage(message);
    }
    signal.throwIfAborted();
  } catch (cause) {
    // The abort's own reason says more than the broken connection that it leaves.
    signal.throwIfAborted();
    throw cause;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    answer?.destroy();
  }
}

/** Not through `readline`, which waits for ever when its input is destroyed. */
async function* messages(answer: Readable): AsyncGenerator<EngineMessage> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of answer) {
    const lines = `${rest}${decoder.decode(chunk as Buffer, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as EngineMessage;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as EngineMessage;
}

/** The reason of a failure in one line, without dockerode's wrapper `(HTTP code 404) … - `. */
export function engineReason(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message
    .replace(/^\(HTTP code \d+\) [^-]*- /, '')
    .replace(/^Error response from daemon: /, '')
    .trim();
}

/** Whether the Engine answered that it does not have what it was asked about. */
export function isMissing(cause: unknown): boolean {
  return (cause as { statusCode?: number }).statusCode === 404;
}
