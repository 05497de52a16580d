import type { InferenceSession } from 'onnxruntime-node';

/** Threads that wait by spinning take the processor from whoever hears and thinks at the same time; so there is one. */
export const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};
