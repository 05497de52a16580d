import { createRequire } from 'node:module';
import { dirname } from 'node:path';

export type Rtc = typeof import('@livekit/rtc-node');

/**
 * The WebRTC client, which is an optional dependency with a native library.
 *
 * @returns undefined where it is not installed
 */
export function loadRtc(): Rtc | undefined {
  try {
    // The library logs to standard output, where arc's answers go, and has no setting against it; its logger is
    // reached by its file. Another version may keep it elsewhere, and then it logs.
    const require = createRequire(import.meta.filename);
    try {
      const { log } = require(`${dirname(require.resolve('@livekit/rtc-node'))}/log.cjs`) as {
        log: { level?: string };
      };
      log.level = 'silent';
    } catch {}
    return require('@livekit/rtc-node') as Rtc;
  } catch {
    return undefined;
  }
}
