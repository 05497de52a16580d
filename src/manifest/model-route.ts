import type { SourceLocation } from '../core/errors.ts';

/** A name of the gateway that leads to a container. */
export type RouteManifest = {
  /** Name below the domain of the workspace. */
  host: string;
  /** Only requests whose path begins with this. */
  path: string;
  /** Name of a TCP port of the container. */
  port: string;
  /** What `arc health` asks for through the gateway. */
  ask?: string;
  /** `tls`: any protocol inside TLS, known by the host name in its greeting. */
  protocol: 'http' | 'tls';
  /** Addresses and networks of those who may use it; everybody where there are none. */
  allow: readonly string[];
  /** Who knows these gets in, and nobody else; `password` is the name of a secret. */
  auth?: { basic: { user: string; password: string } };
  rate_limit?: { average: number; period_seconds: number; burst: number };
  /** An empty text removes the header. */
  request_headers: Readonly<Record<string, string>>;
  response_headers: Readonly<Record<string, string>>;
  location: SourceLocation;
};

/** A certificate of the workspace's own authority, for a domain and the names one level below it. */
export type CertificateManifest = {
  description: string;
  /** Name of the setting that says which domain. */
  domain: string;
  /** Only while every named setting has this value. */
  when: Readonly<Record<string, string>>;
};
