import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawRecording, readLastPicture } from '../../scripts/recording-svg.ts';
import { flavourWarning } from '../../src/app/flavour-warning.ts';
import { lookInside } from '../../src/app/look-inside.ts';
import { bootAnswer } from '../../src/cli/boot-answer.ts';
import { formatProblem } from '../../src/cli/output/format-problem.ts';
import { frame } from '../../src/cli/output/frame.ts';
import { noProgress, progress } from '../../src/cli/output/progress.ts';
import type { ArcEvent } from '../../src/core/event.ts';
import type { Plan } from '../../src/core/step.ts';
import { planUp } from '../../src/platform/docker/plan-up.ts';
import { stepReporter } from '../../src/platform/docker/task-events.ts';
import { asBootable } from '../../src/stack/bootable.ts';
import type { BootableStack } from '../../src/stack/model.ts';
import { resolveStack } from '../../src/stack/resolve.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { templatesOf } from '../../src/workspace/templates.ts';
import { readPage } from '../support/documents.ts';
import { repository } from '../support/run-arc.ts';

const svg = readFileSync(join(repository, 'docs', 'boot.svg'), 'utf8');
const picture = readLastPicture(svg);
const makefile = readFileSync(join(repository, 'Makefile'), 'utf8');

/** Times differ from run to run; columns are as wide as they need to be. */
const withoutTimes = (line: string): string =>
  line
    .replaceAll(/\d+m\d+s|\d+(\.\d+)?s\b/g, 'N s')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('docs/boot.svg, compared with what arc does today', () => {
  let stack: BootableStack;
  let plan: Plan;
  beforeAll(async () => {
    const { files, manifests } = await loadWorkspace({ cwd: repository });
    const described = resolveStack({
      manifests,
      templates: templatesOf({ manifests, files }),
      selection: ['think'],
      without: [],
      // The recording is of a new workspace, for which `arc init` writes the first value.
      settings: { environment: {}, flags: { media: 'mux' } },
      secrets: new Map(),
      // It was made where no registry answers.
      flavours: { all: 'embedded', byRole: {} },
    });
    stack = asBootable(described);
    const snapshot = { project: stack.project, containers: [], networks: [], volumes: [], images: {} };
    // Nothing runs, so nobody is asked.
    const unasked = { context: {}, reach: {} } as never as Parameters<typeof lookInside>[0];
    const inside = await lookInside({ ...unasked, stack, running: new Set(), lose: [] });
    plan = planUp({ stack, snapshot, root: repository, inside });
  });

  it('begins with the command of make dev', () => {
    const [, words] = /^dev:.*\n\t@\$\(ARC\) (.*)$/m.exec(makefile) ?? [];
    expect(picture[0]).toBe(`$ arc ${words}`);
    expect(svg).toContain(`<title>Recording of arc ${words}</title>`);
    expect(readPage('README.md').text).toContain('](docs/boot.svg)');
    expect(svg).not.toMatch(/\/(work|root|home|tmp)\//);
  });

  it('shows how everything of the profile ended, in the words of today', () => {
    let state = noProgress;
    const emit = (event: ArcEvent) => {
      state = progress(state, event, 0);
    };
    const reporter = stepReporter({ emit, clock: { now: () => 0 } as never });
    for (const step of plan.steps) reporter.end(step, { phase: 'done' });
    const lines = picture.map((line) => withoutTimes(line).replace(/ ?\[N s\]$/, ''));
    const look = { columns: 120, rows: 60, now: 0, chalk: new Chalk({ level: 0 }) };
    for (const line of frame(state, look)) expect(lines).toContain(line);
    // Where no registry answers, that is all that fails.
    expect(lines.filter((line) => line.startsWith('✖') && !/^✖ \S+ pull /.test(line))).toEqual([]);
  });

  it('warns of each worker of arc’s own, in the words of today', () => {
    const shown = picture.map((line) => line.trim()).join(' ');
    for (const role of ['realtime-ingress', 'realtime-egress']) {
      const image = `localhost/demo/arc-${role}-embedded:latest`;
      const chosen = stack.containers.find((one) => one.role === role)?.flavour;
      const flavour = { name: 'none', ...chosen, because: 'BECAUSE' };
      const problem = flavourWarning({ role, image, flavour });
      const [before = '', after = ''] = formatProblem(problem, 'warning')
        .replaceAll(/\s+/g, ' ')
        .split('BECAUSE.');
      expect(shown).toContain(before.trim());
      expect(shown).toContain(after.trim());
    }
  });

  it('ends with the answer of today, with every container, its addresses and what to do next', () => {
    const roles = stack.containers.map(({ role }) => ({ role, milliseconds: 1_000 }));
    const execution = { milliseconds: 1_000, ready: roles } as never;
    const booted = { stack, plan, execution, images: [], missing: [], losses: [] };
    const answer = bootAnswer({ booted, program: 'arc', columns: 120 }).text();
    const lines = answer.split('\n').filter((line) => line !== '');
    expect(picture.slice(-lines.length).map(withoutTimes)).toEqual(lines.map(withoutTimes));
  });
});

it('a recording’s last picture is read as it was drawn', () => {
  const rows = [
    [
      { text: '$ arc <up> "think" & more', style: '' },
      { text: '    ', style: '' },
      { text: 'in red', style: 'red' },
    ],
    [{ text: '  indented', style: 'dim' }],
  ];
  const frames = [
    { milliseconds: 0, rows: [[{ text: 'first', style: '' }]] },
    { milliseconds: 900, rows },
  ];
  expect(readLastPicture(drawRecording({ title: 'x', columns: 80, frames }))).toEqual([
    '$ arc <up> "think" & more    in red',
    '  indented',
  ]);
});
