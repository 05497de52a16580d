import type { ContainerManifest } from './model.ts';

/** A container as one of its flavours makes it; name, role and dependencies are the same in all of them. */
export type ContainerForm = Omit<ContainerManifest, 'flavours'>;

/** Another program or way to do a container's work, or none. */
export type FlavourManifest = { name: string } & (
  | {
      form: ContainerForm;
      /** What is lost with it. */
      without?: string;
      absent?: undefined;
    }
  /** There is no container, and the text says what is lost. */
  | { absent: string; form?: undefined; without?: undefined }
);
