/**
 * Options for mounting a folder in memory: it belongs to the user of the container. By default, everybody can write to
 * it at the first start. At each later start it gets the rights of the mount point, which the Engine has created for
 * root only, and runc of Debian 12 applies those even if `mode` is set.
 *
 * @param user `uid:gid` of the container
 */
export function tmpfsOptions(user: string): string {
  const [uid, gid] = user.split(':');
  return `uid=${uid},gid=${gid}`;
}
