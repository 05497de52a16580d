import schema from '../../../schemas/service.schema.json' with { type: 'json' };
import { defined } from '../../core/defined.ts';
import type { FolderManifest, ProofManifest, ReloadManifest } from '../model-needs.ts';
import { member, type YamlNode } from '../yaml/tree.ts';
import { choice, flag, optionalText, type Part, placeOf, text } from './read.ts';

const defaults = {
  folder: schema.$defs.folder.properties,
  signal: schema.$defs.signal_reload.properties,
  http: schema.$defs.http_reload.properties,
};

export function buildFolder(part: Part): FolderManifest {
  const { node } = part;
  return {
    folder: text(node, 'folder'),
    target: text(node, 'target'),
    ...defined({ reload: buildReload(member(node, 'reload')) }),
    follows: flag(node, 'follows', defaults.folder.follows.default),
    location: placeOf(part),
  };
}

function buildReload(node: YamlNode | undefined): ReloadManifest | undefined {
  if (node === undefined) return undefined;
  const proof = buildProof(member(node, 'proof'));
  const kind = choice({ node, key: 'kind', choices: ['watch', 'signal', 'http'] });
  switch (kind) {
    case 'signal':
      return { kind, signal: text(node, 'signal', defaults.signal.signal.default), proof };
    case 'http': {
      const method = choice({
        node,
        key: 'method',
        choices: ['POST', 'PUT', 'GET'],
        fallback: defaults.http.method.default,
      });
      return { kind, port: text(node, 'port'), path: text(node, 'path'), method, proof };
    }
    case 'watch':
      return { kind, proof };
    default:
      return kind satisfies never;
  }
}

function buildProof(node: YamlNode | undefined): ProofManifest {
  return {
    port: text(node, 'port'),
    path: text(node, 'path'),
    pattern: text(node, 'pattern'),
    mark: choice({ node, key: 'mark', choices: ['time', 'digest', 'json'] }),
    ...defined({ file: optionalText(node, 'file') }),
  };
}
