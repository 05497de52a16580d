import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';

/** Containers that would run as root. */
export function checkUsers(draft: Draft): readonly Problem[] {
  return draft.flavours.flatMap((part): Problem[] => {
    const { user, name } = part.manifest;
    if (!/^0+:|:0+$/.test(user)) return [];
    return [
      {
        code: 'root-user',
        message: `${name} would run as ${/^0+:/.test(user) ? 'the user root' : 'the group root'} (${user}).`,
        suggestion: 'use a user and group of its own, for example "65532:65532"',
        location: placeOf(part, 'user'),
      },
    ];
  });
}
