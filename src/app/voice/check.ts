import { failed, prerequisite } from '../../core/errors.ts';
import type { ProbeAnswer } from '../../core/probes/probe.ts';
import type { Server } from '../../providers/provider.ts';
import { type DeclaredTurn, type VoiceResult, type VoiceTurn, voiceReply } from '../../providers/voice.ts';
import { keepAnswer } from '../../workspace/kept-answers.ts';
import type { Context } from '../context.ts';
import { serversOf } from '../providers.ts';
import { type RunningStack, withRunning } from '../running-stack.ts';

/** What may be asked instead of what the manifest declares. */
export type Asked = { question?: string | undefined; expected?: string | undefined };

/**
 * Asks the stack's agent one question aloud, and measures and judges its answer.
 *
 * @throws ArcError `no-agent-runs`, `webrtc-client-missing`; or with what became of the turn: `agent-absent`,
 *   `agent-full`, `agent-silent`, `agent-wrong`, `speech-away`
 */
export async function voiceCheck(options: { context: Context; asked: Asked }): Promise<VoiceTurn> {
  const { context, asked } = options;
  const result = await withRunning({
    context,
    use: async (running) => await askAloud({ running, asked, signal: context.signal }),
  });
  return turnOf(result);
}

/** @throws ArcError `no-agent-runs` */
async function askAloud(options: {
  running: RunningStack;
  asked: Asked;
  signal: AbortSignal;
}): Promise<VoiceResult> {
  const { running, asked, signal } = options;
  const { stack, reach } = running;
  const [found] = serversOf(stack).flatMap(({ provider, server }) => {
    const declared = provider.voice?.declared(server);
    return provider.voice === undefined || declared === undefined
      ? []
      : [{ voice: provider.voice, server, declared }];
  });
  const missing = found?.declared.needs.filter((role) => !running.running.has(role)) ?? [];
  if (found === undefined || missing.length > 0)
    throw failed({
      code: 'no-agent-runs',
      message:
        found === undefined
          ? 'No service that runs declares a turn with an agent.'
          : `Nobody answers: ${missing.join(', ')} ${missing.length === 1 ? 'does' : 'do'} not run.`,
      suggestion: 'run `arc up agent`',
    });
  const { voice, server, declared } = found;
  await using address = await reach(server.probes[0].at, signal);
  await using speech = await reach(declared.speech, signal);
  const began = performance.now();
  const result = await voice.turn({
    server,
    address,
    speech,
    question: asked.question ?? declared.question,
    expected: asked.expected ?? declared.expected,
    signal,
  });
  const { ok, came, missing: untried } = voiceReply(result);
  // Another question says nothing of the declared one.
  if (untried !== true && asked.question === undefined && asked.expected === undefined)
    keep({
      running,
      server,
      declared,
      answer: { ok, question: declared.question, reply: came, milliseconds: performance.now() - began },
    });
  return result;
}

/** Keeps the answer for `arc health`, as that does after `--deep`. */
function keep(options: {
  running: RunningStack;
  server: Server;
  declared: DeclaredTurn;
  answer: ProbeAnswer;
}): void {
  const { running, server, declared, answer } = options;
  const container = running.stack.containers.find(({ role }) => role === server.role);
  const check = container?.checks.find(
    ({ probe }) => probe.at !== undefined && probe.fields === declared.fields,
  );
  if (container === undefined || check === undefined) return;
  const about = [container.role, ...check.needs].flatMap((role) => running.running.get(role)?.id ?? []);
  const name = { service: container.service, check: check.name };
  keepAnswer({ root: running.root, ...name, kept: { at: new Date(), about, answer } });
}

/** @throws ArcError with what became of the turn, unless it was answered */
export function turnOf(result: VoiceResult): VoiceTurn {
  switch (result.kind) {
    case 'answered':
      return result.turn;
    case 'wrong':
      throw failed({
        code: 'agent-wrong',
        message: `The agent answered "${result.turn.answer}".`,
        detail: [
          `asked: "${result.turn.question}"`,
          ...(result.turn.heard === undefined ? [] : [`the agent heard: "${result.turn.heard}"`]),
          `expected: ${result.expected}`,
          `after ${result.turn.milliseconds} ms`,
        ],
        suggestion:
          'if it heard something else, look at `arc logs speech-hearing`; if not, at `arc logs brain`',
      });
    case 'no-agent':
      throw result.full
        ? failed({
            code: 'agent-full',
            message: 'The agent holds as many conversations as it may.',
            suggestion: 'wait until one ends, or raise the setting agent_conversations',
          })
        : failed({
            code: 'agent-absent',
            message: `No agent came into the room within ${seconds(result.waitedMs)}.`,
            suggestion: 'look at `arc logs agent`, and whether `arc health agent` is well',
          });
    case 'silent':
      throw failed({
        code: 'agent-silent',
        message: `The agent was there, and said nothing for ${seconds(result.waitedMs)}.`,
        detail: [
          `asked: "${result.question}"`,
          result.heard === undefined ? 'the agent heard nothing' : `the agent heard: "${result.heard}"`,
        ],
        suggestion: 'look at `arc logs agent brain speech`',
      });
    case 'no-speech':
      throw failed({
        code: 'speech-away',
        message: `The question could not be asked: ${result.because}.`,
        suggestion: 'look at `arc health speech`',
      });
    case 'no-client':
      throw prerequisite({
        code: 'webrtc-client-missing',
        message: 'A turn needs a WebRTC client, which is not installed.',
        suggestion: 'npm install @livekit/rtc-node',
      });
    default:
      return result satisfies never;
  }
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
