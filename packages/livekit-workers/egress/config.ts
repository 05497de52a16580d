import { load } from 'js-yaml';
import {
  duration,
  type Fields,
  mapping,
  optionalText,
  refuseOthers,
  requiredText,
  wholeNumber,
} from '../worker/fields.ts';
import { parseServer, type ServerConfig, serverFields } from '../worker/server-config.ts';

/** A bucket, and how to reach it. Without an access key: as the environment says, with AWS's own order of places. */
export type S3Settings = {
  accessKey?: string;
  secret?: string;
  sessionToken?: string;
  region: string;
  /** `http://arc-storage:9000`; absent: AWS's own. */
  endpoint?: string;
  bucket: string;
  forcePathStyle: boolean;
};

/** What the worker takes from `egress.yaml`, the file that upstream's worker reads too. */
export type EgressConfig = ServerConfig & {
  healthPort: number;
  /** Port of the metrics; 0: none. */
  prometheusPort: number;
  /** Where files go that name no place of their own; absent: they must. */
  s3?: S3Settings;
  sessionLimits: SessionLimits;
};

/** How long an egress with such an output may last, in seconds; absent: as long as it likes. */
export type SessionLimits = { file?: number; stream?: number; segments?: number };

/** `insecure` says that the server is reached without TLS, which `ws_url` says as well. */
const known = [...serverFields, 'insecure', 'health_port', 'prometheus_port', 'storage', 'session_limits'];
const knownOfS3 = [
  'access_key',
  'secret',
  'session_token',
  'region',
  'endpoint',
  'bucket',
  'force_path_style',
];
const limitNames = {
  file_output_max_duration: 'file',
  stream_output_max_duration: 'stream',
  segment_output_max_duration: 'segments',
} as const satisfies Readonly<Record<string, keyof SessionLimits>>;
const whose = 'the embedded egress worker';

/**
 * @throws Error that names the field which is missing, wrong, or not supported here, and never its value
 */
export function parseEgressConfig(text: string): EgressConfig {
  const fields = mapping(load(text), 'egress.yaml');
  refuseOthers(fields, { allowed: known, prefix: '', whose });
  return {
    ...parseServer(fields, whose),
    healthPort: wholeNumber(fields, 'health_port', 7889),
    prometheusPort: wholeNumber(fields, 'prometheus_port', 0),
    ...(fields.storage === undefined ? {} : { s3: storage(mapping(fields.storage, 'storage')) }),
    sessionLimits:
      fields.session_limits === undefined
        ? {}
        : sessionLimits(mapping(fields.session_limits, 'session_limits')),
  };
}

function sessionLimits(fields: Fields): SessionLimits {
  const prefix = 'session_limits.';
  refuseOthers(fields, { allowed: Object.keys(limitNames), prefix, whose });
  const limits: SessionLimits = {};
  for (const [name, output] of Object.entries(limitNames)) {
    const seconds = duration(fields, name, prefix);
    if (seconds > 0) limits[output] = seconds;
  }
  return limits;
}

function storage(fields: Fields): S3Settings {
  refuseOthers(fields, { allowed: ['s3'], prefix: 'storage.', whose });
  const s3 = mapping(fields.s3, 'storage.s3');
  const prefix = 'storage.s3.';
  refuseOthers(s3, { allowed: knownOfS3, prefix, whose });
  const accessKey = optionalText(s3, 'access_key');
  const secret = optionalText(s3, 'secret');
  const sessionToken = optionalText(s3, 'session_token');
  const endpoint = optionalText(s3, 'endpoint');
  if (Boolean(accessKey) !== Boolean(secret))
    throw new Error(`${prefix}${accessKey ? 'secret' : 'access_key'} is missing`);
  return {
    ...(accessKey ? { accessKey } : {}),
    ...(secret ? { secret } : {}),
    ...(sessionToken ? { sessionToken } : {}),
    ...(endpoint ? { endpoint } : {}),
    region: optionalText(s3, 'region') ?? 'us-east-1',
    bucket: requiredText(s3, 'bucket', prefix),
    forcePathStyle: s3.force_path_style === true,
  };
}
