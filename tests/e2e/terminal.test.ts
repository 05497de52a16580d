import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { cleanEnvironment, eventsOf, launcher, repository } from '../support/run-arc.ts';
import { serviceRoles } from '../support/service-roles.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { type OnTerminal, onTerminal } from '../support/terminal.ts';

const esc = '\u001b';
const pathWithArc = `${dirname(launcher)}:${process.env.PATH}`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['images', 'build', 'cache']);
});
afterAll(() => stage?.close());

/** Runs a command line of arc on a terminal. */
function terminal(
  args: string,
  more: { columns?: number; environment?: Record<string, string>; typed?: string } = {},
): Promise<OnTerminal> {
  return onTerminal({
    command: `exec ${launcher} ${args}`,
    cwd: stage.workspace.root,
    columns: 80,
    ...more,
    environment: { ...stage.environment, ...more.environment },
  });
}

describe('on a terminal', () => {
  beforeEach(() => stage.succeed(['down']));

  it('progress is a live tree, one line a subject, and the answer follows it', async () => {
    const { exitCode, raw, lines } = await terminal('up cache');
    expect(exitCode).toBe(0);
    expect(raw).toContain(`${esc}[32m✔`);
    expect(lines).toContainEqual(expect.stringMatching(/^[⠀-⣿] cache (create|start|wait)/));
    const drawn = lines.findLastIndex((line) => /^✔ cache healthy \[/.test(line));
    const answer = lines.findIndex((line) => /^1 container is healthy after /.test(line));
    expect(drawn).toBeGreaterThan(0);
    expect(answer).toBeGreaterThan(drawn);
    expect(lines[answer + 2]).toMatch(/^arc-cache +sonic +\S+ +127\.0\.0\.1:6379/);
  });

  it.each([
    ['NO_COLOR', 'up cache', { NO_COLOR: '1' }],
    ['--no-color', '--no-color up cache', {}],
  ])('%s takes the colours away, and nothing else', async (_, args, environment) => {
    const { exitCode, raw, lines } = await terminal(args, { environment });
    expect(exitCode).toBe(0);
    expect(raw.split(esc).filter((part) => /^\[[\d;]*m/.test(part))).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/^✔ cache healthy/));
  });

  it.each([40, 60])('of %i columns no line of the tree or of the answer is wider', async (columns) => {
    const { exitCode, lines } = await terminal('up cache', { columns });
    expect(exitCode).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^✔ cache healthy/));
    expect(lines.join('\n')).toContain('127.0.0.1:6379');
    expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
  });

  it.each(
    [80, 40].flatMap((columns) =>
      [
        ['the tree', {}],
        ['plain lines', { TERM: 'dumb' }],
        ['--quiet', {}, '--quiet '],
      ].map(([name, environment, flags = '']) => ({ columns, name, environment, flags })),
    ),
  )('of $columns columns breaks no word of an error or a warning with $name', async (shown) => {
    const { columns, environment, flags } = shown;
    const args = `${flags}up cahce`;
    const { exitCode, lines } = await terminal(args, {
      columns,
      environment: environment as Record<string, string>,
    });
    expect(exitCode).toBe(2);
    const drawn = lines.filter((line) => line !== '');
    expect(drawn.join(' ').replaceAll(/ +/g, ' ')).toContain(
      'Nothing is called cahce: no profile, service or container has this name. help: did you mean `cache`?',
    );
    expect(drawn.filter((line) => [...line].length > columns)).toEqual([]);
  });

  it.each([80, 40])('of %i columns breaks no word of a warning or of the answer', async (columns) => {
    stage.workspace.edit('services/cache/redis.conf', 'appendonly yes', 'appendonly yes\n# mine');
    const { exitCode, lines } = await terminal('up cache', { columns });
    const down = await terminal('down cache', { columns });
    stage.workspace.edit('services/cache/redis.conf', 'appendonly yes\n# mine', 'appendonly yes');
    expect(exitCode).toBe(0);
    const text = (shown: readonly string[]): string => shown.join(' ').replaceAll(/ +/g, ' ');
    expect(text(lines)).toContain('was edited by hand; its containers get it as it is.');
    expect(text(down.lines)).toContain('Removed arc-cache. Data is kept; `arc up` brings it all back.');
    expect([...lines, ...down.lines].filter((line) => [...line].length > columns)).toEqual([]);
  });

  it.each([{ CI: 'true' }, { TERM: 'dumb' }])('with %o there are plain lines', async (environment) => {
    const { raw, lines } = await terminal('up cache', { environment: environment as Record<string, string> });
    expect(raw).not.toMatch(new RegExp(`${esc}\\[\\d*[AGJK]`));
    expect(lines).toContainEqual(expect.stringMatching(/^✓ cache healthy \(/));
  });

  it('a question is asked, and no is the answer to nothing typed', async () => {
    await stage.succeed(['up', 'cache']);
    const { exitCode, lines } = await terminal('clean', { typed: '\r' });
    expect(exitCode).toBe(130);
    expect(lines).toContainEqual(expect.stringContaining('Remove all of this?'));
    expect(lines).toContainEqual(expect.stringContaining('Nothing was changed.'));
    expect(Object.keys(await stage.engine.containers())).toEqual(['arc-cache']);
  });

  it('nuke wants the name of the project, letter by letter', async () => {
    await stage.succeed(['up', 'cache']);
    const wrong = await terminal('nuke', { typed: 'arc\r' });
    expect(wrong.exitCode).toBe(130);
    expect(Object.keys(await stage.engine.containers())).toEqual(['arc-cache']);
    const right = await terminal('nuke', { typed: 'arc-e2e\r' });
    expect(right.exitCode).toBe(0);
    expect(await stage.engine.objects()).toEqual([]);
  });

  it('an error comes below the tree, not into it', async () => {
    const file = 'services/cache/service.yaml';
    const before = stage.workspace.read(file);
    stage.workspace.edit(file, 'entrypoint: [redis-server]', 'entrypoint: [redis-sever]');
    const { exitCode, lines } = await terminal('up cache');
    stage.workspace.write(file, before);
    expect(exitCode).toBe(1);
    const error = lines.findIndex((line) => line.startsWith('error[entrypoint-missing]'));
    expect(error).toBeGreaterThan(lines.findLastIndex((line) => line.startsWith('✖ cache')));
  });
});

