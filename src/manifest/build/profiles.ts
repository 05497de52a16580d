import schema from '../../../schemas/profiles.schema.json' with { type: 'json' };
import { defined } from '../../core/defined.ts';
import type { ProfileManifest } from '../model.ts';
import { entries, member } from '../yaml/tree.ts';
import { flag, optionalNumber, optionalSize, optionalText, type Part, text, texts } from './read.ts';

const defaults = schema.$defs.profile.properties;

/** A profile with the part of the file that it is from. */
export type ProfilePart = Part & { manifest: ProfileManifest };

export function buildProfiles(part: Part): readonly ProfilePart[] {
  return Array.from(entries(member(part.node, 'profiles')), ({ key, offset, value: node }) => {
    const needs = member(node, 'needs');
    return {
      source: part.source,
      node,
      manifest: {
        name: key,
        description: text(node, 'description'),
        ...defined({ extends: optionalText(node, 'extends') }),
        services: texts(node, 'services'),
        production: flag(node, 'production', defaults.production.default),
        needs: {
          ...defined({
            cpus: optionalNumber(needs, 'cpus'),
            disk: optionalSize(needs, 'disk'),
          }),
        },
        location: part.source.locate(offset),
      },
    };
  });
}
