import { load } from 'js-yaml';
import { mapping, refuseOthers, wholeNumber } from '../worker/fields.ts';
import { parseServer, type ServerConfig, serverFields } from '../worker/server-config.ts';

/** What the worker takes from `ingress.yaml`, the file that upstream's worker reads too. */
export type IngressConfig = ServerConfig & {
  rtmpPort: number;
  healthPort: number;
  /** Port of the metrics; 0: none. */
  prometheusPort: number;
};

const known = [...serverFields, 'rtmp_port', 'health_port', 'prometheus_port'];
const whose = 'the embedded ingress worker';

/**
 * @throws Error that names the field which is missing, wrong, or not supported here, and never its value
 */
export function parseIngressConfig(text: string): IngressConfig {
  const fields = mapping(load(text), 'ingress.yaml');
  refuseOthers(fields, { allowed: known, prefix: '', whose });
  return {
    ...parseServer(fields, whose),
    rtmpPort: wholeNumber(fields, 'rtmp_port', 1935),
    healthPort: wholeNumber(fields, 'health_port', 7888),
    prometheusPort: wholeNumber(fields, 'prometheus_port', 0),
  };
}

/**
 * @param name of the variable that says it
 * @returns nothing where nothing is said: all cores of the machine
 * @throws Error that names the variable
 */
export function parseCores(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!(value > 0 && value <= 1_024)) throw new Error(`${name} must be a number of cores`);
  return value;
}
