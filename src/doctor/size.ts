const gigabyte = 1024 ** 3;
const megabyte = 1024 ** 2;

/** Bytes for people: `3.9 GB`, `512 MB`. */
export function formatSize(bytes: number): string {
  return bytes >= gigabyte ? `${(bytes / gigabyte).toFixed(1)} GB` : `${Math.round(bytes / megabyte)} MB`;
}
