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

// What OBS Studio sends by default: x264 with a constant bit rate, pictures that refer to later ones, and a whole one every 250;
// AAC at 48 kHz; and as who it connects.
const obs = {
  h264: [
    '-c:v libx264 -preset veryfast -profile:v high -bf 2 -g 250 -pix_fmt yuv420p',
    '-b:v 2500k -maxrate 2500k -bufsize 2500k -x264-params nal-hrd=cbr',
  ]
    .join(' ')
    .split(' '),
  aac: '-c:a aac -b:a 160k -ar 48000 -ac 2'.split(' '),
  connection: ['-rtmp_flashver', 'FMLE/3.0 (compatible; FMSc/1.0)', '-rtmp_live', 'live'],
};

/** @param options.has what is in the stream */
export function startEncoder(options: {
  url: string;
  environment: Readonly<Record<string, string>>;
  has?: 'both' | 'audio' | 'video';
  /** Ends after so long by itself. */
  seconds?: number;
  likeObs?: boolean;
  /** How wide its pixels are for their height: `4/3`. */
  sampleAspect?: string;
}): Encoder {
  const { url, environment, has = 'both', seconds, likeObs = false, sampleAspect } = options;
  const inputs = [...(has === 'audio' ? [] : picture), ...(has === 'video' ? [] : tone)];
  const codecs = [
    ...(has === 'audio' ? [] : likeObs ? obs.h264 : h264),
    ...(has === 'video' ? [] : likeObs ? obs.aac : aac),
  ];
  const shape = sampleAspect ? ['-vf', `setsar=${sampleAspect}`] : [];
  const end = seconds ? ['-t', String(seconds)] : [];
  const connection = likeObs ? obs.connection : [];
  const child = execa(
    'ffmpeg',
    [
      '-hide_banner',
      '-loglevel',
      'error',
      '-re',
      ...inputs,
      ...end,
      ...shape,
      ...codecs,
      '-f',
      'flv',
      ...connection,
      url,
    ],
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
