// What a conversation's process does before its conversation, once, when the worker starts: a fault is told then, and not
// to the first caller. What it compiles is kept for the processes of conversations.
import { flushCompileCache } from 'node:module';
import agent from './agent.ts';
import { log } from './log.ts';

try {
  await agent.prewarm?.({ userData: {} } as Parameters<NonNullable<typeof agent.prewarm>>[0]);
  flushCompileCache();
} catch (cause) {
  log('error', 'warm-up', { cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  process.exit(1);
}
process.exit(0);
