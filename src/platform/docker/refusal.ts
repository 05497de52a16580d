import type { Problem } from '../../core/errors.ts';

/** The request that the Engine failed: `start`, `the container arc-cache`. */
export type EngineRequest = { verb: string; object: string };

/** One known refusal of the Engine: how to recognise it, and what to tell the user. */
export type Refusal = {
  pattern: RegExp;
  problem: (options: { request: EngineRequest; match: RegExpExecArray; answer: string }) => Problem;
};

export function phrase({ verb, object }: EngineRequest): string {
  return `${verb} ${object}`;
}

/** The name alone: `arc-cache` of `the container arc-cache`. */
export function nameOf({ object }: EngineRequest): string {
  return object.slice(object.lastIndexOf(' ') + 1);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
