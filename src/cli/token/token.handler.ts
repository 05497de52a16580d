import { authority } from '../../core/address.ts';
import { exitStatus, invalid } from '../../core/errors.ts';
import { livekitServer } from '../../stack/livekit-server.ts';
import { publishedAddress } from '../../stack/published-address.ts';
import { loadStack, loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';

type TokenOptions = { room: string; identity: string; ttl: string; subscribeOnly?: boolean; admin?: boolean };

/** A token is an answer, not a leak: it is what was asked for, and goes to standard output alone. */
export const makeToken: Handler<TokenOptions> = async (options, cli) => {
  if (!/^[1-9]\d*(s|m|h|d)$/.test(options.ttl))
    throw invalid({
      code: 'bad-flag',
      message: `--ttl takes a number and a unit, and got "${options.ttl}".`,
      suggestion: 'for example --ttl 30m, 6h or 2d',
    });
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const stack = await loadStack({
    workspace,
    request: { selection: [], without: [], settings: {} },
    environment: cli.environment,
  });
  const server = livekitServer(stack)?.probe;
  if (server === undefined)
    throw invalid({
      code: 'no-livekit',
      message:
        'No service of the default profile is a LiveKit server, so there is nothing to make a token for.',
      suggestion:
        'declare a check with a livekit probe in its service.yaml; `arc explain realtime` shows one',
    });
  const { AccessToken } = await import('livekit-server-sdk');
  const token = new AccessToken(server.apiKey.reveal(), server.apiSecret.reveal(), {
    identity: options.identity,
    ttl: options.ttl,
  });
  token.addGrant({
    room: options.room,
    roomJoin: true,
    canSubscribe: true,
    canPublish: options.subscribeOnly !== true,
    canPublishData: options.subscribeOnly !== true,
    ...(options.admin === true ? { roomAdmin: true } : {}),
  });
  const address = publishedAddress({ stack, at: server.at });
  const url = address === undefined ? null : `ws://${authority(address)}`;
  const jwt = await token.toJwt();
  cli.answerWithSecret({
    data: { url, room: options.room, identity: options.identity, token: jwt },
    text: () => jwt,
  });
  return exitStatus.done;
};
