import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { pythonPackages } from '../../scripts/get-python-packages.ts';
import { parseContracts } from '../../src/manifest/contracts/parse.ts';
import { type ClientLanguage, clientFiles, clientLanguages } from '../../src/render/clients/clients.ts';
import { pythonClientLock } from '../requirements.ts';
import { repository } from './run-arc.ts';
import { Hopeless, until } from './until.ts';

/** The clients, generated for tests/fixtures/clients/demo.yaml, and a program in each language that uses them. */
export type ClientPrograms = {
  folder: string;
  /** Starts the program of a language as a role, connected. */
  start: (options: {
    language: ClientLanguage;
    role: string;
    environment: Readonly<Record<string, string>>;
  }) => Promise<ClientProgram>;
  /** Ends what was started, and removes the folder. */
  dispose: () => Promise<void>;
};

export type ClientProgram = {
  /** Has a command done. @throws the code and the path of the client's error */
  perform: (command: Command) => Promise<Done>;
  /** What its subscriptions received, in order. */
  received: readonly Message[];
  /** What it reported beside answers. */
  reported: readonly string[];
  /** Ends its input; then it drains, and exits. */
  leave: () => Promise<void>;
  /** Kills it, whatever it does. */
  kill: () => Promise<void>;
};

export type Command = { do: string; message?: string; data?: object; messageId?: string };
export type Done = { id?: string; data?: object } & Readonly<Record<string, unknown>>;
export type Message = {
  data: Readonly<Record<string, unknown>>;
  id: string;
  source: string;
  time: string;
  trace: { traceparent: string };
  unreadable: readonly string[];
};

const fixtures = join(repository, 'tests', 'fixtures', 'clients');

/** The contracts of the fixture. */
export function demoContracts() {
  const text = readFileSync(join(fixtures, 'demo.yaml'), 'utf8');
  const { contracts, problems } = parseContracts({
    files: new Map([['contracts/demo.yaml', text]]),
    roles: new Set(),
  });
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return contracts;
}

/** Generates and compiles the clients and their programs in a folder of their own. */
export async function prepareClientPrograms(): Promise<ClientPrograms> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-clients-'));
  const clients = join(folder, 'packages', 'contracts');
  cpSync(join(repository, 'packages', 'contracts'), clients, {
    recursive: true,
    filter: (path) =>
      !/(\.test\.ts|_test\.go)$/.test(path) &&
      !/\/(events\/\w+|__pycache__|node_modules)$/.test(path) &&
      !/events\/(?!__init__)\w+\.\w+$/.test(path),
  });
  for (const { path, text } of clientFiles({ contracts: demoContracts(), languages: clientLanguages })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  cpSync(join(fixtures, 'program.ts'), join(clients, 'typescript', 'program.ts'));
  cpSync(join(fixtures, 'program.py'), join(clients, 'python', 'program.py'));
  mkdirSync(join(clients, 'go', 'program'));
  cpSync(join(fixtures, 'main.go'), join(clients, 'go', 'program', 'main.go'));
  symlinkSync(join(repository, 'node_modules'), join(clients, 'typescript', 'node_modules'));
  await execa('go', ['build', '-o', join(folder, 'program'), './program'], { cwd: join(clients, 'go') });
  const packages = await pythonPackages({ lock: pythonClientLock, environment: process.env });
  const commands: Record<ClientLanguage, readonly [string, ...string[]]> = {
    typescript: [process.execPath, join(clients, 'typescript', 'program.ts')],
    python: ['python3', join(clients, 'python', 'program.py')],
    go: [join(folder, 'program')],
  };
  const running: ChildProcess[] = [];
  return {
    folder,
    start: async ({ language, role, environment }) => {
      const [program, ...parameters] = commands[language];
      const child = spawn(program, parameters, {
        env: { ...process.env, ...environment, ROLE: role, PYTHONPATH: packages },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      running.push(child);
      return converse(child, `${language} as ${role}`);
    },
    dispose: async () => {
      for (const child of running) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Line = {
  connected?: true;
  answers?: number;
  done?: Done;
  failed?: { code: string; path: string };
  received?: Message;
  reported?: string;
};

async function converse(child: ChildProcess, name: string): Promise<ClientProgram> {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('its streams are pipes');
  const waiting = new Map<number, (line: Line) => void>();
  const received: Message[] = [];
  const reported: string[] = [];
  let errors = '';
  let isConnected = false;
  stderr.on('data', (text) => {
    errors += text;
  });
  createInterface({ input: stdout }).on('line', (text) => {
    const line: Line = JSON.parse(text);
    if (line.connected) isConnected = true;
    if (line.received) received.push(line.received);
    if (line.reported !== undefined) reported.push(line.reported);
    if (line.answers !== undefined) waiting.get(line.answers)?.(line);
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until({
    what: `${name} connects`,
    ask: () => {
      if (child.exitCode !== null) throw new Hopeless(`it exited with ${child.exitCode}: ${errors}`);
      return isConnected;
    },
  });
  let next = 0;
  return {
    received,
    reported,
    perform: async (command) => {
      next += 1;
      const id = next;
      const answered = new Promise<Line>((resolve) => waiting.set(id, resolve));
      stdin.write(`${JSON.stringify({ id, ...command })}\n`);
      const line = await Promise.race([answered, gone]);
      if (line === undefined) throw new Error(`${name} ended: ${errors}`);
      const { failed } = line;
      if (failed !== undefined) throw new Error(`${failed.code} ${failed.path}`);
      return line.done ?? {};
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    leave: async () => {
      stdin.end();
      await gone;
      if (child.exitCode !== 0) throw new Error(`${name} exited with ${child.exitCode}: ${errors}`);
    },
  };
}
