// Bundles the program into one file. Everything is inside but what has native code: `@livekit/rtc-node`
// (optional, for the media check).
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * What dockerode brings along and arc does not use: SSH tunnels (ssh2 has native parts and cannot be bundled) and BuildKit sessions (gRPC: 450 KB that would cost every command 30 ms).
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

await build({
  plugins: [withoutUnused],
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
  legalComments: 'linked',
  // The stand-ins for what only ES modules have.
  banner: {
    js: `const __arcUrl=require('node:url').pathToFileURL(__filename).href;
const __arcResolve=(name)=>require('node:url').pathToFileURL(require.resolve(name)).href;`,
  },
  logLevel: 'warning',
});
