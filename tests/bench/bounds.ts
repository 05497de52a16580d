/**
 * What the project holds itself to, for each figure of each part. A row that misses its bound is printed as `OVER`.
 * docs/bench.json must have these rows and these bounds, or `make bench` has to run again.
 */
export const bounds = {
  start: {
    /** arc reads and resolves every manifest for it, so it can never be as quick as an empty Node.js. */
    'arc profiles ÷ node -e 0': 2.5,
    'arc validate ÷ node -e 0': 2.5,
  },
  scale: {
    '1,000 services': 2,
    '10,000 ÷ 1,000 services': 12,
  },
  publish: {
    'warm: arc publish ÷ docker buildx bake': 1.1,
    'cold: arc publish ÷ docker buildx bake': 1.1,
  },
  release: {
    'a finished release, again': 2,
  },
  workers: {
    'ingress 640x360': 1,
    'ingress 1280x720': 1,
    'egress 640x360': 1,
    'egress 1280x720': 1,
  },
  calls: {
    /** From a browser's `connect`, through the gateway, to the first sound. */
    'media over UDP': 0.5,
  },
  range: {
    'up ÷ the Engine’s own answers': 1.15,
    'nothing to do, servers apart ÷ compose': 0.15,
    'the plan of it ÷ compose': 0.15,
    'down ÷ compose down': 1,
  },
  mux: {
    'up ÷ the Engine’s own answers': 1.15,
    'nothing to do, servers apart ÷ compose': 0.15,
    'the plan of it ÷ compose': 0.15,
    'down ÷ compose down': 1,
  },
  reason: {
    'up ÷ the critical path of its own steps': 1.2,
  },
  voice: {
    /** Seconds. */
    'boot of reason, ready to talk': 15,
    /** Percent, of the stack's own voice. */
    'wrong words of 30 sentences': 6,
    'end of speech to first sound, P50': 1,
    'end of speech to first sound, P95': 1.5,
    'turns cut off or missed': 5,
    /** MiB. */
    'memory of agent, brain and speech': 1638,
    'memory of reason with the voice': 3686,
    'from an interruption to silence': 0.5,
    /** From when it notices the voice to its last sound. */
    'of it in the agent': 0.2,
    'two conversations at once, P95 ÷ one': 3,
    'of two conversations, cut off or missed': 0,
    'the next caller is told "full" after': 2,
    'end of speech to first sound ÷ plain plugins': 0.35,
  },
  health: {
    /** Seconds. */
    'arc health of ultra-instinct': 5,
    /** MiB. */
    'reason without the voice, idle': 2048,
    'ultra-instinct, idle': 5120,
  },
  contracts: {
    /** Seconds: at least 0.9 of the messages a second. */
    'NATS: with rights ÷ without them': 1.11,
    'NATS: p99 of 10,000 messages a second': 0.01,
    'Pulsar: with the contract ÷ without it': 1.11,
    'Pulsar: 200 topics, nothing to do ÷ their reads': 1.2,
  },
} as const;

export type PartName = keyof typeof bounds;

export const partNames = Object.keys(bounds) as readonly PartName[];
