// Runs the bundled program with the compiled code that it left behind the last time. Node's own compile cache keeps
// what is compiled before a program begins; most functions are compiled when they are first called. So what a
// command had compiled by its end is kept for the next time, for each command by itself: a third of its start.
'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const program = path.join(__dirname, '..', 'dist', 'arc.cjs');
const { mtimeMs, size } = fs.statSync(program);
const caches = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'arc', 'code');
// V8 refuses code of another version, of other flags or for another processor; its tag tells them apart.
const folder = path.join(caches, `${v8.cachedDataVersionTag()}-${size}-${Math.round(mtimeMs)}`);
const command = process.argv.slice(2).find((argument) => /^[a-z]+$/.test(argument)) ?? 'arc';
const file = path.join(folder, command);

const cachedData = readIfThere(file);
const script = new vm.Script(
  // The bundle is all ASCII, which is the quickest to read.
  Module.wrap(fs.readFileSync(program, 'latin1')),
  { filename: program, cachedData, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
);
// A command that ends well has compiled what it needs; one that was mistyped is not worth keeping.
if (cachedData === undefined || script.cachedDataRejected)
  process.on('exit', (status) => status === 0 && keep());

const main = { exports: {} };
script.runInThisContext()(main.exports, Module.createRequire(program), main, program, path.dirname(program));

function readIfThere(name) {
  try {
    return fs.readFileSync(name);
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs time, nothing else. */
function keep() {
  try {
    if (!fs.existsSync(folder)) removeOld();
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const unfinished = `${file}.${process.pid}`;
    fs.writeFileSync(unfinished, script.createCachedData());
    fs.renameSync(unfinished, file);
  } catch {}
}

/** Leaves the caches of other versions and checkouts alone for as long as they may be in use. */
function removeOld() {
  const weekMilliseconds = 7 * 86_400_000;
  for (const name of fs.existsSync(caches) ? fs.readdirSync(caches) : []) {
    const other = path.join(caches, name);
    if (Date.now() - fs.statSync(other).mtimeMs > weekMilliseconds) fs.rmSync(other, { recursive: true });
  }
}
