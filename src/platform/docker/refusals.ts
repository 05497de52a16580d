import { portRefusals } from './port-refusals.ts';
import { capital, nameOf, phrase, type Refusal } from './refusal.ts';

// Patterns are the Engine's own words (moby 20.10 to 29); the Engine gives no codes finer than HTTP's.
export const refusals: readonly Refusal[] = [
  ...portRefusals,
  {
    pattern: /container name "\/?([^"]+)" is already in use/i,
    problem: ({ match }) => ({
      code: 'container-name-taken',
      message: `A container named ${match[1]} has appeared since the plan was made.`,
      suggestion: 'run the same command again',
    }),
  },
  {
    pattern: /no such image:? ?(\S*)/i,
    problem: ({ request, match }) => ({
      code: 'image-missing',
      message: `The image ${match[1] || `of ${request.object}`} is not on the Engine.`,
      suggestion: 'arc images build',
    }),
  },
  {
    pattern: /no space left on device/i,
    problem: ({ request }) => ({
      code: 'no-disk-space',
      message: `The disk is full: the Engine could not ${phrase(request)}.`,
      suggestion: 'docker system df shows what uses it; docker system prune frees what is unused',
    }),
  },
  {
    pattern: /bind source path does not exist: (\S+)/i,
    problem: ({ request, match }) => ({
      code: 'config-file-missing',
      message: `${match[1]}, which ${request.object} mounts, does not exist.`,
      suggestion: 'arc generate',
    }),
  },
  {
    pattern: /trying to mount a directory onto a file/i,
    problem: ({ request, answer }) => ({
      code: 'config-file-missing',
      message: `A configuration file of ${request.object} is a folder, most likely one that Docker made in its place.`,
      detail: [answer],
      suggestion: 'remove that folder, then run arc generate',
    }),
  },
  {
    pattern: /exec: "([^"]*)".*(?:no such file|not found|permission denied)/i,
    problem: ({ request, match, answer }) => ({
      code: 'entrypoint-missing',
      message: `The image of ${request.object} has no program ${match[1]} that can be run.`,
      detail: [answer],
      suggestion: 'check entrypoint and command in the service.yaml',
    }),
  },
  {
    pattern: /network (\S+) not found/i,
    problem: ({ request, match }) => ({
      code: 'network-missing',
      message: `The network ${match[1]} has gone, so the Engine could not ${phrase(request)}.`,
      suggestion: 'run the same command again',
    }),
  },
  {
    pattern: /has active endpoints/i,
    problem: ({ request, answer }) => ({
      code: 'network-in-use',
      message: `${capital(request.object)} is still used by containers that are not arc's.`,
      detail: [answer],
      suggestion: `docker network inspect ${nameOf(request)} names them`,
    }),
  },
  {
    pattern: /(?:unable to remove repository reference|unable to delete).*(?:container|image) (\S+)/i,
    problem: ({ request, answer }) => ({
      code: 'image-in-use',
      message: `${capital(request.object)} is still used by a container that is not arc's.`,
      detail: [answer],
      suggestion: `docker ps -a --filter ancestor=${nameOf(request)} names it`,
    }),
  },
  {
    pattern: /volume is in use/i,
    problem: ({ request, answer }) => ({
      code: 'volume-in-use',
      message: `${capital(request.object)} is still used by a container.`,
      detail: [answer],
      suggestion: `docker ps -a --filter volume=${nameOf(request)} names it`,
    }),
  },
  {
    // 20.10 to 25, then 26 to 29.
    pattern: /non-overlapping IPv4 address pool|predefined address pools have been fully subnetted/i,
    problem: ({ request, answer }) => ({
      code: 'no-address-pool',
      message: `The Engine has no addresses left for ${request.object}.`,
      detail: [
        answer,
        'each network takes one of about 30 ranges, and those that the host has a route to are not used',
      ],
      suggestion:
        'docker network prune removes networks that nothing uses; more ranges: "default-address-pools" in /etc/docker/daemon.json',
    }),
  },
  {
    pattern: /Range of CPUs is from ([\d.]+) to ([\d.]+)/i,
    problem: ({ request, match }) => ({
      code: 'limit-refused',
      message: `${capital(request.object)} wants more CPUs than the ${Number(match[2])} that the Engine has.`,
      suggestion: 'lower resources.cpus in its service.yaml',
    }),
  },
  {
    pattern: /Minimum memory limit allowed is (\S+)/i,
    problem: ({ request, match }) => ({
      code: 'limit-refused',
      message: `${capital(request.object)} has a memory limit below ${match[1]}, the minimum of the Engine.`,
      suggestion: 'raise resources.memory in its service.yaml',
    }),
  },
  {
    // Docker Desktop shares chosen folders with its virtual machine; runc opens what is mounted as a mapped user.
    pattern: /mounts denied|error mounting "[^"]+" to rootfs.*permission denied/is,
    problem: ({ request, answer }) => ({
      code: 'mount-refused',
      message: `The Engine may not read what ${request.object} mounts from the workspace.`,
      detail: [answer],
      suggestion:
        'with Docker Desktop, share the folder (Settings, Resources, File sharing); with userns-remap or a rootless Engine, open every folder on the way to it: chmod o+x',
    }),
  },
  {
    pattern: /iptables.*No chain\/target\/match by that name|Chain .*DOCKER.* does not exist/i,
    problem: ({ request, answer }) => ({
      code: 'engine-firewall',
      message: `Somebody has removed the firewall rules of the Engine, so it could not ${phrase(request)}.`,
      detail: [answer],
      suggestion: 'restart the Engine, which writes them again: systemctl restart docker',
    }),
  },
  {
    pattern: /too many open files|cannot allocate memory|resource temporarily unavailable/i,
    problem: ({ request, answer }) => ({
      code: 'engine-exhausted',
      message: `The machine of the Engine has run out of something, so it could not ${phrase(request)}.`,
      detail: [answer],
      suggestion: 'stop what is not needed there (docker stats); raise the limit that is named',
    }),
  },
  {
    // The limit of the container's own image.
    pattern: /^(?!.*OCI runtime).*read-only file system/is,
    problem: ({ request, answer }) => ({
      code: 'engine-read-only',
      message: `The Engine may not write to its disk, so it could not ${phrase(request)}.`,
      detail: [answer],
      suggestion: 'a disk with errors is mounted read-only: dmesg names it',
    }),
  },
];
