#!/bin/sh
# keeper.sh <folder> <suite> <packages> [source list...]
# Makes a bare Debian in <folder>/root and keeps it running in namespaces of its own, with a way to the internet and
# none of this machine's ports, until standard input ends. That happens however a test ends, killed included, so nothing
# stays behind: no process, mount, interface, control group or file.
# Prints "ready <process>", the process that has the namespaces, or "failed"; the reason is in <folder>/log.
set -u
folder=$1

# Runs as process 1 of the new namespaces.
inside() {
  suite=$1 packages=$2 root=$folder/root
  shift 2
  mount -t proc proc /proc
  # slirp4netns forwards to this machine's resolver, which may listen on a loopback interface that is not ours.
  echo 'nameserver 10.0.2.3' >"$folder/resolv.conf"
  mount --bind "$folder/resolv.conf" "$(readlink -f /etc/resolv.conf)"
  : >"$folder/wants-network"
  waited=0
  until [ -s "$folder/has-network" ]; do
    waited=$((waited + 1))
    [ $waited -lt 300 ] || { echo 'slirp4netns brought no network within 30 s'; exit 1; }
    sleep 0.1
  done
  mmdebstrap --variant=minbase --include="$packages" --aptopt="$folder/apt-settings" "$suite" "$root" "$@" || exit 1
  mount -t proc proc "$root/proc"
  # A new sysfs shows the interfaces of this network only.
  mount -t sysfs sysfs "$root/sys"
  mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/dev/shm"
  mount -t tmpfs tmpfs "$root/run"
  cp "$folder/resolv.conf" "$root/etc/resolv.conf"
  hostname bare
  echo '127.0.0.1 localhost bare' >"$root/etc/hosts"
  : >"$folder/is-ready"
  # Adopts and reaps processes whose parent has ended. Its root directory is changed for it.
  cd /
  while sleep 1; do :; done
  exit
}

# Waits for a file that process 1 writes.
await() {
  until [ -e "$folder/$1" ]; do
    # Not there any more once the process has ended, waited for or not.
    [ -e "/proc/$machine/exe" ] || return 1
    sleep 0.1
  done
}

close() {
  # An Engine that ends by itself takes its containers along.
  [ -e "$folder/is-ready" ] && timeout 30 nsenter --mount="/proc/$machine/ns/mnt" \
    --pid="/proc/$machine/ns/pid_for_children" /bin/sh -c \
    'kill "$(cat /run/docker.pid)" && while [ -e /run/docker.pid ]; do sleep 0.1; done' 2>/dev/null
  kill -KILL "$machine" ${network:-} 2>/dev/null
  wait
  for container in "$folder"/root/var/lib/docker/containers/*/; do
    find /sys/fs/cgroup -depth -type d -path "*/$(basename "$container")*" -exec rmdir {} \; 2>/dev/null
  done
  rm -rf "$folder"
}

if [ "${2-}" = --inside ]; then
  shift 2
  inside "$@"
fi

# Ctrl-C at a terminal is for the test, which then closes standard input.
trap '' INT TERM HUP
shift
unshare --mount --net --uts --ipc --pid --fork --kill-child sh "$0" "$folder" --inside "$@" \
  >"$folder/log" 2>&1 </dev/null &
machine=$!
if await wants-network; then
  # No container and no process of the machine reaches this machine's own loopback interface.
  slirp4netns --configure --mtu=65520 --disable-host-loopback --ready-fd=3 "$machine" tap0 \
    3>"$folder/has-network" >>"$folder/log" 2>&1 </dev/null &
  network=$!
fi
if await is-ready; then echo "ready $machine"; else echo failed; fi &
cat >/dev/null
close
