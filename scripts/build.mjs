// Bundles the program into one file. Everything is inside but what has native code: `@livekit/rtc-node`
// (optional, for the media check).
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { build, transform } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * What dockerode brings along and arc does not use: SSH tunnels (ssh2 has native parts and cannot be bundled) and
 * BuildKit sessions (gRPC, which every command would have to read).
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
 * What undici's front page loads beside requests and agents: fetch, web sockets, mocks and caches, of which arc uses
 * nothing, and which would slow down every command that asks a registry.
 */
const withoutBrowser = {
  name: 'without-browser-parts-of-undici',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/lib\/(web|mock|cache|interceptor)\// }, ({ importer, path }) =>
      /node_modules\/undici\/index\.js$/.test(importer) && path !== './lib/interceptor/redirect'
        ? { path: 'unused', namespace: 'unused-by-arc' }
        : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'unused-by-arc' }, () => ({
      contents:
        'const unused = new Proxy(function () {}.bind(), { get: () => unused }); module.exports = unused;',
    }));
  },
};

/**
 * Built-in modules that most commands never call, and that take time to load (scripts/measure/loading.ts): the first call loads them.
 * liquidjs (filters that hash, output as a stream), commander (commands that are programs), docker-modem (Engines behind
 * TLS) and arc's own code name them at the top.
 */
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(bundler) {
    bundler.onResolve(
      { filter: /^(node:)?(crypto|child_process|fs\/promises|https|net|stream|tty)$/ },
      ({ importer, path }) =>
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
 * dockerode describes each request in full, for a debug log that is off, which a boot would have to wait for. With DEBUG set it still does.
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

/** As text, for JSON is read faster than a literal of the same value is compiled, or its code loaded. */
const jsonAsText = {
  name: 'json-as-text',
  setup(bundler) {
    bundler.onLoad({ filter: /\.json$/ }, ({ path }) => {
      const value = JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(value)})` };
    });
  },
};

const { outputFiles, metafile } = await build({
  write: false,
  metafile: true,
  plugins: [withoutUnused, withoutBrowser, lazyBuiltins, withoutUnreadDescriptions, jsonAsText],
  entryPoints: { main: 'src/main.ts', webrtc: 'src/providers/livekit/webrtc/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.22',
  external: ['@livekit/rtc-node'],
  define: {
    __ARC_VERSION__: JSON.stringify(version),
    'import.meta.filename': 'module.filename',
    'import.meta.dirname': 'module.path',
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
});

/**
 * A part as a function, so that it is compiled and run when it is first asked for. As ES modules they would also load
 * every built-in module of Node that any of them names before arc begins.
 */
async function asFunction({ path, text }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node22.22',
    // Other parts are imported when they are needed, too; Node's own import() knows files, and no parts of them.
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  });
  // esbuild escapes what is not ASCII, but for regular expressions. All ASCII is read and kept in half the memory.
  const ascii = code.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  // Of a CommonJS package that is imported when it is needed there would be the default only, and no names.
  const { entryPoint } = metafile.outputs[relative('.', path)];
  const isCommonJs = entryPoint !== undefined && metafile.inputs[entryPoint].format === 'cjs';
  return `function(require,module,exports){${ascii.trimEnd()}${isCommonJs ? ';module.exports=module.exports.default' : ''}}`;
}

/**
 * One file with all parts, which runs as it is. Its last line says where each part begins and how long it is: with
 * that, bin/start.cjs reads those only that a command needs.
 */
async function programText() {
  const index = {};
  let text = "'use strict';const parts={";
  for (const file of outputFiles) {
    const name = `./${basename(file.path)}`;
    const part = await asFunction(file);
    text += `\n${JSON.stringify(name)}:\n`;
    index[name] = [text.length, part.length];
    text += `${part},`;
  }
  const load = `const loaded=new Map();const load=(name)=>{const part=parts[name];if(part===undefined)return require(name);\
let own=loaded.get(name);if(own===undefined){own={exports:{},path:__dirname,filename:__filename};loaded.set(name,own);\
part(load,own,own.exports)}return own.exports};load('./main.js');`;
  return `${text}};\n${load}\n//${JSON.stringify(index)}\n`;
}

/** The licence of every package that is inside the bundle, as most licences want: in full, and with its notices. */
function licences() {
  const inside = new Set(
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
        bytesInOutput === 0 ? [] : (/^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
      ),
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
writeWhole('dist/arc.cjs', await programText());
writeWhole('dist/licences.txt', `${licences().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
