import type { BucketServer } from './client.ts';

export type SignedRequest = {
  method: 'GET' | 'PUT';
  path: string;
  query: Readonly<Record<string, string>>;
  body?: string;
};

/**
 * Sends a request that is not part of S3 with the keys and the connections of the S3 client. With `fetch`, a command
 * would load a second HTTP client, which takes longer than all its questions (scripts/measure/loading.ts).
 *
 * @throws what the connection says
 */
export async function askSigned(options: {
  server: Pick<BucketServer, 's3'>;
  request: SignedRequest;
  signal: AbortSignal;
}): Promise<{ status: number; text: string }> {
  const { server, request, signal } = options;
  const { config } = server.s3;
  const { protocol, hostname, port } = (await config.endpoint?.()) ?? unknownEndpoint();
  const signer = await config.signer({
    name: 'sigv4',
    signingName: 's3',
    signingRegion: await config.region(),
    properties: {},
  });
  const signed = await signer.sign({
    ...{ ...request, query: { ...request.query }, protocol, hostname },
    ...(port === undefined ? {} : { port }),
    headers: { host: port === undefined ? hostname : `${hostname}:${port}` },
  });
  const { response } = await config.requestHandler.handle(signed as HandledRequest, { abortSignal: signal });
  return {
    status: response.statusCode,
    text: config.utf8Encoder(await config.streamCollector(response.body)),
  };
}

/** The handler takes any request of these fields; its type names a class. */
type HandledRequest = Parameters<BucketServer['s3']['config']['requestHandler']['handle']>[0];

function unknownEndpoint(): never {
  throw new Error('the client of S3 was opened with an endpoint');
}
