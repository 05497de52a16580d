import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { devLivekit } from '../../support/rooms.ts';
import { until } from '../../support/until.ts';
import type { BenchContext } from '../context.ts';
import { run } from '../measure.ts';

/** Whisper's own window in place of the shorter one. */
const shortest = /^SHORTEST = .+$/m;

/**
 * Starts the comparison in place of the stack's agent: the same framework with its plain plugins, and ears with Whisper's
 * window of 30 s. Voice and brain are the stack's.
 *
 * @returns removes it
 */
export async function startPlainAgent(options: {
  context: BenchContext;
  network: string;
}): Promise<() => Promise<void>> {
  const { context, network } = options;
  const windows = await readFile(join(context.root, 'packages/voice/hearing/windows.py'), 'utf8');
  if (!shortest.test(windows)) throw new Error('the ears have no window that could be made longer');
  const longWindows = join(context.folder, 'windows.py');
  await writeFile(longWindows, windows.replace(shortest, 'SHORTEST = 30.0'), { mode: 0o644 });
  const agent = join(context.root, 'tests/bench/voice/plain-agent.ts');
  const image = async (name: string) =>
    (await run('docker', ['inspect', '--format', '{{.Image}}', name])).trim();
  const [ears, agentImage] = await Promise.all([image('arc-speech-hearing'), image('arc-agent')]);
  const names = ['arcbench-plain-hearing', 'arcbench-plain-agent'];
  const remove = async () => void (await run('docker', ['rm', '--force', ...names]));
  const start = (name: string, words: readonly string[]) =>
    run('docker', ['run', '--detach', '--name', name, '--network', network, ...words]);
  await run('docker', ['stop', 'arc-agent']);
  await start('arcbench-plain-hearing', [
    ...['--volume', `${longWindows}:/opt/hearing/windows.py:ro`],
    ...env({ HEARING_PORT: '8002', HEARING_MODEL: '/opt/models/tiny.en' }),
    ...['--entrypoint', '/opt/hearing/.venv/bin/python', ears, '/opt/hearing/main.py'],
  ]);
  await start('arcbench-plain-agent', [
    ...['--volume', `${agent}:/opt/voice/agent/plain-agent.ts:ro`, '--entrypoint', 'node'],
    ...env({
      LIVEKIT_URL: 'ws://arc-realtime:7880',
      API_KEY: devLivekit.apiKey,
      API_SECRET: devLivekit.apiSecret,
      HEARING_URL: 'http://arcbench-plain-hearing:8002',
      SPEECH_URL: 'http://arc-speech:8001',
      BRAIN_URL: 'http://arc-brain:8000',
    }),
    ...[agentImage, '/opt/voice/agent/plain-agent.ts'],
  ]);
  // A room that is made before gets no agent.
  await until({
    what: 'the plain worker',
    ask: async () => (await run('docker', ['logs', 'arcbench-plain-agent'])).includes('registered worker'),
  });
  return remove;
}

function env(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
}
