declare const __ARC_VERSION__: string | undefined;

/** Version of the package, put in by the build; running from source has none. */
export const version: string = typeof __ARC_VERSION__ === 'string' ? __ARC_VERSION__ : '0.0.0-source';
