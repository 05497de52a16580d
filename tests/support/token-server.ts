import { spawnSync } from 'node:child_process';
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A token server as registries trust it: distribution's token and OAuth specifications, on loopback. */
export type TokenServer = {
  realm: string;
  service: string;
  issuer: string;
  /** The file with the certificate that its tokens are signed for. */
  certificate: string;
  /** What was asked for, in order: `GET arc-test repository:a/b:pull`, `POST refresh_token repository:a/b:pull`. */
  asked: string[];
  close: () => Promise<void>;
};

/** What somebody may do, and for how long a token says so. */
export type TokenRules = {
  /** By name and password; "" is whoever shows no login. */
  users: Readonly<Record<string, { password: string; actions: readonly string[] }>>;
  identityTokens?: Readonly<Record<string, { actions: readonly string[] }>>;
  seconds?: number;
};

/**
 * The rules can be changed while it runs.
 *
 * @param options.folder where its key and its certificate are made, by openssl
 */
export async function startTokenServer(options: { folder: string; rules: TokenRules }): Promise<TokenServer> {
  const { folder, rules } = options;
  mkdirSync(folder, { recursive: true });
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const made = spawnSync(
    'openssl',
    [
      'req',
      '-x509',
      ...curve,
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=token',
      '-keyout',
      key,
      '-out',
      certificate,
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
  const asked: string[] = [];
  const token = signer({ key: readFileSync(key), certificate: readFileSync(certificate) });

  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://token');
    const form = new URLSearchParams(await text(request));
    const scope = url.searchParams.get('scope') ?? form.get('scope') ?? '';
    const { who, actions } =
      request.method === 'POST'
        ? byIdentityToken(rules, form)
        : byPassword(rules, request.headers.authorization ?? '');
    asked.push(`${request.method} ${who} ${scope}`);
    if (!actions) {
      const errors = [{ code: 'UNAUTHORIZED', message: 'authentication required' }];
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ errors }));
      return;
    }
    const [, type = '', name = '', wanted = ''] = /^(\w+):(.*):([\w,*]*)$/.exec(scope) ?? [];
    const granted = wanted.split(',').filter((action) => actions.includes(action));
    const seconds = rules.seconds ?? 300;
    const answer = {
      [request.method === 'POST' ? 'access_token' : 'token']: token({
        seconds,
        access: [{ type, name, actions: granted }],
      }),
      expires_in: seconds,
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    service,
    issuer,
    certificate,
    asked,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const service = 'registry.test';
const issuer = 'token.test';

type Holder = { who: string; actions?: readonly string[] };

function byPassword({ users }: TokenRules, authorization: string): Holder {
  const [name = '', password = ''] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString('utf8')
    .split(':');
  const user = users[name];
  return user && user.password === password
    ? { who: name || 'nobody', actions: user.actions }
    : { who: name };
}

function byIdentityToken({ identityTokens = {} }: TokenRules, form: URLSearchParams): Holder {
  const who = form.get('grant_type') ?? '';
  const held = identityTokens[form.get('refresh_token') ?? ''];
  return held && form.get('client_id') ? { who, actions: held.actions } : { who };
}

/** Signs JSON Web Tokens (ES256), with the certificate beside it. */
function signer(options: { key: Buffer; certificate: Buffer }) {
  const key = createPrivateKey(options.key);
  const x5c = [new X509Certificate(options.certificate).raw.toString('base64')];
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  let serial = 0;
  return ({ seconds, access }: { seconds: number; access: readonly object[] }): string => {
    const now = Math.floor(Date.now() / 1000);
    serial += 1;
    const claims = {
      iss: issuer,
      sub: 'test',
      aud: service,
      iat: now,
      nbf: now - 5,
      exp: now + seconds,
      jti: `token-${serial}`,
      access,
    };
    const content = `${encode({ typ: 'JWT', alg: 'ES256', x5c })}.${encode(claims)}`;
    return `${content}.${sign('SHA256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
}

async function text(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
