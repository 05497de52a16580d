import { secretField } from '../../core/data.ts';
import { authority, type SocketAddress } from '../../core/socket-address.ts';
import type { Server, ServerAnswer } from '../provider.ts';

/** Where clients connect to, and how to get a token for them. */
export function livekitAnswer(options: {
  server: Server;
  address: SocketAddress | undefined;
  program: string;
}): ServerAnswer {
  const { server, address, program } = options;
  const [probe] = server.probes;
  const apiKey = secretField(probe.fields, 'api_key').reveal();
  const url = address === undefined ? null : livekitUrl(address);
  return {
    data: { url, apiKey },
    lines: [
      ...(url === null ? [] : [['LiveKit', url] as const]),
      ['API key', apiKey],
      ['Token', `${program} token --room demo --identity me`],
    ],
  };
}

/** `ws://127.0.0.1:7880`: what clients of the server take as its address. */
export function livekitUrl(address: SocketAddress): string {
  return `ws://${authority(address)}`;
}
