import type { Problem } from '../../core/errors.ts';
import { parseAddress } from './address.ts';
import { at, type CheckedConfig, type ConfigContext, correction } from './context.ts';
import type { Mention } from './facts.ts';

type Said = { mention: Mention; value: string; config: CheckedConfig };

/**
 * Compares every reference to a value with its definition or, if no file defines it, with the first reference.
 *
 * @param reported mentions that a problem is about already
 */
export function checkAgreement(context: ConfigContext, reported: ReadonlySet<Mention>): readonly Problem[] {
  const topics = new Map<string, Said[]>();
  for (const config of context.configs) {
    for (const mention of config.facts.mentions) {
      if (reported.has(mention)) continue;
      const said = { mention, value: comparable(mention, config), config };
      const others = topics.get(mention.topic);
      if (others === undefined) topics.set(mention.topic, [said]);
      else others.push(said);
    }
  }
  return [...topics.values()].flatMap(compare);
}

function compare(said: readonly Said[]): readonly Problem[] {
  const defined = said.filter(({ mention }) => mention.role === 'defines');
  const firsts = new Map<string, Said>();
  return said
    .filter(({ mention }) => mention.role === 'refers')
    .flatMap((one) => {
      const rivals =
        defined.length > 0 ? defined.filter((other) => belongTogether(one, other)) : [firstOf(firsts, one)];
      const [rival] = rivals;
      return rival === undefined || rivals.some((other) => other.value === one.value)
        ? []
        : [disagreement(one, rival)];
    });
}

/** The first mention for each owner is what the later ones are compared with. */
function firstOf(firsts: Map<string, Said>, said: Said): Said {
  const owner = said.mention.owner ?? '';
  const first = firsts.get(owner) ?? said;
  firsts.set(owner, first);
  return first;
}

/** Compares a secret with that of the same key; an unknown key is a separate problem. */
function belongTogether(one: Said, other: Said): boolean {
  const [a, b] = [one.mention.owner, other.mention.owner];
  return a === undefined || b === undefined || a === b;
}

/** Addresses are the same when they lead to the same host and port, however they are written. */
function comparable(mention: Mention, config: CheckedConfig): string {
  if (!mention.address) return mention.value;
  if (/^\d+$/.test(mention.value)) return `${config.container?.name ?? ''}:${mention.value}`;
  const address = parseAddress(mention.value);
  return address === undefined ? mention.value : `${address.host}:${address.port}`;
}

function disagreement(one: Said, rival: Said): Problem {
  const place = at(rival.config.source.locate(rival.mention.offset));
  const secret = one.mention.secret || rival.mention.secret;
  const values = secret ? '' : `: here ${one.value}, there ${rival.value}`;
  return {
    code: 'config-mismatch',
    message: `\`${one.mention.field}\` does not agree with \`${rival.mention.field}\` in ${place}${values}.`,
    suggestion: correction(one.config),
    location: one.config.source.locate(one.mention.offset),
  };
}
