/**
 * How a folder in memory is mounted: it belongs to the user of the container. Anybody can write to it at the first start
 * by itself, but at each further one it gets the rights of the mount point, which the Engine has made for root alone by
 * then, and runc of Debian 12 sets those even over a `mode`.
 *
 * @param user `uid:gid` of the container
 */
export function tmpfsOptions(user: string): string {
  const [uid, gid] = user.split(':');
  return `uid=${uid},gid=${gid}`;
}
