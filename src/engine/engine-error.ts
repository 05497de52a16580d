import { type ArcError, failed, type Problem } from '../errors.ts';

/** What was asked of the Engine when it failed: `start`, `the container arc-cache`. */
export type EngineRequest = { verb: string; object: string };

/** One known way for the Engine to refuse: how it is recognised, and what a user is told. */
type Refusal = {
  pattern: RegExp;
  problem: (options: { request: EngineRequest; match: RegExpExecArray; answer: string }) => Problem;
};

// Patterns are the Engine's own words (moby 20.10 to 29); the Engine gives no codes finer than HTTP's.
const refusals: readonly Refusal[] = [
  {
    pattern:
      /(?:for |bind (?:host )?port |listen (?:tcp|udp)\d? |exposing port \w+ )(\d+(?:\.\d+){3}:\d+|\[[\da-f:]+\]:\d+|[\da-f:]*:\d+).*(?:port is already allocated|address already in use)/i,
    problem: ({ request, match }) => portInUse(request, match[1]),
  },
  {
    pattern: /port is already allocated|address already in use|ports are not available/i,
    problem: ({ request }) => portInUse(request, undefined),
  },
  {
    pattern: /container name "\/?([^"]+)" is already in use/i,
    problem: ({ match }) => ({
      code: 'container-name-taken',
      message: `A container named ${match[1]} has appeared since the plan was made.`,
      suggestion: 'run the same command again',
    }),
  },
  {
    pattern: /no such image:? ?(\S*)/i,
    problem: ({ request, match }) => ({
      code: 'image-missing',
      message: `The image ${match[1] || `of ${request.object}`} is not on the Engine.`,
      suggestion: 'arc images build',
    }),
  },
  {
    pattern: /no space left on device/i,
    problem: ({ request }) => ({
      code: 'no-disk-space',
      message: `The disk is full: the Engine could not ${phrase(request)}.`,
      suggestion: 'docker system df shows what uses it; docker system prune frees what is unused',
    }),
  },
  {
    pattern: /bind source path does not exist: (\S+)/i,
    problem: ({ request, match }) => ({
      code: 'config-file-missing',
      message: `${match[1]} is to be mounted into ${request.object}, but it does not exist.`,
      suggestion: 'arc generate',
    }),
  },
  {
    pattern: /trying to mount a directory onto a file/i,
    problem: ({ request, answer }) => ({
      code: 'config-file-missing',
      message: `A configuration file of ${request.object} is a folder, most likely one that Docker made in its place.`,
      detail: [answer],
      suggestion: 'remove that folder, then run arc generate',
    }),
  },
  {
    pattern: /exec: "([^"]*)".*(?:no such file|not found|permission denied)/i,
    problem: ({ request, match, answer }) => ({
      code: 'entrypoint-missing',
      message: `The image of ${request.object} has no program ${match[1]} that can be run.`,
      detail: [answer],
      suggestion: 'check entrypoint and command in the service.yaml',
    }),
  },
  {
    pattern: /network (\S+) not found/i,
    problem: ({ request, match }) => ({
      code: 'network-missing',
      message: `The network ${match[1]} has gone, so the Engine could not ${phrase(request)}.`,
      suggestion: 'run the same command again',
    }),
  },
  {
    pattern: /has active endpoints/i,
    problem: ({ request, answer }) => ({
      code: 'network-in-use',
      message: `${capital(request.object)} is still used by containers that are not arc's.`,
      detail: [answer],
      suggestion: 'docker network inspect names them',
    }),
  },
  {
    pattern: /(?:unable to remove repository reference|unable to delete).*(?:container|image) (\S+)/i,
    problem: ({ request, answer }) => ({
      code: 'image-in-use',
      message: `${capital(request.object)} is still used by a container that is not arc's.`,
      detail: [answer],
      suggestion: 'docker ps -a --filter ancestor=<image> names it',
    }),
  },
  {
    pattern: /volume is in use/i,
    problem: ({ request, answer }) => ({
      code: 'volume-in-use',
      message: `${capital(request.object)} is still used by a container.`,
      detail: [answer],
      suggestion: 'docker ps -a --filter volume=<name> names it',
    }),
  },
];

/** Turns whatever a call to the Engine threw into an ArcError that says what was asked and what came back. */
export function engineError(cause: unknown, request: EngineRequest): ArcError {
  const { code } = cause as { code?: string };
  if (code && lostCodes.has(code)) return engineLost(request, cause);
  const answer = answerOf(cause);
  for (const { pattern, problem } of refusals) {
    const match = pattern.exec(answer);
    if (match) return failed(problem({ request, match, answer }), cause);
  }
  return failed(
    { code: 'engine-error', message: `The Engine could not ${phrase(request)}.`, detail: [answer] },
    cause,
  );
}

/** The Engine is there but does not answer. */
export function engineSlow(request: EngineRequest, milliseconds: number): ArcError {
  return failed({
    code: 'engine-slow',
    message: `The Engine did not ${phrase(request)} within ${Math.round(milliseconds / 1000)} s.`,
    suggestion: 'see what it is busy with (its log: journalctl -u docker), then run the same command again',
  });
}

/** The connection to the Engine broke. */
export function engineLost(request: EngineRequest, cause?: unknown): ArcError {
  return failed(
    {
      code: 'engine-lost',
      message: `The connection to the Engine broke: it could not ${phrase(request)}.`,
      suggestion: 'arc doctor says whether it runs',
    },
    cause,
  );
}

/** HTTP status of the Engine's answer; nothing if it gave none. */
export function statusOf(cause: unknown): number | undefined {
  return (cause as { statusCode?: number }).statusCode;
}

const lostCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
]);

/** The Engine's own words, without the prefix and the padding that the client library adds. */
function answerOf(cause: unknown): string {
  const { json, message } = cause as { json?: { message?: string }; message?: string };
  return (json?.message ?? message ?? String(cause)).replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
}

function portInUse(request: EngineRequest, address: string | undefined): Problem {
  return {
    code: 'port-in-use',
    message: `${address ? `The port ${address}` : 'A port'} of ${request.object} is already in use.`,
    suggestion: 'arc doctor names the process or container that holds it',
  };
}

function phrase({ verb, object }: EngineRequest): string {
  return `${verb} ${object}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
