import { join } from 'node:path';
import { type PypiToolName, pypiToolNames } from '../scripts/get-pypi-tool.ts';
import { type GoToolName, goToolNames } from '../scripts/go-tools.ts';
import type { Requirement } from '../src/doctor/requirement.ts';
import { recipeTools } from '../src/images/recipes/tools.ts';

/** What a suite needs on this machine beside a Docker Engine: `node scripts/prepare.ts` sees to it. */
export type SuiteNeeds = {
  requirements: readonly Requirement[];
  goTools: readonly GoToolName[];
  pypiTools: readonly PypiToolName[];
  /** Lock files of Python packages that programs of the suite import. */
  pythonLocks: readonly string[];
  /** A current Docker Engine, beside that of the machine. */
  currentEngine: boolean;
};

function program(
  name: string,
  packages: readonly string[],
  because: string,
  more: Pick<Requirement, 'alternatives' | 'proof'> = {},
): Requirement {
  return { program: name, packages, install: `install ${name}`, because, ...more };
}

/** What the Python client of the contracts imports. */
export const pythonClientLock = join(import.meta.dirname, '../packages/contracts/python/requirements.lock');

/** A person's speech, for the ears. */
export const humanSpeechLock = join(import.meta.dirname, 'human-speech/requirements.lock');

const whipClient = join(import.meta.dirname, 'support', 'whip-publisher.py');

const shared: readonly Requirement[] = [
  // Several kinds of recipe share a tool.
  ...[...new Set(Object.values(recipeTools).filter((tool) => tool !== undefined))].map((tool) => ({
    ...tool,
    because: 'bases are built with it',
  })),
  program('docker', ['docker.io'], 'other ways to do what arc does are compared with arc'),
  program('docker-registry', ['docker-registry'], 'images are pushed to a registry of the test'),
  program('runc', ['runc'], 'BuildKit builds with it'),
  program('git', ['git'], 'releases are made of commits'),
  program('ffmpeg', ['ffmpeg'], 'films are sent with it'),
  program('chromium', ['chromium'], 'a browser takes part in rooms', {
    alternatives: ['google-chrome', 'chromium-browser'],
  }),
  program('ffprobe', ['ffmpeg'], 'films are looked at with it'),
];

const ofTests: readonly Requirement[] = [
  program('curl', ['curl'], 'commands of the docs call it'),
  program('ip', ['iproute2'], 'networks of the tests are made with it'),
  program('iptables', ['iptables'], 'firewalls of the tests are made with it'),
  program('sshd', ['openssh-server'], 'an Engine on another machine is reached through it'),
  program('ssh', ['openssh-client'], 'an Engine on another machine is reached with it'),
  program('ssh-keygen', ['openssh-client'], 'keys of the tests are made with it'),
  program('slirp4netns', ['slirp4netns'], 'it is the network of a bare machine'),
  program(
    'gcc',
    ['gcc', 'libc6-dev', 'pkg-config', 'libseccomp-dev'],
    'a current Docker Engine is compiled with it',
    {
      proof: ['pkg-config', '--exists', 'libseccomp'],
    },
  ),
  program('openssl', ['openssl'], 'certificates of the tests are made with it'),
  program('python3', ['python3'], 'clients that are no programs of LiveKit run on it'),
  program('certutil', ['libnss3-tools'], 'a browser is told whom to trust'),
  program('update-ca-certificates', ['ca-certificates'], 'the system is told whom to trust'),
  program('obs', ['obs-studio'], 'its stream is received'),
  program('Xvfb', ['xvfb'], 'the window of OBS Studio is on its screen'),
  program(
    'gst-launch-1.0',
    ['gstreamer1.0-tools', ...['good', 'bad', 'ugly'].map((set) => `gstreamer1.0-plugins-${set}`)],
    'its stream is received',
    { proof: ['gst-inspect-1.0', 'rtmp2sink'] },
  ),
  program(
    'gst-inspect-1.0',
    ['gstreamer1.0-tools', 'gstreamer1.0-plugins-ugly'],
    'a film is encoded with it',
    {
      proof: ['gst-inspect-1.0', 'x264enc'],
    },
  ),
  program('gst-inspect-1.0', ['gstreamer1.0-tools', 'gstreamer1.0-libav'], 'sound is encoded with it', {
    proof: ['gst-inspect-1.0', 'avenc_aac'],
  }),
  program(
    'python3',
    [
      ...['python3-gi', 'gir1.2-gst-plugins-base-1.0', 'gir1.2-gst-plugins-bad-1.0'],
      ...['gstreamer1.0-nice', 'gstreamer1.0-plugins-good', 'gstreamer1.0-plugins-bad'],
    ],
    'a WHIP client of GStreamer is received',
    { proof: ['/usr/bin/python3', whipClient] },
  ),
  program('zsh', ['zsh'], 'its completions are tried'),
  program('fish', ['fish'], 'its completions are tried'),
];

/** What `make test` needs. */
export const testNeeds: SuiteNeeds = {
  requirements: [...shared, ...ofTests],
  goTools: goToolNames,
  pypiTools: pypiToolNames,
  pythonLocks: [pythonClientLock, humanSpeechLock],
  // Only root can start one.
  currentEngine: process.getuid?.() === 0,
};

/** What `make bench` needs. */
export const benchNeeds: SuiteNeeds = {
  requirements: shared,
  goTools: ['docker-compose', 'buildx', 'buildkitd'],
  pypiTools: [],
  pythonLocks: [],
  currentEngine: false,
};
