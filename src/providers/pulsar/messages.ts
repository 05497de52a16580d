import { textField } from '../../core/data.ts';
import type { MessageTools } from '../messages.ts';

/** What `arc contract` does in Pulsar; the code is loaded when it is needed. */
export const pulsarMessages: MessageTools = {
  system: 'pulsar',
  has: ({ pulsar }) => pulsar !== undefined,
  // Nobody has to sign in.
  knowsRoles: false,
  clientPort: ({ fields }) => textField(fields, 'clients'),
  publish: async (given) => (await import('./publish.ts')).publishToPulsar(given),
  tail: async (given) => (await import('./tail.ts')).tailPulsar(given),
  replay: async (given) => (await import('./replay.ts')).replayPulsar(given),
  lag: async (given) => (await import('./lag.ts')).lagOfPulsar(given),
};
