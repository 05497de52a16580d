/** Where one kind of work is done: here, or by a server with OpenAI's API. */
export type Engine = { kind: 'local' } | { kind: 'remote'; url: string; key: string | undefined };

export type Config = {
  port: number;
  voice: string;
  embedder: { model: string; tokenizer: string };
  speaking: Engine;
  hearing: Engine;
  embedding: Engine;
};

/**
 * Reads the environment.
 *
 * @throws RangeError with the variable that is wrong
 */
export function readConfig(
  environment: NodeJS.ProcessEnv,
  keys: Readonly<Record<string, string | undefined>>,
): Config {
  const text = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new RangeError(`${name} is not set.`);
    return value;
  };
  const engine = (name: string, local: Engine): Engine => {
    const value = environment[name] ?? 'local';
    if (value === 'local') return local;
    if (!/^https?:\/\/[^\s]+$/u.test(value))
      throw new RangeError(`${name} has to be "local" or an http URL.`);
    return { kind: 'remote', url: value.replace(/\/+$/u, ''), key: keys[name] };
  };
  const port = Number(text('SPEECH_PORT'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new RangeError('SPEECH_PORT has to be a port.');
  const here: Engine = { kind: 'local' };
  return {
    port,
    voice: text('SPEECH_VOICE_FILE'),
    embedder: { model: text('SPEECH_EMBEDDER_FILE'), tokenizer: text('SPEECH_TOKENIZER_FILE') },
    speaking: engine('SPEECH_TTS', here),
    // Hearing is another program's in any case: its weights are CTranslate2's, which Node.js cannot load.
    hearing: engine('SPEECH_STT', { kind: 'remote', url: text('SPEECH_HEARING_URL'), key: undefined }),
    embedding: engine('SPEECH_EMBEDDINGS', here),
  };
}
