// Bundles the program into one file. Everything is inside but what has native code: `@livekit/rtc-node`
// (optional, for the media check).
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * What dockerode brings along and arc does not use: SSH tunnels (ssh2 has native parts and cannot be bundled) and
 * BuildKit sessions (gRPC: 450 KB that would cost every command 30 ms).
 */
const withoutUnused = {
  name: 'without-unused-parts-of-dockerode',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/(ssh|session)$/ }, ({ importer, path }) =>
      /node_modules\/(dockerode|docker-modem)\//.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error('not part of the bundle: ${path} of dockerode'); };`,
    }));
  },
};

/**
 * Built-in modules that take 10 ms each to load, and that most commands never call: they are loaded by the first call.
 * liquidjs (filters that hash), commander (commands that are programs), docker-modem (Engines behind TLS) and arc's own code name them at the top.
 */
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(bundler) {
    bundler.onResolve({ filter: /^(node:)?(crypto|child_process|https)$/ }, ({ importer, path }) =>
      /node_modules\/(liquidjs|commander|docker-modem)\/|\/src\//.test(importer) &&
      !/node_modules\/.*\/src\//.test(importer)
        ? { path: path.replace(/^node:/, ''), namespace: 'lazy' }
        : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
      // Behind a prototype, for that is what esbuild takes over when it makes a namespace of a CommonJS module.
      contents: `module.exports = Object.create(new Proxy({}, {
        get: (_, name) => (name === '__esModule' ? undefined : process.getBuiltinModule('node:${path}')[name]),
      }));`,
    }));
  },
};

/**
 * dockerode describes each request in full, for a debug log that is off: 40 ms of a boot. With DEBUG set it still does.
 */
const withoutUnreadDescriptions = {
  name: 'without-unread-descriptions',
  setup(bundler) {
    bundler.onResolve({ filter: /^util$/ }, ({ importer, path }) =>
      /node_modules\/docker-modem\//.test(importer) ? { path, namespace: 'undescribed' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'undescribed' }, () => ({
      contents: `const util = require('node:util');
      const inspect = (...given) => (process.env.DEBUG ? util.inspect(...given) : '');
      module.exports = Object.assign(Object.create(util), { inspect });`,
    }));
  },
};

const { outputFiles, metafile } = await build({
  write: false,
  metafile: true,
  plugins: [withoutUnused, lazyBuiltins, withoutUnreadDescriptions],
  entryPoints: ['src/main.ts'],
  outfile: 'dist/arc.cjs',
  bundle: true,
  platform: 'node',
  target: 'node22.22',
  // As an ES module it would load every built-in module that any part of it names before it begins; as CommonJS each
  // is loaded by the part that needs it, when that is needed: half the processor time of a start.
  format: 'cjs',
  external: ['@livekit/rtc-node'],
  define: {
    __ARC_VERSION__: JSON.stringify(version),
    'import.meta.url': '__arcUrl',
    'import.meta.dirname': '__dirname',
    'import.meta.resolve': '__arcResolve',
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  // The stand-ins for what only ES modules have.
  banner: {
    js: `const __arcUrl=require('node:url').pathToFileURL(__filename).href;
const __arcResolve=(name)=>require('node:url').pathToFileURL(require.resolve(name)).href;`,
  },
  logLevel: 'warning',
});

/** The licence of every package that is inside the bundle, as most licences want: in full, and with its notices. */
function licences() {
  const inside = new Set(
    Object.entries(Object.values(metafile.outputs)[0].inputs).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput === 0 ? [] : (/^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
    ),
  );
  return [...inside].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    return [
      `${name} ${version} (${license})`,
      ...texts.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim()),
    ].join('\n\n');
  });
}

/** Renamed into place, so that whoever starts the program meanwhile gets the old one or the new one, whole. */
function writeWhole(path, text) {
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, text);
  renameSync(partial, path);
}

mkdirSync('dist', { recursive: true });
// esbuild escapes what is not ASCII, but for regular expressions. All ASCII is read and kept in half the memory.
for (const { path, text } of outputFiles) {
  writeWhole(
    path,
    text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
writeWhole('dist/licences.txt', `${licences().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
