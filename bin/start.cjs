// Runs the program with the compiled code that it left behind the last time. Node's own compile cache keeps what is
// compiled before a program begins; most functions are compiled when they are first called. So what a command had
// compiled by its end is kept for the next time, for each command by itself: a third of its start.
//
// The program is one file of many parts (scripts/build.mjs). Of those, only what a command asks for is read.
'use strict';
const fs = require('node:fs');
const { createRequire } = require('node:module');
const { Script } = require('node:vm');

const folder = fs.realpathSync(`${__dirname}/../dist`);
const program = `${folder}/arc.cjs`;
const requireOther = createRequire(program);
const file = fs.openSync(program);
const { mtimeMs, size } = fs.fstatSync(file);
const home = process.env.HOME || require('node:os').homedir();
const caches = `${process.env.XDG_CACHE_HOME || `${home}/.cache`}/arc/code`;
const ownCaches = `${caches}/${process.version}-${process.arch}-${size}-${Math.round(mtimeMs)}`;
const command = process.argv.slice(2).find((argument) => /^[a-z]+$/.test(argument)) ?? 'arc';
const cache = `${ownCaches}/${command}`;

/** Parts that were kept, by name: where they stand in the program, and their code. */
const kept = readCache();
/** Parts that this run has asked for, by name. */
const loaded = new Map();
let places;

// A command that ends well has compiled what it needs; one that was mistyped is not worth keeping.
process.on('exit', (status) => {
  if (status === 0 && [...loaded.values()].some(({ isNew }) => isNew)) keep();
});
// Another part than the command line, which arc itself starts.
load(process.argv[2] === '--part' ? `./${process.argv[3]}.js` : './main.js');

/** What parts are given as `require`. */
function load(name) {
  if (!name.startsWith('./')) return requireOther(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.module.exports;
  const { place, code } = kept.get(name) ?? { place: placeOf(name) };
  // All of it is ASCII, which is the quickest to read.
  const source = readPart(place).latin1Slice();
  const script = new Script(`(${source})`, { filename: program, cachedData: code });
  const module = { exports: {}, path: folder, filename: program };
  // V8 refuses code of other flags or for another processor.
  loaded.set(name, { place, module, script, isNew: code === undefined || script.cachedDataRejected });
  script.runInThisContext()(load, module, module.exports);
  return module.exports;
}

/** The last line of the program says where each part begins, and how long it is. */
function placeOf(name) {
  if (places === undefined) {
    const mostBytes = 32_768;
    const end = readPart([Math.max(0, size - mostBytes), Math.min(size, mostBytes)]).latin1Slice();
    places = JSON.parse(end.slice(end.lastIndexOf('\n//') + '\n//'.length));
  }
  return places[name];
}

function readPart([start, length]) {
  const bytes = Buffer.allocUnsafe(length);
  fs.readSync(file, bytes, 0, length, start);
  return bytes;
}

/** A line that says which parts follow, then the code of each, where V8 takes it without making a copy. */
function readCache() {
  try {
    const bytes = fs.readFileSync(cache);
    let end = bytes.indexOf('\n') + 1;
    return new Map(
      JSON.parse(bytes.latin1Slice(0, end)).map(([name, place, length]) => {
        const start = aligned(end);
        end = start + length;
        return [name, { place, code: bytes.subarray(start, end) }];
      }),
    );
  } catch {
    return new Map();
  }
}

/** A cache that cannot be written costs time, nothing else. */
function keep() {
  try {
    if (!fs.existsSync(ownCaches)) removeOld();
    fs.mkdirSync(ownCaches, { recursive: true, mode: 0o700 });
    const parts = new Map(kept);
    for (const [name, { place, script }] of loaded) {
      parts.set(name, { place, code: script.createCachedData() });
    }
    const index = Array.from(parts, ([name, { place, code }]) => [name, place, code.length]);
    const pieces = [Buffer.from(`${JSON.stringify(index)}\n`)];
    let end = pieces[0].length;
    for (const { code } of parts.values()) {
      const start = aligned(end);
      pieces.push(Buffer.alloc(start - end), code);
      end = start + code.length;
    }
    const unfinished = `${cache}.${process.pid}`;
    fs.writeFileSync(unfinished, Buffer.concat(pieces));
    fs.renameSync(unfinished, cache);
  } catch {}
}

/** V8 reads code in units of so many bytes. */
function aligned(offset) {
  const unit = 8;
  return Math.ceil(offset / unit) * unit;
}

/** Leaves the caches of other versions and checkouts alone for as long as they may be in use. */
function removeOld() {
  const weekMilliseconds = 7 * 86_400_000;
  for (const name of fs.existsSync(caches) ? fs.readdirSync(caches) : []) {
    const other = `${caches}/${name}`;
    if (Date.now() - fs.statSync(other).mtimeMs > weekMilliseconds) fs.rmSync(other, { recursive: true });
  }
}