describe('in a pipe', () => {
  beforeEach(() => stage.succeed(['down']));

  it('progress is one plain line an event on standard error, the answer alone on standard output', async () => {
    const { stdout, stderr } = await stage.succeed(['up', 'cache']);
    expect(stderr + stdout).not.toContain(esc);
    expect(stderr.split('\n')).toContainEqual(expect.stringMatching(/^✓ cache healthy \(/));
    expect(stdout).toMatch(/^1 container is healthy after /);
  });

  it('--json is one object a line on standard output, from the first to the result, and nothing else', async () => {
    const { stdout, stderr } = await stage.succeed(['up', 'cache', '--json']);
    expect(stderr).toBe('');
    const events = eventsOf(stdout);
    expect(events[0]).toEqual({ type: 'started', version: 2, command: 'up' });
    expect(events.at(-1)).toMatchObject({ type: 'result', command: 'up', data: { healthy: true } });
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['started', 'step', 'result']));
  });

  it.each([['status'], ['plan', 'cache'], ['services'], ['profiles'], ['validate'], ['images'], ['down']])(
    '--json of %s ends with its result',
    async (...command) => {
      const { stdout, stderr } = await stage.succeed([...command, '--json']);
      expect(stderr).toBe('');
      expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'result', command: command[0] });
    },
  );

  it('--quiet leaves the answer, and errors', async () => {
    const { stdout, stderr } = await stage.succeed(['up', 'cache', '--quiet']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^1 container is healthy after /);
    const wrong = await stage.arc(['up', 'cash', '--quiet']);
    expect(wrong.stderr).toContain('error[unknown-name]');
  });

  it('a reader that goes away is no error', async () => {
    await stage.succeed(['up', 'cache']);
    for (const command of ['status', 'logs cache', 'plan think --json', '--help']) {
      const { stdout, stderr } = await execa(
        'bash',
        ['-c', `${launcher} ${command} | head -n 1; echo "\${PIPESTATUS[0]}"`],
        { cwd: stage.workspace.root, env: cleanEnvironment(stage.environment), extendEnv: false },
      );
      expect(stderr, command).toBe('');
      expect(stdout.split('\n').at(-1), command).toBe('0');
    }
  });

  it.each([
    ['up --help', 0],
    ['help up', 0],
    ['services', 0],
    ['logs cache --follow', 0],
    ['plan think --exit-code', 3],
    ['plan think --exit-code 2>&1', 3],
    ['frobnicate --json', 2],
  ])(
    '%s ends without a word and with %d where its reader has gone before the first word',
    async (command, status) => {
      await stage.succeed(['up', 'cache']);
      expect(await statusWithoutReader(command)).toBe(status);
    },
  );

  it('up --json does all of its work where its reader has gone', async () => {
    await stage.succeed(['down', 'cache']);
    expect(await statusWithoutReader('up cache --json')).toBe(0);
    expect((await stage.engine.containers())['arc-cache']?.state).toBe('running');
  });

  /** The exit status of a command whose standard output is a closed pipe, as nothing else is to be heard of it. */
  async function statusWithoutReader(command: string): Promise<number> {
    const script = `{ { sleep 0.3; ${launcher} ${command}; echo "$?" >&3; } | true; } 3>&1`;
    const { stdout, stderr } = await execa('bash', ['-c', script], {
      cwd: stage.workspace.root,
      env: cleanEnvironment(stage.environment),
      extendEnv: false,
    });
    expect(stderr, command).toBe('');
    return Number(stdout);
  }
});

