import { posix } from 'node:path';
import type { Artefact, ArtefactRenderer, ServiceBlueprint } from './artefact.ts';
import { baseVariable } from './compose-service.ts';
import { withHeader } from './header.ts';
import { sharedMakefile } from './make-shared.ts';

/** One make fragment a service, for the root Makefile to include: what the service consists of. */
export const makeFragments: ArtefactRenderer = (blueprint) =>
  blueprint.services.map((service): Artefact => {
    const { manifest } = service;
    return {
      path: `${manifest.folder}/${manifest.role}.mk`,
      text: withHeader({ source: manifest.file, text: fragment(service) }),
    };
  });

function fragment({ manifest, containers }: ServiceBlueprint): string {
  const { role, folder } = manifest;
  const services = containers.filter(({ kind }) => kind === 'service');
  const jobs = containers.filter(({ kind }) => kind === 'job');
  const sidecars = services.filter((container) => container.role !== role);
  // Those that are there only with something else are named by nobody who starts the service alone.
  const companions = services.filter(({ onlyWith }) => onlyWith !== undefined);
  const own = services.filter(({ onlyWith }) => onlyWith === undefined);
  const variables: [name: string, words: readonly string[]][] = [
    ['services', own.map((container) => container.role)],
    ['companions', companions.map((container) => container.role)],
    ['jobs', jobs.map((container) => container.role)],
    ['containers', own.map(({ name }) => name)],
    ['stop', containers.toReversed().map(({ name }) => name)],
    ['volumes', containers.flatMap(({ volumes }) => volumes.map(({ volume }) => volume))],
    [
      'builds',
      services.map(({ image, role: built }) =>
        [image.reference, image.dockerfile, baseVariable(built)].join('|'),
      ),
    ],
  ];
  return [
    `arc_service := ${role}`,
    `${role}_folder := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))`,
    ...variables
      .filter(([, words]) => words.length > 0)
      .map(([name, words]) => `${role}_${name} := ${words.join(' ')}`),
    ...sidecars.map((container) => `${container.role}_containers := ${container.name}`),
    `include $(${role}_folder)/${posix.relative(folder, sharedMakefile)}`,
    '',
  ].join('\n');
}
