/** What the worker is told by its environment. */
export type AgentConfig = {
  livekit: { url: string; key: string; secret: string };
  speech: { url: string };
  brain: { url: string; key: string; model: string };
  /** Samples a second of the voice. */
  voiceRate: number;
  port: number;
  metricsPort: number;
  /** How many conversations at once. */
  most: number;
  /** Processes that wait for a conversation, so that it begins sooner. Each takes memory. */
  spare: number;
  turns: {
    detector: 'v1-mini' | 'silence';
    speculateMs: number;
    /** Silence after what can be all, after what may be all, and after what wants more or is not written down yet. */
    endMs: number;
    patienceMs: number;
    minDelayMs: number;
    maxDelayMs: number;
  };
  greeting: string;
  /** What is said where the brain does not answer. */
  fallback: string;
};

/**
 * Reads the environment. Keys come as files, because an environment is shown by many programs.
 *
 * @param options.read the text of a file
 * @throws RangeError with the variable that is wrong
 */
export function readAgentConfig(options: {
  environment: Readonly<Record<string, string | undefined>>;
  read: (path: string) => string;
}): AgentConfig {
  const { environment, read } = options;
  const text = (name: string, otherwise?: string): string => {
    const value = environment[name] ?? otherwise;
    if (value === undefined || value === '') throw new RangeError(`${name} is not set.`);
    return value;
  };
  const number = (name: string, otherwise: number, least: number, most: number): number => {
    const value = Number(environment[name] ?? otherwise);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new RangeError(`${name} has to be a whole number from ${least} to ${most}.`);
    return value;
  };
  const file = (name: string): string => read(text(name)).trim();
  const detector = text('AGENT_TURN_DETECTOR', 'v1-mini');
  if (detector !== 'v1-mini' && detector !== 'silence')
    throw new RangeError('AGENT_TURN_DETECTOR has to be v1-mini or silence.');
  return {
    livekit: {
      url: text('LIVEKIT_URL'),
      key: file('LIVEKIT_API_KEY_FILE'),
      secret: file('LIVEKIT_API_SECRET_FILE'),
    },
    speech: { url: text('SPEECH_URL') },
    brain: {
      url: text('BRAIN_URL'),
      key: text('BRAIN_KEY', 'none'),
      model: text('BRAIN_MODEL', 'arc-brain'),
    },
    voiceRate: number('SPEECH_RATE', 22_050, 8000, 48_000),
    port: number('AGENT_PORT', 8081, 1, 65_535),
    metricsPort: number('AGENT_METRICS_PORT', 8082, 1, 65_535),
    most: number('AGENT_MOST_CONVERSATIONS', 2, 1, 64),
    spare: number('AGENT_SPARE_PROCESSES', 0, 0, 16),
    turns: {
      detector,
      speculateMs: number('AGENT_SPECULATE_MS', 64, 32, 1000),
      endMs: number('AGENT_END_MS', 256, 96, 2000),
      patienceMs: number('AGENT_PATIENCE_MS', 640, 96, 5000),
      minDelayMs: number('AGENT_MIN_DELAY_MS', 300, 0, 2000),
      maxDelayMs: number('AGENT_MAX_DELAY_MS', 1500, 100, 5000),
    },
    greeting: text('AGENT_GREETING', 'Hello. I know how this stack is doing. What would you like to know?'),
    fallback: text('AGENT_FALLBACK', "I'm having trouble processing that. Could you rephrase?"),
  };
}
