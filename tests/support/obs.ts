import { createHash, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { freePort } from './registry.ts';
import { untilLine } from './run-arc.ts';

// OBS Studio as its users have it, with its window on a screen that nobody sees (Xvfb, OpenGL by Mesa's llvmpipe), and
// with what they would have set up in it: a profile, a service and a scene.

export type Obs = {
  /** Its log, as far as it has come. */
  log: () => string;
  /** Stops streaming, as its button does. */
  stop: () => Promise<void>;
};

export const obsNeeds = ['obs', 'Xvfb'] as const;

/**
 * Starts streaming a film with a tone, at 640x360 and otherwise as OBS does when nothing is set. Gone when the test is over.
 *
 * @param options.url server and stream key in one, as other encoders take it
 */
export async function startObs(options: {
  url: string;
  environment: Readonly<Record<string, string>>;
}): Promise<Obs> {
  const { url, environment } = options;
  const home = await mkdtemp(join(tmpdir(), 'arc-obs-'));
  onTestFinished(() => rm(home, { recursive: true }));
  const film = join(home, 'film.mp4');
  await makeFilm(film);
  // It listens at every address, so not without a password.
  const remote = { port: await freePort(), password: randomUUID() };
  for (const [path, text] of Object.entries(settings({ url, film, remote }))) {
    const file = join(home, 'obs-studio', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const display = await startScreen(environment);
  const child = execa(
    'obs',
    [
      ...['--startstreaming', '--minimize-to-tray', '--profile', 'test', '--collection', 'test'],
      // No question about another OBS, a newer one, or one that crashed.
      ...['--multi', '--disable-updater', '--disable-shutdown-check'],
    ],
    {
      // Nothing of who runs the test: neither their OBS's settings nor their desktop.
      extendEnv: false,
      env: {
        ...environment,
        PATH: process.env.PATH,
        HOME: home,
        XDG_CONFIG_HOME: home,
        XDG_RUNTIME_DIR: home,
        DISPLAY: display,
        QT_QPA_PLATFORM: 'xcb',
        // It asks its makers for a list of services when it starts; here it reaches nobody.
        https_proxy: 'http://127.0.0.1:9',
      },
      stdin: 'ignore',
      reject: false,
      all: true,
      timeout: 120_000,
    },
  );
  let log = '';
  child.all.on('data', (text) => {
    log += text;
  });
  // Closed in order (SIGINT) while it streamed, OBS 29 stood still in one of 16 times, and streamed on.
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await child;
  });
  return { log: () => log, stop: () => stopStreaming(remote) };
}

/** What people see and hear, so short that it is made within moments; it is shown over and over. */
async function makeFilm(path: string): Promise<void> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=30'];
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'];
  const codecs = '-t 4 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac'.split(' ');
  await execa('ffmpeg', ['-loglevel', 'error', ...picture, ...tone, ...codecs, path]);
}

/** The files that OBS keeps in its folder. */
function settings(options: { url: string; film: string; remote: Remote }): Readonly<Record<string, string>> {
  const { url, film, remote } = options;
  const end = url.lastIndexOf('/');
  return {
    'global.ini': [
      // Not the first start, after which there is a wizard.
      ...['[General]', 'FirstRun=true', 'EnableAutoUpdates=false'],
      ...['[OBSWebSocket]', 'FirstLoad=false', 'ServerEnabled=true', 'AuthRequired=true'],
      ...[`ServerPort=${remote.port}`, `ServerPassword=${remote.password}`],
    ].join('\n'),
    'basic/profiles/test/basic.ini': [
      ...['[General]', 'Name=test', '[Video]', 'FPSCommon=30'],
      ...['BaseCX=640', 'BaseCY=360', 'OutputCX=640', 'OutputCY=360'],
    ].join('\n'),
    'basic/profiles/test/service.json': JSON.stringify({
      type: 'rtmp_custom',
      settings: { server: url.slice(0, end), key: url.slice(end + 1) },
    }),
    'basic/scenes/test.json': JSON.stringify({
      name: 'test',
      current_scene: 'Scene',
      current_program_scene: 'Scene',
      scene_order: [{ name: 'Scene' }],
      sources: [
        { id: 'scene', name: 'Scene', settings: { items: [{ name: 'Film', id: 1, visible: true }] } },
        { id: 'ffmpeg_source', name: 'Film', settings: { local_file: film, looping: true } },
      ],
    }),
  };
}

/** What a message is, in version 5 of the protocol of obs-websocket (its protocol.md, "WebSocketOpCode"). */
const op = { hello: 0, identify: 1, identified: 2, request: 6, response: 7 };

type Message = {
  op: number;
  d: { authentication?: { challenge: string; salt: string }; requestStatus?: { result: boolean } };
};
type Remote = { port: number; password: string };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** By what OBS has for remote controls since version 28. */
async function stopStreaming({ port, password }: Remote): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const say = (kind: number, content: object): void => socket.send(JSON.stringify({ op: kind, d: content }));
  try {
    await new Promise<void>((resolve, reject) => {
      socket.onerror = () => reject(new Error('OBS cannot be controlled'));
      socket.onclose = socket.onerror;
      socket.onmessage = ({ data }) => {
        const { op: kind, d: content }: Message = JSON.parse(String(data));
        if (kind === op.hello) {
          const { salt = '', challenge = '' } = content.authentication ?? {};
          const authentication = sha256(sha256(password + salt) + challenge);
          say(op.identify, { rpcVersion: 1, eventSubscriptions: 0, authentication });
        }
        if (kind === op.identified) say(op.request, { requestType: 'StopStream', requestId: 'stop' });
        if (kind !== op.response) return;
        if (content.requestStatus?.result) resolve();
        else reject(new Error(`OBS does not stop: ${JSON.stringify(content.requestStatus)}`));
      };
    });
  } finally {
    socket.close();
  }
}

/** @returns its name, which the screen chooses so that it is nobody else's */
async function startScreen(environment: Readonly<Record<string, string>>): Promise<string> {
  const screen = execa('Xvfb', ['-displayfd', '1', '-screen', '0', '1024x768x24'], {
    env: environment,
    stdin: 'ignore',
    reject: false,
    timeout: 150_000,
  });
  onTestFinished(async () => {
    screen.kill();
    await screen;
  });
  return `:${await untilLine(screen.stdout, (line) => /^\d+$/.test(line))}`;
}
