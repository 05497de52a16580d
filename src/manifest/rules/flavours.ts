import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import { type Draft, isUnknown } from '../draft.ts';
import { quote } from '../words.ts';

/** Flavours chosen for what is not there or has no choice, and flavours that share the name of an image. */
export function checkFlavours(draft: Draft): readonly Problem[] {
  return [...badOverrides(draft), ...sharedImages(draft)];
}

function badOverrides(draft: Draft): readonly Problem[] {
  const withFlavours = new Set(
    draft.services.flatMap(({ embedded }) => embedded.map(({ manifest }) => manifest.role)),
  );
  return Object.keys(draft.workspace.manifest.flavour_overrides).flatMap((role): Problem[] => {
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
    if (!draft.byRole.has(role) || withFlavours.has(role)) return [];
    return [
      {
        code: 'no-flavours',
        message: `arc.yaml chooses a flavour for ${role}, which has only one.`,
        ...draft.didYouMean(role, () => withFlavours),
        location,
      },
    ];
  });
}

function sharedImages(draft: Draft): readonly Problem[] {
  return draft.services.flatMap(({ containers, embedded }) =>
    embedded.flatMap((part): Problem[] => {
      const { role, image } = part.manifest;
      if (!containers.some(({ manifest }) => manifest.role === role && manifest.image === image)) return [];
      return [
        {
          code: 'flavour-image',
          message: `Both flavours of ${role} are the image ${image}; each would be built over the other.`,
          suggestion: 'give the embedded one a name of its own',
          location: placeOf(part, 'image'),
        },
      ];
    }),
  );
}
