import { inference } from '@livekit/agents';
import { sentenceEnd } from './sentence-end.ts';

/**
 * What was heard so far counts beside how it sounded: the probability that the model gives has to be higher where the
 * grammar wants more, and may be lower where a question is complete.
 */
const thresholds = { open: 0.97, whole: 0.05 } as const;

/** The end of a turn by sound and by words. */
export class WordsAndSoundTurnDetector extends inference.TurnDetector {
  readonly #text: () => string;

  /** @param options.text what was heard last */
  constructor(options: { text: () => string }) {
    // Without a name the framework takes LiveKit's cloud in development.
    super({ version: 'v1-mini' });
    this.#text = options.text;
  }

  override stream(
    options?: Parameters<inference.TurnDetector['stream']>[0],
  ): ReturnType<inference.TurnDetector['stream']> {
    const stream = super.stream(options);
    const bySound = stream.unlikelyThreshold.bind(stream);
    stream.unlikelyThreshold = async (language) => {
      const threshold = await bySound(language);
      const end = sentenceEnd(this.#text());
      return threshold === undefined || end === 'unsure' ? threshold : thresholds[end];
    };
    return stream;
  }
}
