import type { Problem, SourceLocation } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import type { RouteManifest } from '../model-route.ts';
import { containersOf, formsOf } from './ports.ts';

/** Routes that lead to no port, or that the gateway could not tell from each other. */
export function checkRoutes(draft: Draft): readonly Problem[] {
  const taken = new Map<string, Taken>();
  return [
    ...formsOf(draft).flatMap((part) =>
      part.manifest.routes.flatMap((route, index) => checkPort({ part, route, index })),
    ),
    ...containersOf(draft).flatMap((part) =>
      part.manifest.routes.flatMap((route, index) => checkPlace({ part, route, index, taken })),
    ),
  ];
}

/** The container that has a host already, and where. */
type Taken = { name: string; location: SourceLocation };

type One = { part: ContainerPart; route: RouteManifest; index: number };

function checkPort({ part, route, index }: One): readonly Problem[] {
  const { ports, name } = part.manifest;
  const location = placeOf(part, 'routes', index, 'port');
  const found = ports.filter((port) => port.name === route.port);
  if (found.some(({ protocol, container }) => protocol === 'tcp' && container.first === container.last))
    return [];
  if (found.length > 0)
    return [
      {
        code: 'route-port',
        message: `The port ${route.port} of ${name} is not a single TCP port, so a route cannot lead to it.`,
        suggestion: 'UDP and ranges of ports are published by the container itself',
        location,
      },
    ];
  const names = ports.map((port) => port.name);
  const meant = nearest(route.port, names);
  return [
    {
      code: 'route-port',
      message: `${name} has no port ${route.port}.`,
      suggestion: meant === undefined ? `it has ${names.join(', ') || 'none'}` : `did you mean \`${meant}\`?`,
      location,
    },
  ];
}

/** A host of TLS is whole: what is inside is not read, so there is no path to tell two routes apart. */
function checkPlace({ part, route, index, taken }: One & { taken: Map<string, Taken> }): readonly Problem[] {
  const location = placeOf(part, 'routes', index, 'host');
  const { host, path, protocol } = route;
  const key = `${host}${path}`;
  const others = [...taken].filter(
    ([other]) =>
      other === key || (protocol === 'tls' && other.startsWith(`${host}/`)) || other === `${host} tls`,
  );
  taken.set(protocol === 'tls' ? `${host} tls` : key, { name: part.manifest.name, location });
  const [first] = others;
  const wrong: Problem[] = [];
  if (first !== undefined)
    wrong.push({
      code: 'duplicate-route',
      message: `Two routes have the host ${host}${path === '/' ? '' : ` and the path ${path}`}; the other is one of ${first[1].name}.`,
      detail: [`the other is at ${placeText(first[1].location)}`],
      suggestion: 'give one of them another host, or a longer path',
      location,
    });
  if (protocol === 'tls' && path !== '/')
    wrong.push({
      code: 'route-path',
      message: 'A route of the protocol tls has no path: the gateway does not read what is inside.',
      suggestion: 'remove `path`',
      location: placeOf(part, 'routes', index, 'path'),
    });
  if (protocol === 'tls' && route.auth !== undefined)
    wrong.push({
      code: 'route-auth',
      message: 'A route of the protocol tls has no password: the gateway does not read what is inside.',
      suggestion: 'remove `auth`, and let the service itself ask',
      location: placeOf(part, 'routes', index, 'auth'),
    });
  return wrong;
}

function placeText({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`;
}
