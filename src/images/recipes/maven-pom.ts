import { type Coordinates, parseCoordinates } from './maven-coordinates.ts';

/**
 * A project whose dependencies are the given artefacts.
 *
 * @param options.transitive whether what they depend on in turn comes along
 */
export function projectOf(options: { artifacts: readonly string[]; transitive: boolean }): string {
  const dependencies = options.artifacts.map((written) =>
    dependency({ coordinates: parseCoordinates(written), transitive: options.transitive }),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    '  <modelVersion>4.0.0</modelVersion>',
    '  <groupId>arc.local</groupId>',
    '  <artifactId>base</artifactId>',
    '  <version>1</version>',
    '  <packaging>pom</packaging>',
    '  <dependencies>',
    ...dependencies,
    '  </dependencies>',
    '</project>',
    '',
  ].join('\n');
}

// The characters that the schema allows in coordinates need no escaping in XML.
function dependency({ coordinates, transitive }: { coordinates: Coordinates; transitive: boolean }): string {
  const { group, artifact, version, type, classifier } = coordinates;
  const exclusions =
    '      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
  return [
    '    <dependency>',
    `      <groupId>${group}</groupId>`,
    `      <artifactId>${artifact}</artifactId>`,
    `      <version>${version}</version>`,
    `      <type>${type}</type>`,
    ...(classifier === undefined ? [] : [`      <classifier>${classifier}</classifier>`]),
    ...(transitive ? [] : [exclusions]),
    '    </dependency>',
  ].join('\n');
}
