// Bundles the program into one file. Everything is inside but what has native code: `@livekit/rtc-node`
// (optional, for the media check) and the optional accelerators of ssh2, which dockerode brings along.
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/arc.mjs',
  bundle: true,
  platform: 'node',
  target: 'node22.22',
  format: 'esm',
  external: ['@livekit/rtc-node', 'cpu-features', '*.node'],
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
