import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart, JobPart } from '../build/service.ts';
import type { Draft } from '../draft.ts';

/** Containers that would run as root, and reasons for a group that is not root's. */
export function checkUsers(draft: Draft): readonly Problem[] {
  return draft.flavours.flatMap(checkUser);
}

function checkUser(part: ContainerPart | JobPart): readonly Problem[] {
  const { user, name, root_group } = part.manifest;
  if (/^0+:/.test(user)) {
    return [
      {
        code: 'root-user',
        message: `${name} would run as the user root (${user}).`,
        suggestion: 'use a user and group of its own, for example "65532:65532"',
        location: placeOf(part, 'user'),
      },
    ];
  }
  const isRootGroup = /:0+$/.test(user);
  if (isRootGroup && root_group === undefined) {
    return [
      {
        code: 'root-user',
        message: `${name} would run in the group root (${user}).`,
        suggestion: 'use a group of its own; where the upstream needs this one, say why with `root_group`',
        location: placeOf(part, 'user'),
      },
    ];
  }
  if (isRootGroup || root_group === undefined || !/:\d+$/.test(user)) return [];
  return [
    {
      code: 'needless-root-group',
      message: `${name} has \`root_group\`, but does not run in the group root (${user}).`,
      suggestion: 'remove `root_group`',
      location: placeOf(part, 'root_group'),
    },
  ];
}
