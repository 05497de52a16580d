import { loadStackOnEngine } from '../../app/load-stack.ts';
import { serversOf } from '../../app/providers.ts';
import { exitStatus, invalid } from '../../core/errors.ts';
import { engineAddress } from '../../platform/docker/engine-address.ts';
import { asBootable } from '../../stack/bootable.ts';
import { publishedAddress } from '../../stack/published-address.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';

type TokenOptions = {
  room: string;
  identity: string;
  /** Milliseconds. */
  ttl: number;
  subscribeOnly?: boolean;
  admin?: boolean;
};

/** A token is an answer, not a leak: it is what was asked for, and goes to standard output alone. */
export const makeToken: Handler<TokenOptions> = async (options, cli) => {
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const described = await loadStackOnEngine({
    context: cli,
    workspace,
    request: { selection: [], without: [], settings: {} },
  });
  const stack = asBootable(described);
  const [found] = serversOf(stack).flatMap(({ provider, server }) =>
    provider.token === undefined ? [] : [{ tokenFor: provider.token, server }],
  );
  if (found === undefined)
    throw invalid({
      code: 'no-livekit',
      message: 'No service of the default profile is a LiveKit server, so no server accepts a token.',
      suggestion:
        'declare a check with a livekit probe in its service.yaml; `arc explain realtime` shows one',
    });
  const { tokenFor, server } = found;
  const { room, identity } = options;
  const seconds = Math.ceil(options.ttl / 1000);
  const machine = (await engineAddress(cli.environment))?.address;
  const { url, token } = await tokenFor({
    server,
    address: publishedAddress({ stack, at: server.probes[0].at, machine }),
    grant: {
      room,
      identity,
      seconds,
      publish: options.subscribeOnly !== true,
      admin: options.admin === true,
    },
  });
  cli.answerWithSecret({ data: { url, room, identity, token }, text: () => token });
  return exitStatus.done;
};
