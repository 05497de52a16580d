import { describe, expect, test } from 'vitest';
import type { RestartPolicy } from '../../manifest/model.ts';
import { type BootStatus, interpret, nextStatus } from './boot-status.ts';
import type { ContainerEvent } from './engine.ts';

type Row = [what: string, kind: 'service' | 'job', restart: RestartPolicy, events: string, ends: BootStatus];

// One row for each ordering that the Engine was seen to report, and what it means for a boot.
const rows: readonly Row[] = [
  ['starts', 'service', 'no', 'start', 'running'],
  ['exits by itself', 'service', 'no', 'start die:3', 'ended'],
  ['exits with 0, which on-failure does not restart', 'service', 'on-failure', 'start die:0', 'ended'],
  ['exits with 0, which unless-stopped restarts', 'service', 'unless-stopped', 'start die:0', 'restarting'],
  ['crashes, and is being restarted', 'service', 'on-failure', 'start die:1', 'restarting'],
  ['crashes, and recovers', 'service', 'on-failure', 'start die:1 start', 'running'],
  ['crashes four times, and recovers', 'service', 'always', repeat('start die:1', 4, 'start'), 'running'],
  ['crashes a fifth time', 'service', 'always', repeat('start die:1', 5), 'ended'],
  ['runs out of memory', 'service', 'no', 'start oom die:137', 'ended'],
  ['loses a child to the kernel, and lives on', 'service', 'no', 'start oom', 'running'],
  ['is stopped by somebody', 'service', 'unless-stopped', 'start die:0 stop', 'stopping'],
  [
    'is stopped by somebody, reported the other way round',
    'service',
    'unless-stopped',
    'start stop die:0',
    'stopping',
  ],
  ['is stopped by somebody, for good', 'service', 'unless-stopped', 'start die:0 stop gap', 'stopped'],
  ['is stopped while the Engine waits to restart it', 'service', 'always', 'start die:1 stop gap', 'stopped'],
  ['is restarted by somebody', 'service', 'always', 'start die:0 stop start', 'running'],
  [
    'is restarted by somebody, reported the other way round',
    'service',
    'always',
    'start stop die:0 start',
    'running',
  ],
  [
    'is restarted by somebody, and time goes by',
    'service',
    'always',
    'start stop die:0 start gap',
    'running',
  ],
  ['is killed by somebody, which a policy repairs', 'service', 'on-failure', 'start die:137', 'restarting'],
  ['is removed by force', 'service', 'unless-stopped', 'start die:137 destroy', 'removed'],
  ['dies late of an earlier run', 'service', 'no', 'die:0 start', 'running'],
  ['was stopped before, and starts', 'service', 'no', 'stop die:143 start', 'running'],
  ['is a job that is done', 'job', 'no', 'start die:0', 'completed'],
  ['is a job that failed', 'job', 'no', 'start die:1', 'ended'],
  ['is a job that is done, and is removed', 'job', 'no', 'start die:0 destroy', 'completed'],
  ['ends, and nothing changes that', 'service', 'no', 'start die:1 start', 'ended'],
  ['is lost sight of', 'service', 'always', 'start lost', 'lost'],
];

describe('what the Engine reports of a container that', () => {
  test.each(rows)('%s', (_, kind, restart, events, ends) => {
    expect(replay({ kind, restart, events: events.split(' ') })).toBe(ends);
  });
});

function replay(options: {
  kind: 'service' | 'job';
  restart: RestartPolicy;
  events: readonly string[];
}): BootStatus {
  const { kind, restart, events } = options;
  let status: BootStatus = 'idle';
  let deaths = 0;
  for (const word of events) {
    if (word === 'gap' || word === 'lost') {
      status = nextStatus(status, word === 'gap' ? 'not-restarted' : 'lost');
      continue;
    }
    const [action, exitCode] = word.split(':');
    const event = {
      action: action as ContainerEvent['action'],
      name: 'x',
      ...(exitCode === undefined ? {} : { exitCode: Number(exitCode) }),
    };
    const meaning = interpret({ event, kind, restart, deaths });
    if (event.action === 'die' && status !== 'idle') deaths += 1;
    if (meaning) status = nextStatus(status, meaning);
  }
  return status;
}

function repeat(events: string, times: number, ...more: readonly string[]): string {
  return [...Array.from({ length: times }, () => events), ...more].join(' ');
}
