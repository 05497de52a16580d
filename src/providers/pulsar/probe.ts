import { numberField, optionalText, textField } from '../../core/data.ts';
import { ask } from '../../core/probes/ask.ts';
import { httpProbe } from '../../core/probes/http.ts';
import type { ProbeAnswer, ProbeKind, Question } from '../../core/probes/probe.ts';
import { origin } from '../../core/socket-address.ts';
import { openPulsar } from './client.ts';

/**
 * Asks the broker whether it is healthy: it then sends a message to a topic of its own and reads it again. `ready`
 * would say no more than that the process is up. Checks go further.
 */
export const pulsarProbe: ProbeKind = {
  kind: 'pulsar',
  ask: async (question) => {
    switch (optionalText(question.fields, 'aspect') ?? 'ready') {
      case 'dead_letters':
        return await askDeadLetters(question);
      case 'backlog':
        return await askBacklog(question);
      default:
        return await askReady(question);
    }
  },
};

/** A broker that cannot write does not answer, so it is asked first whether it says so itself. */
async function askReady(question: Question): Promise<ProbeAnswer> {
  const reason = optionalText(question.fields, 'rotation');
  if (reason === undefined) return await askHealth(question);
  const isOut = await httpProbe.ask({ ...question, fields: { path: '/status.html', status: 404 } });
  if (isOut.ok) return { ...isOut, ok: false, reply: reason };
  const left = question.timeoutMilliseconds - isOut.milliseconds;
  return left > 0 ? await askHealth({ ...question, timeoutMilliseconds: left }) : isOut;
}

function askHealth(question: Question): Promise<ProbeAnswer> {
  return httpProbe.ask({
    ...question,
    fields: { path: '/admin/v2/brokers/health', status: 200, body: 'ok' },
  });
}

function askDeadLetters({ fields, address, timeoutMilliseconds, signal }: Question) {
  const [topic, dead] = [textField(fields, 'topic'), textField(fields, 'dead')];
  return ask({
    question: `event through ${topic} and ${dead} of ${origin(address)}`,
    timeoutMilliseconds,
    signal,
    run: async (over) => {
      const { checkDeadLetters } = await import('./dead-letter-check.ts');
      const server = openPulsar({ role: '', fields, address });
      return await checkDeadLetters({ server, topic, dead, signal: over });
    },
  });
}

function askBacklog({ fields, address, timeoutMilliseconds, signal }: Question) {
  const tenant = textField(fields, 'tenant');
  const hours = numberField(fields, 'hours');
  return ask({
    question: `backlogs of the tenant ${tenant} at ${origin(address)}`,
    timeoutMilliseconds,
    signal,
    run: async (over) => {
      const { judgeBacklogs, readBacklogs } = await import('./backlog.ts');
      const server = openPulsar({ role: '', fields, address });
      const backlogs = await readBacklogs({ server, tenant, now: Date.now(), signal: over });
      return judgeBacklogs({ backlogs, hours });
    },
  });
}
