import type { Secret } from '../../core/secret.ts';

/** A certificate and its private key, as PEM. */
export type Issued = { certificate: string; key: Secret };

/** Browsers refuse more than 825 days of a private authority's certificate; this one is renewed well before its end. */
export const certificateDays = 90;
