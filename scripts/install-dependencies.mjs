// Makes node_modules what the lock file says: node scripts/install-dependencies.mjs
// bin/arc calls it where the lock file is newer than the last look at it, with whatever Node.js there is: plain
// JavaScript, for old ones too. What is right already, such as a copied node_modules, is not installed again.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const home = fs.realpathSync(fileURLToPath(new URL('..', import.meta.url)));
const modules = join(home, 'node_modules');

/** Newer than the lock file where the dependencies are right; npm removes it with the rest. */
const stamp = join(modules, '.arc-installed');

/** Seconds. A registry that is silent from the beginning is not there; after its last file, npm unpacks in silence. */
const answerSeconds = Number(process.env.ARC_INSTALL_ANSWER_SECONDS) || 90;
const silenceSeconds = 300;
const showSeconds = 5;
const tailLines = 20;

if (!isRight()) await withLock(async () => isRight() || (await install()));
mark();

/** Whether everything is there that the lock file names, in its version, and nothing else. */
function isRight() {
  const locked = packagesOf(join(home, 'package-lock.json'));
  const installed = packagesOf(join(modules, '.package-lock.json'));
  if (!locked || !installed || !fs.existsSync(join(modules, 'node/bin/node'))) return false;
  const isAsLocked = (path) =>
    locked[path] !== undefined &&
    installed[path].version === locked[path].version &&
    installed[path].integrity === locked[path].integrity &&
    fs.existsSync(join(home, path, 'package.json'));
  return (
    Object.keys(installed).every(isAsLocked) &&
    // What is optional may be for another kind of machine.
    Object.keys(locked).every((path) => path === '' || installed[path] || locked[path].optional)
  );
}

function packagesOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch (error) {
    // Not there, or cut short: installed anew.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function mark() {
  try {
    fs.writeFileSync(stamp, '');
  } catch {
    // In a folder of somebody else it is looked at again the next time.
  }
}

/** Two that install into one folder at the same time would leave neither right. */
async function withLock(work) {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `arc-install-${name}.lock`);
  let waits = false;
  for (let holder = take(file); holder !== undefined; holder = take(file)) {
    if (!waits) say(`waiting for process ${holder}, which installs the same dependencies`);
    waits = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  process.on('exit', () => fs.rmSync(file, { force: true }));
  await work();
}

/** @returns nothing where the lock is ours now, else the process that has it */
function take(file) {
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, file);
    return undefined;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(own);
  }
  const holder = readHolder(file);
  if (holder !== undefined && !isAlive(holder)) fs.rmSync(file, { force: true });
  return holder || 'another one';
}

function readHolder(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function install() {
  try {
    fs.accessSync(home, fs.constants.W_OK);
  } catch {
    fail(
      'read-only-folder',
      `${home} cannot be written to, and arc has to install its dependencies there once.`,
      'run it once as a user who may write there, or copy the folder',
    );
  }
  const total = Object.keys(packagesOf(join(home, 'package-lock.json'))).length - 1;
  say(`installing ${total} locked dependencies with npm, once …`);
  const npm = runNpm();
  const ticker = setInterval(() => {
    say(`npm ci, ${Math.round(process.uptime())} s: ${npm.doing()}`);
    const limit = npm.answers() ? silenceSeconds : answerSeconds;
    if (npm.silentSeconds() > limit) npm.end(limit);
  }, showSeconds * 1000);
  const status = await npm.ended;
  clearInterval(ticker);
  if (status === 0) return;
  if (status === 'missing') {
    fail(
      'no-npm',
      'npm is needed once, to install what arc is built with, and is not on PATH.',
      'install Node.js with npm (Debian: apt-get install nodejs npm), then run this again',
    );
  }
  process.stderr.write(`${npm.tail().join('\n')}\n`);
  const why = npm.over()
    ? `was ended: nothing came from the npm registry for ${npm.over()} s`
    : 'did not succeed';
  fail(
    'install-failed',
    `npm ci ${why}; its last lines are above.`,
    'check the network, the proxy and the npm registry setting (npm config get registry), then run this again',
  );
}

/** npm and what it starts, in a group of their own. Whatever its cache has needs no network. */
function runNpm() {
  const child = spawn(
    'npm',
    [
      'ci',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--prefer-offline',
      '--loglevel=http',
      '--fetch-retries=2',
    ],
    { cwd: home, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const lines = [];
  let files = 0;
  let heard = Date.now();
  let trouble;
  let over;
  const onLine = (line) => {
    // A file that has come, or was in the cache already.
    if (/^npm http (fetch|cache) .*(\b[23]\d\d\b|cache)/.test(line) && !/attempt \d/.test(line)) {
      if (/\.tgz/.test(line)) files += 1;
      heard = Date.now();
      trouble = undefined;
      return;
    }
    trouble = /attempt \d+ failed with (\S+)/.exec(line)?.[1] ?? trouble;
    lines.push(line);
    if (lines.length > tailLines) lines.shift();
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', onLine);
  }
  const kill = () => {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      kill();
      process.exit(130);
    });
  }
  return {
    doing: () => {
      if (trouble) return `the npm registry does not answer (${trouble}); trying again`;
      if (files === 0) return 'waiting for the npm registry';
      return Date.now() - heard < showSeconds * 1000
        ? `${files} files have come`
        : `unpacking ${files} files`;
    },
    answers: () => files > 0,
    silentSeconds: () => (Date.now() - heard) / 1000,
    tail: () => lines,
    over: () => over,
    end: (limit) => {
      over = limit;
      kill();
    },
    ended: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.code === 'ENOENT' ? 'missing' : 1));
      child.once('close', (status) => resolve(status ?? 1));
    }),
  };
}

function say(text) {
  process.stderr.write(`arc: ${text}\n`);
}

function fail(code, message, help) {
  process.stderr.write(`error[${code}] ${message}\n  help: ${help}\n`);
  process.exit(4);
}
