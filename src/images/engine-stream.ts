import type { Readable } from 'node:stream';

/** One line of what the Engine says while it pulls, builds or loads. */
export type EngineMessage = {
  stream?: string;
  status?: string;
  /** Layer that `status` is about. */
  id?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
  aux?: { ID?: string };
};

/**
 * Reads an Engine's answer to its end, a message a line.
 *
 * @param options.idleMilliseconds the longest silence; the Engine is taken for stuck after it
 * @throws Error with the Engine's own words where the work failed
 */
export async function followEngine(options: {
  answer: NodeJS.ReadableStream;
  idleMilliseconds: number;
  signal: AbortSignal;
  onMessage: (message: EngineMessage) => void;
}): Promise<void> {
  const answer = options.answer as Readable;
  const idle = () =>
    answer.destroy(new Error(`the Engine has said nothing for ${options.idleMilliseconds / 1000} s`));
  let timer = setTimeout(idle, options.idleMilliseconds);
  const abort = () => answer.destroy(options.signal.reason as Error);
  options.signal.addEventListener('abort', abort);
  try {
    for await (const message of messages(answer)) {
      clearTimeout(timer);
      timer = setTimeout(idle, options.idleMilliseconds);
      if (message.error) throw new Error(message.error.trim());
      options.onMessage(message);
    }
    options.signal.throwIfAborted();
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', abort);
    answer.destroy();
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
