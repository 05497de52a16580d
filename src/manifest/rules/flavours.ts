import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart } from '../build/service.ts';
import { type Draft, isUnknown } from '../draft.ts';
import { anyFlavour, flavourNames, ownFlavour } from '../flavours.ts';
import type { ContainerForm } from '../model-flavours.ts';
import { quote } from '../words.ts';
import { containersOf } from './ports.ts';

/** Flavours that cannot be told apart, and choices of flavours for what is not there or has none of that name. */
export function checkFlavours(draft: Draft): readonly Problem[] {
  return [
    ...badPolicy(draft),
    ...badOverrides(draft),
    ...containersOf(draft).flatMap((part) => [
      ...reservedNames(part),
      ...sharedImages(part),
      ...unreachable(part),
    ]),
  ];
}

function badPolicy(draft: Draft): readonly Problem[] {
  const name = draft.workspace.manifest.flavours;
  const known = new Set([
    anyFlavour,
    ...containersOf(draft).flatMap(({ manifest }) => flavourNames(manifest)),
  ]);
  // The flavour may be one of a manifest that could not be read.
  if (known.has(name) || name === ownFlavour || draft.unread.length > 0) return [];
  return [
    {
      code: 'unknown-flavour',
      message: `arc.yaml chooses the flavour ${quote(name)}, which no container has.`,
      ...draft.didYouMean(name, () => known),
      location: placeOf(draft.workspace, 'flavours'),
    },
  ];
}

function badOverrides(draft: Draft): readonly Problem[] {
  const containers = new Map(containersOf(draft).map(({ manifest }) => [manifest.role, manifest]));
  const withFlavours = [...containers.values()].filter(({ flavours }) => flavours !== undefined);
  const overrides = Object.entries(draft.workspace.manifest.flavour_overrides);
  return overrides.flatMap(([role, name]): Problem[] => {
    const location = placeOf(draft.workspace, 'flavour_overrides', role);
    if (isUnknown(draft, role)) {
      return [
        {
          code: 'unknown-service',
          message: `A flavour is chosen for ${quote(role)}, but no container has that role.`,
          ...draft.didYouMean(role, () => draft.byRole.keys()),
          location,
        },
      ];
    }
    if (!draft.byRole.has(role)) return [];
    const container = containers.get(role);
    if (container?.flavours === undefined) {
      return [
        {
          code: 'no-flavours',
          message: `arc.yaml chooses a flavour for ${role}, which has only one.`,
          ...draft.didYouMean(role, () => withFlavours.map((other) => other.role)),
          location,
        },
      ];
    }
    const known = [anyFlavour, ...flavourNames(container)];
    if (known.includes(name)) return [];
    return [
      {
        code: 'unknown-flavour',
        message: `arc.yaml chooses the flavour ${quote(name)} for ${role}, which does not have it.`,
        ...draft.didYouMean(name, () => known),
        location,
      },
    ];
  });
}

/** Names that mean something else where a flavour is chosen. */
function reservedNames(part: ContainerPart): readonly Problem[] {
  return (part.manifest.flavours ?? []).flatMap(({ name }): Problem[] => {
    if (name !== anyFlavour && name !== ownFlavour) return [];
    const meaning = name === anyFlavour ? 'the choice of arc' : 'the container as it is written';
    return [
      {
        code: 'reserved-flavour',
        message: `A flavour cannot be called ${name}, which stands for ${meaning}.`,
        suggestion: 'give it a name of its own',
        location: placeOf(part, 'flavours', name),
      },
    ];
  });
}

/** What comes after a flavour that is always there. */
function unreachable(part: ContainerPart): readonly Problem[] {
  const { role, flavours = [] } = part.manifest;
  const last = flavours.findIndex(({ absent }) => absent !== undefined);
  const after = flavours[last + 1];
  if (last < 0 || after === undefined) return [];
  return [
    {
      code: 'unreachable-flavour',
      message: `The flavour ${after.name} of ${role} comes after one in which there is no container, so arc never takes it.`,
      suggestion: `move ${flavours[last]?.name} to the end`,
      location: placeOf(part, 'flavours', after.name),
    },
  ];
}

/** Two flavours may share an image only where that is made from the same. */
function sharedImages(part: ContainerPart): readonly Problem[] {
  const { role, flavours = [] } = part.manifest;
  const made = new Map([[part.manifest.image, ingredients(part.manifest)]]);
  return flavours.flatMap(({ name, form }): Problem[] => {
    if (form === undefined) return [];
    const earlier = made.get(form.image);
    made.set(form.image, earlier ?? ingredients(form));
    if (earlier === undefined || earlier === ingredients(form)) return [];
    return [
      {
        code: 'flavour-image',
        message: `Two flavours of ${role} are the image ${form.image} and are made from different things; each would be built over the other.`,
        suggestion: `give ${name} an \`image\` of its own`,
        location: placeOf(part, 'flavours', name, 'image'),
      },
    ];
  });
}

/** All that a wrapper is made from. */
function ingredients(form: ContainerForm): string {
  const { upstream, recipe, user, volumes, licenses, description } = form;
  const targets = volumes.map(({ target }) => target);
  return JSON.stringify([upstream, recipe, user, targets, licenses, description]);
}
