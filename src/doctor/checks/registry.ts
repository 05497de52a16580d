import { type Check, ok, skipped, warning } from '../check.ts';

/** A registry that does not answer is no more than a warning: images may be there, or can be built here. */
export const registryCheck: Check = {
  id: 'registry',
  examine: async (situation) => {
    const answers = await situation.registries();
    if (answers.length === 0) return skipped('registries: no image of the stack comes from one');
    const silent = answers.flatMap((answer) => (answer.answers ? [] : [answer]));
    const answering = answers.filter((answer) => answer.answers).map(({ registry }) => registry);
    const fine = answering.length > 0 ? ok(`${answering.join(', ')} answers`) : [];
    if (silent.length === 0) return fine;
    const names = silent.map(({ registry }) => registry).join(', ');
    const all = answering.length === 0;
    return [
      ...fine,
      ...warning({
        code: all ? 'no-network' : 'registry-unreachable',
        message: all
          ? `No registry answers (${names}): this machine is offline, or its proxy is not configured.`
          : `${names} ${silent.length === 1 ? 'does' : 'do'} not answer.`,
        detail: silent.map(({ registry, reason }) => `${registry}: ${reason}`),
        suggestion:
          'set HTTPS_PROXY, or `mirrors` in arc.yaml; without a registry, arc builds bases that have a recipe, and `arc images load` loads the others',
      }),
    ];
  },
};
