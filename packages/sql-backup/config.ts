import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { type Fields, mapping, number, text } from './fields.ts';
import type { Retention } from './retention.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

/** How a server is reached, by its superuser. */
export type Server = { host: string; port: number; user: string; password: string };

export type Storage = {
  endpoint: string;
  region: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
};

export type Config = {
  server: Server;
  storage: Storage;
  schedule: { backup: Schedule; verify: Schedule };
  keep: Retention;
  /** Absent where nobody wants to go back to a second. */
  pointInTime?: { keepDays: number };
  /** Port of the status page. */
  port: number;
  /** Folder of PostgreSQL's programs. */
  programs: string;
  /** Folder for what is thrown away: as large as the data. */
  scratch: string;
};

/** @throws Error that names the field that is wrong, and never shows a value that may be a secret */
export function parseConfig(content: string): Config {
  const fields = mapping(load(content), 'the configuration');
  const server = mapping(fields.server, 'server');
  const storage = mapping(fields.storage, 'storage');
  const schedule = mapping(fields.schedule, 'schedule');
  const keep = mapping(fields.keep, 'keep');
  const pointInTime = pointInTimeOf(mapping(fields.point_in_time, 'point_in_time'));
  return {
    server: {
      host: text(server, 'host'),
      port: number(server, 'port'),
      user: text(server, 'user'),
      password: text(server, 'password'),
    },
    storage: {
      endpoint: text(storage, 'endpoint'),
      region: text(storage, 'region'),
      bucket: text(storage, 'bucket'),
      accessKey: text(storage, 'access_key'),
      secretKey: text(storage, 'secret_key'),
    },
    schedule: { backup: scheduleOf(schedule, 'backup'), verify: scheduleOf(schedule, 'verify') },
    keep: {
      last: count(keep, 'last'),
      daily: count(keep, 'daily'),
      weekly: count(keep, 'weekly'),
      monthly: count(keep, 'monthly'),
    },
    ...(pointInTime === undefined ? {} : { pointInTime }),
    port: number(fields, 'port'),
    programs: text(fields, 'programs'),
    scratch: text(fields, 'scratch'),
  };
}

export function readConfig(file: string): Config {
  return parseConfig(readFileSync(file, 'utf8'));
}

/** A setting of arc is a text, whatever it says. */
function count(fields: Fields, name: string): number {
  const value = fields[name];
  if (!/^\d{1,4}$/.test(String(value))) throw new Error(`keep.${name} is not a number from 0 to 9999`);
  return Number(value);
}

function pointInTimeOf(fields: Fields): Config['pointInTime'] {
  const enabled = text(fields, 'enabled');
  if (enabled !== 'on' && enabled !== 'off') throw new Error('point_in_time.enabled is neither on nor off');
  const keepDays = fields.keep_days;
  if (!/^\d{1,4}$/.test(String(keepDays)))
    throw new Error('point_in_time.keep_days is not a number from 0 to 9999');
  return enabled === 'on' ? { keepDays: Number(keepDays) } : undefined;
}

function scheduleOf(fields: Fields, name: string): Schedule {
  try {
    return parseSchedule(text(fields, name));
  } catch (cause) {
    throw new Error(`schedule.${name}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
