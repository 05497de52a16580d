// What stands in front of a stack where TLS ends: node tls-front.ts <folder with key.pem and cert.pem>, with JSON of
// `{ name: port of 127.0.0.1 }` on standard input. Takes connections on 443 of every address, and passes on what is in
// them by the name that the client asks for. Says "listening", and ends with its standard input.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';

const [folder = ''] = process.argv.slice(2);
const lines = createInterface(process.stdin);
lines.once('line', (line) => {
  const ports = JSON.parse(line) as Record<string, number>;
  const file = (name: string) => readFileSync(join(folder, name));
  createServer({ key: file('key.pem'), cert: file('cert.pem') }, (client) => {
    const port = ports[client.servername || ''];
    if (port === undefined) return void client.destroy();
    const server = connect(port, '127.0.0.1');
    // Either end may leave at any time, and takes the other with it.
    pipeline(client, server, client, () => {});
  }).listen(443, '0.0.0.0', () => process.stdout.write('listening\n'));
});
lines.once('close', () => process.exit(0));
