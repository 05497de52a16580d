import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Story } from '../story/client.ts';
import { apartIn, apartTolerance, lookAt, missingPictures, type Recorded } from '../support/recorded.ts';
import { devLivekit } from '../support/rooms.ts';
import { repository } from '../support/run-arc.ts';
import { readObject } from '../support/stack-data.ts';
import { openStage, type Stage } from '../support/stage.ts';

// The whole way of a stream: a boot, an encoder, the ingress, a room that people and a browser are in, the egress, and the
// files in the storage. The client knows no more than the address and the key, as it would of any LiveKit.

let stage: Stage;
let folder: string;
let story: Story;
const recorded = new Map<string, Recorded>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arc-story-'));
  stage = await openStage();
  await stage.succeed(['up', 'think', '--flavour', 'embedded', '--yes'], { limitMilliseconds: 600_000 });
  const { stdout } = await execa(process.execPath, [join(repository, 'tests', 'story', 'client.ts')], {
    env: {
      ...stage.environment,
      LIVEKIT_URL: 'ws://127.0.0.1:7880',
      LIVEKIT_API_KEY: devLivekit.apiKey,
      LIVEKIT_API_SECRET: devLivekit.apiSecret,
    },
    stdin: 'ignore',
    stderr: 'inherit',
    timeout: 240_000,
  });
  story = JSON.parse(stdout) as Story;
  for (const { kind, file } of story.recordings) {
    const path = join(folder, kind);
    writeFileSync(path, await readObject(file));
    recorded.set(kind, await lookAt(path));
  }
});
afterAll(async () => {
  await stage?.close();
  if (folder) rmSync(folder, { recursive: true });
});

it('is heard and seen by a participant with a native client', () => {
  expect(story.guest).toEqual(
    expect.arrayContaining(['camera: video 640x360', 'camera: picture 60', 'camera: audio']),
  );
});

it('is heard and seen in a browser: a second of pictures goes by with each beep', () => {
  const { received, pictures, lowestNumber, highestNumber, beeps } = story.browser;
  // From the first beep to the last the stream has 30 pictures a second; how many of those a page paints is the machine's.
  const passed = highestNumber - lowestNumber;
  expect(passed).toBeGreaterThan(30 * (beeps - 1) * 0.9);
  expect(received).toBeGreaterThan(passed * 0.9);
  expect(pictures).toBeGreaterThan(beeps);
});

describe.each(['participant', 'room'] as const)('the recording of the %s', (kind) => {
  const of = (): { file: Recorded; told: Story['recordings'][number] } => {
    const [file, told] = [recorded.get(kind), story.recordings.find((one) => one.kind === kind)];
    if (file === undefined || told === undefined) throw new Error('there is no such recording');
    return { file, told };
  };

  it('is in the storage under the requested name, and as long as the API says', () => {
    const { file, told } = of();
    expect(told.file).toBe(`${story.room}/${kind}.mp4`);
    expect(file).toMatchObject({ width: 640, height: 360 });
    expect(file.seconds).toBeGreaterThan(10);
    expect(Math.abs(file.seconds - told.seconds)).toBeLessThan(0.3);
  });

  it('lacks no more than 2 pictures in a row', () => {
    expect(missingPictures(of().file)).toBeLessThanOrEqual(2);
  });

  it('has each beep within 80 ms of its flash', () => {
    const apart = apartIn(of().file);
    expect(apart.length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...apart)).toBeLessThan(apartTolerance);
  });
});
