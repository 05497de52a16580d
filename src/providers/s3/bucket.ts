import { AwsClient } from 'aws4fetch';
import { type Fields, secretField, textField } from '../../core/data.ts';
import { origin, type SocketAddress } from '../../core/socket-address.ts';
import type { Server } from '../provider.ts';

/** A bucket of a storage that can be reached, and a client that signs for it. */
export type Bucket = {
  name: string;
  /** `http://127.0.0.1:9000/recordings`: path style, as LiveKit egress asks. */
  url: string;
  client: AwsClient;
};

/**
 * The bucket of an s3 probe.
 *
 * @param options.fields those of the probe
 */
export function bucketAt(options: { fields: Fields; address: SocketAddress }): Bucket {
  const { fields, address } = options;
  const name = textField(fields, 'bucket');
  return { name, url: `${origin(address)}/${name}`, client: signerOf(fields) };
}

/** A client that signs requests with the keys of an s3 probe. */
export function signerOf(fields: Fields): AwsClient {
  // One question gets one answer: a failure is reported, not tried again.
  return new AwsClient({
    accessKeyId: secretField(fields, 'access_key').reveal(),
    secretAccessKey: secretField(fields, 'secret_key').reveal(),
    service: 's3',
    region: textField(fields, 'region'),
    retries: 0,
  });
}

/** One probe for each bucket of a storage. */
export function bucketProbes({ probes }: Server): readonly Server['probes'][number][] {
  return [...new Map(probes.map((probe) => [textField(probe.fields, 'bucket'), probe])).values()];
}

/** Address of an object, whose key may have any character. */
export function objectUrl({ url }: Bucket, key: string): string {
  return `${url}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
