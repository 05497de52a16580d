import { execa } from 'execa';

/** An encoder of one's own: ffmpeg, which sends a moving test picture and a tone. */
export type Encoder = {
  /** What it said, once it has ended. */
  ended: Promise<{ exitCode: number | undefined; said: string }>;
  /** Ends the stream as an encoder does. */
  stop: () => Promise<void>;
  /** Is gone without a word. */
  kill: () => Promise<void>;
  /** Stands still, and sends what it missed when it goes on. */
  stand: () => void;
  goOn: () => void;
};

const picture = ['-f', 'lavfi', '-i', 'testsrc=size=640x360:rate=30'];
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'];
// A whole picture every 10 s, as some encoders do: nothing may have to wait for it.
const h264 = '-c:v libx264 -preset ultrafast -tune zerolatency -g 300 -pix_fmt yuv420p'.split(' ');
const aac = '-c:a aac -b:a 96k'.split(' ');

/** @param options.has what is in the stream */
export function startEncoder(options: {
  url: string;
  environment: Readonly<Record<string, string>>;
  has?: 'both' | 'audio' | 'video';
}): Encoder {
  const { url, environment, has = 'both' } = options;
  const inputs = [...(has === 'audio' ? [] : picture), ...(has === 'video' ? [] : tone)];
  const codecs = [...(has === 'audio' ? [] : h264), ...(has === 'video' ? [] : aac)];
  const child = execa(
    'ffmpeg',
    ['-hide_banner', '-loglevel', 'error', '-re', ...inputs, ...codecs, '-f', 'flv', url],
    { env: environment, stdin: 'ignore', reject: false, all: true, timeout: 150_000 },
  );
  return {
    ended: child.then(({ exitCode, all }) => ({ exitCode, said: all })),
    stop: async () => {
      child.kill('SIGINT');
      await child;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await child;
    },
    stand: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
  };
}
