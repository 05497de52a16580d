// Bundles the program into one file. Everything is inside but what has native code: `@livekit/rtc-node`
// (optional, for the media check).
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * What dockerode brings along and arc does not use: SSH tunnels (ssh2 has native parts and cannot be bundled as
 * an ES module) and BuildKit sessions (gRPC: 450 KB that would cost every command 30 ms).
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
  outfile: 'dist/arc.mjs',
  bundle: true,
  platform: 'node',
  target: 'node22.22',
  format: 'esm',
  external: ['@livekit/rtc-node'],
  define: { __ARC_VERSION__: JSON.stringify(version) },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  // CommonJS libraries inside an ES module bundle still call require() for Node's own modules.
  banner: {
    js: "import{createRequire as __arcRequire}from'node:module';const require=__arcRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
