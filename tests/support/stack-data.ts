import { createClient } from '@redis/client';
import { AwsClient } from 'aws4fetch';

/** Credentials of the data services, for tests that put data in and look for it later. */
export type DataCredentials = { redisPassword: string; minioUser: string; minioPassword: string };

/** The development values, as the services' manifests have them. */
export const devCredentials: DataCredentials = {
  redisPassword: 'arc-dev-redis-password',
  minioUser: 'arc-dev-minio',
  minioPassword: 'arc-dev-minio-password',
};

/** Writes a key to the cache and an object to the recordings bucket. */
export async function writeData(text: string, credentials = devCredentials): Promise<void> {
  await withRedis(credentials, async (redis) => {
    await redis.set('arc-test', text);
  });
  await writeObject('arc-test', text, credentials);
}

/** Writes an object to the recordings bucket. */
export async function writeObject(name: string, text: string, credentials = devCredentials): Promise<void> {
  const url = `http://127.0.0.1:9000/recordings/${name}`;
  const { ok, status } = await s3(credentials).fetch(url, { method: 'PUT', body: text });
  if (!ok) throw new Error(`the object could not be written: ${status}`);
}

/** What is there of the data; `null` for what is not. */
export async function readData(
  credentials = devCredentials,
): Promise<{ key: string | null; object: string | null }> {
  const key = await withRedis(credentials, (redis) => redis.get('arc-test'));
  const response = await s3(credentials).fetch(objectUrl);
  const text = await response.text();
  if (!response.ok && response.status !== 404) throw new Error(`the storage answers ${response.status}`);
  return { key, object: response.ok ? text : null };
}

/** An object of the recordings bucket. */
export async function readObject(name: string, credentials = devCredentials): Promise<Uint8Array> {
  const response = await s3(credentials).fetch(`http://127.0.0.1:9000/recordings/${name}`);
  if (!response.ok) throw new Error(`${name}: the storage answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const objectUrl = 'http://127.0.0.1:9000/recordings/arc-test';

function s3({ minioUser, minioPassword }: DataCredentials): AwsClient {
  return new AwsClient({
    accessKeyId: minioUser,
    secretAccessKey: minioPassword,
    service: 's3',
    region: 'us-east-1',
    retries: 0,
  });
}

async function withRedis<Result>(
  { redisPassword }: DataCredentials,
  use: (client: ReturnType<typeof createClient>) => Promise<Result>,
): Promise<Result> {
  const client = createClient({
    url: 'redis://127.0.0.1:6379',
    password: redisPassword,
    socket: { reconnectStrategy: false },
  });
  // Errors come through the calls; without a listener they would end the process as well.
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}
