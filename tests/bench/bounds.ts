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
} as const;

export type PartName = keyof typeof bounds;

export const partNames = Object.keys(bounds) as readonly PartName[];
