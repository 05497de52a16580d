import type { MessageTools } from '../messages.ts';

/** What `arc contract` does in NATS; the client is loaded when it is needed. */
export const natsMessages: MessageTools = {
  system: 'nats',
  has: ({ nats }) => nats !== undefined,
  knowsRoles: true,
  clientPort: ({ port }) => port,
  publish: async (given) => (await import('./publish.ts')).publishToNats(given),
  tail: async (given) => (await import('./read-messages.ts')).tailNats(given),
  replay: async (given) => (await import('./replay.ts')).replayNats(given),
  lag: async (given) => (await import('./lag.ts')).lagOfNats(given),
};