describe('a word that is mistyped', () => {
  it.each([
    [['staus'], 'Did you mean status?'],
    [['up', 'cahce'], 'did you mean `cache`?'],
    [['exec', 'realtim', 'true'], 'did you mean `realtime`?'],
    [['logs', '--tial', '3'], 'Did you mean --tail?'],
    [['up', '--set', 'medai=mux'], 'did you mean `media`?'],
    [['up', '--bases', 'lokal'], 'Allowed choices are auto, registry, local.'],
    [['secrets', 'rotate', 'redis_pasword'], 'did you mean `redis_password`?'],
    [['explain', 'storrage'], 'did you mean `storage`?'],
  ])('%j gets the nearest name and exit status 2', async (args, hint) => {
    const { exitCode, stdout, stderr } = await stage.arc(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error\[[a-z-]+\]/);
    expect(stderr).toContain(hint);
  });

  it('outside of a workspace there is one sentence, and what to do', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'arc-outside-'));
    const { exitCode, stdout, stderr } = await stage.arc(['status'], { cwd: outside });
    rmSync(outside, { recursive: true });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      [
        'error[no-workspace]',
        `  Neither ${outside} nor a folder above it holds arc.yaml or services/profiles.yaml.`,
        '  help: go to the folder of your workspace, or make one here with `arc init`',
      ].join('\n'),
    );
  });
});

describe('completion', () => {
  it('for bash is read twice without a word, also where bash-completion is not installed', async () => {
    const script = 'source <(arc completion bash); source <(arc completion bash); complete -p arc';
    const { stdout, stderr } = await execa('bash', ['--norc', '-c', script], {
      cwd: stage.workspace.root,
      env: cleanEnvironment({ ...stage.environment, PATH: pathWithArc }),
      extendEnv: false,
    });
    expect(stderr).toBe('');
    expect(stdout).toBe('complete -F __arc_complete arc');
  });

  it.each([
    ['arc explain cac\t', 'arc-cache'],
    ['arc explain realtime-in\t', 'arc-realtime-ingress'],
    ['arc valid\t', `${serviceRoles(repository).length} services are valid.`],
  ])('in bash the tab key ends the word: %j', async (typed, shown) => {
    const { lines } = await onTerminal({
      command: 'exec bash --norc --noprofile -i',
      cwd: stage.workspace.root,
      columns: 120,
      environment: { ...stage.environment, PATH: pathWithArc, HISTFILE: '/dev/null' },
      typed: `source <(arc completion bash)\n${typed}\nexit\n`,
    });
    expect(lines.join('\n')).toContain(shown);
  });

  it('for zsh is read cleanly', needs('zsh'), async () => {
    const script = 'autoload -U compinit; compinit -D; source <(arc completion zsh); print $_comps[arc]';
    const { stdout, stderr } = await execa('zsh', ['-f', '-c', script], {
      cwd: stage.workspace.root,
      env: cleanEnvironment({ ...stage.environment, PATH: pathWithArc }),
      extendEnv: false,
    });
    expect({ stdout, stderr }).toEqual({ stdout: '_arc', stderr: '' });
  });

  it('for fish is read cleanly, and completes containers', needs('fish'), async () => {
    const script = "arc completion fish | source; complete --do-complete 'arc exec cac'";
    const { stdout, stderr } = await execa('fish', ['--no-config', '-c', script], {
      cwd: stage.workspace.root,
      env: cleanEnvironment({ ...stage.environment, PATH: pathWithArc }),
      extendEnv: false,
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^cache\t/);
  });

  it.each([
    ['up --', '--timeout'],
    ['', 'health'],
    ['exec real', 'realtime-egress'],
    ['up ul', 'ultra-instinct'],
  ])('%j is offered %s', async (words, offered) => {
    const { stdout } = await stage.succeed(['complete', '--', ...words.split(' ')]);
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toContain(offered);
  });

  it('outside of a workspace offers commands, and says nothing wrong', async () => {
    const { stdout, stderr } = await stage.succeed(['complete', '--', 'up', ''], { cwd: tmpdir() });
    expect({ stdout, stderr }).toEqual({ stdout: ':4', stderr: '' });
  });
});
