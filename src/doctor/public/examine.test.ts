import { describe, expect, test } from 'vitest';
import type { Outside } from '../../host/outside.ts';
import { stack } from '../situation.fixture.ts';
import { examinePublic } from './examine.ts';
import type { PublicSituation } from './situation.ts';

const address = '8.8.4.4';

function outside(changes: Partial<Outside> = {}): Outside {
  return {
    addresses: () => [address],
    resolve: async () => [address],
    connect: async () => 'taken',
    seen: async () => address,
    ...changes,
  };
}

const plain = stack();
const [realtime] = plain.containers;
if (realtime === undefined) throw new Error('there is one');

/** A server with one port for others, its media, and a name at its own door. */
const open = stack({
  selection: ['production'],
  settings: {
    node_ip: { value: address, description: '', service: 'realtime', kind: 'address', source: 'flag' },
  },
  containers: [
    {
      ...realtime,
      ports: realtime.ports.map((port) =>
        port.name === 'http' ? { ...port, bind: '0.0.0.0', public: true } : port,
      ),
      checks: [
        {
          name: 'livekit',
          description: '',
          probe: {
            kind: 'route',
            at: { role: 'realtime', port: 'http' },
            fields: { host: 'livekit', domain: 'voice.example' },
          },
          needs: ['realtime'],
        },
      ],
    },
  ],
});
const published = [
  { protocol: 'tcp', bind: '0.0.0.0', first: 7880, last: 7880 },
  { protocol: 'udp', bind: '0.0.0.0', first: 50100, last: 50100 },
] as const;
const running = [{ name: 'arc-realtime', ports: published }];

/** What a person reads, a line each. */
async function read(changes: Partial<PublicSituation> = {}): Promise<readonly string[]> {
  const found = await examinePublic({ stack: open, running, outside: outside(), ...changes });
  return found.map((finding) =>
    'problem' in finding
      ? `${finding.state} ${finding.problem.code}: ${finding.problem.message} → ${finding.problem.suggestion}`
      : `${finding.state}: ${finding.summary}`,
  );
}

function withAddress(value: string) {
  const setting = open.settings.node_ip;
  if (setting === undefined) throw new Error('there is one');
  return stack({ ...open, settings: { node_ip: { ...setting, value } } });
}

test('what is open is said to be, and what cannot be told from here is never called open', async () => {
  expect(await read()).toEqual([
    'ok: clients are told 8.8.4.4 (node_ip), a public address of this machine',
    'ok: livekit.voice.example leads to 8.8.4.4, which is this machine',
    'ok: 7880/tcp of arc-realtime (http) takes connections at 8.8.4.4, from this machine itself',
    'ok: 50100-50200/udp of arc-realtime (media) is published on 0.0.0.0; what arrives there is not known (see below)',
    'skipped: not tried: whether firewalls in front of this machine let TCP 7880 through. On a machine elsewhere: nc -vz <address> 7880',
    'skipped: not tried: whether UDP 50100-50200 gets here and back, for nothing answers a stranger there. Join a room from elsewhere with UDP alone',
  ]);
});

describe('the address that clients are told', () => {
  test.each([
    ['127.0.0.1', /^missing address-not-public: Nobody elsewhere gets media/],
    ['192.168.1.5', /^warning address-not-public: Only clients of the same network get media/],
    ['9.9.9.9', /^warning address-behind-nat: .*9\.9\.9\.9.*others see it at 8\.8\.4\.4/],
  ])('%s', async (value, expected) => {
    expect((await read({ stack: withAddress(value) }))[0]).toMatch(expected);
  });

  test('is right, behind NAT, where others see the machine there', async () => {
    const behind = outside({ addresses: () => ['10.0.0.2'] });
    expect((await read({ outside: behind }))[0]).toMatch(
      /^warning address-behind-nat: This machine is behind NAT/,
    );
  });

  test('is not compared where nobody says how others see the machine', async () => {
    const alone = outside({ seen: async () => undefined });
    expect(await read({ outside: alone })).toContain(
      'skipped: not known: the address that others see this machine at, for no STUN server answers',
    );
  });
});

describe('a name', () => {
  const ofName = async (addresses: Awaited<ReturnType<Outside['resolve']>>) =>
    (await read({ outside: outside({ resolve: async () => addresses }) }))[1];

  test('that is not in the DNS is missing, with the record that it needs', async () => {
    expect(await ofName([])).toBe(
      'missing name-not-found: livekit.voice.example is not in the DNS. → add a record for it, such as A 8.8.4.4, and set `domain` to one that is yours',
    );
  });

  test('that leads elsewhere is a warning, for something there may forward it', async () => {
    expect(await ofName(['1.1.1.1'])).toMatch(/^warning name-elsewhere: .*leads to 1\.1\.1\.1/);
  });

  test('is not judged where no server of names answers', async () => {
    expect(await ofName('silent')).toMatch(/^skipped: not tried: where livekit\.voice\.example leads/);
  });
});

describe('a port', () => {
  const ofPort = async (changes: Partial<PublicSituation>) => (await read(changes))[2];

  test('is closed while its container does not run', async () => {
    expect(await ofPort({ running: [] })).toBe(
      'missing public-port-closed: 7880/tcp of arc-realtime (http) is closed to others: arc-realtime does not run. → arc up production',
    );
  });

  test('is closed where what runs has it on this machine alone', async () => {
    const ports = [{ protocol: 'tcp', bind: '127.0.0.1', first: 7880, last: 7880 }] as const;
    expect(await ofPort({ running: [{ name: 'arc-realtime', ports }] })).toMatch(
      /published on 127\.0\.0\.1 alone/,
    );
  });

  test('is closed where the profile keeps it on this machine', async () => {
    const [container] = open.containers;
    if (container === undefined) throw new Error('there is one');
    const ports = container.ports.map((port) => ({ ...port, bind: '127.0.0.1' }));
    expect(await ofPort({ stack: stack({ ...open, containers: [{ ...container, ports }] }) })).toMatch(
      /outside of a production profile\. → arc up production$/,
    );
  });

  test('is closed where nothing takes a connection', async () => {
    expect(await ofPort({ outside: outside({ connect: async () => 'connection refused' }) })).toMatch(
      /^missing public-port-closed: .*at 8\.8\.4\.4, connection refused/,
    );
  });

  test('of another machine is tried from outside', async () => {
    const found = await read({ engineAddress: '1.0.0.1', stack: withAddress('1.0.0.1') });
    expect(found[2]).toBe(
      'ok: 7880/tcp of arc-realtime (http) takes connections at 1.0.0.1 from this machine, which is another one',
    );
    expect(found.join('\n')).not.toContain('nc -vz');
  });
});
