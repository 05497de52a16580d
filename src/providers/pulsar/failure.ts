import { explain } from '../../core/probes/ask.ts';
import { explained } from '../refusals.ts';
import { PulsarRefusal, type PulsarServer } from './client.ts';

/**
 * Runs calls to a broker; one that fails is explained.
 *
 * @param options.doing completes `arc could not …`
 * @throws ArcError `streaming-refused`
 */
export function explainRefusals<Result>(
  options: { server: PulsarServer; doing: string },
  calls: () => Promise<Result>,
): Promise<Result> {
  const { server, doing } = options;
  const { role } = server;
  return explained(
    {
      ...{ code: 'streaming-refused', role, secrets: [], doing },
      answer: (cause) => (cause instanceof PulsarRefusal ? cause.message : explain(cause)),
      suggestion: () => `arc logs ${role}`,
    },
    calls,
  );
}
