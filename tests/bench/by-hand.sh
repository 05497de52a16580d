#!/bin/bash
# The same three containers, started from a shell by somebody who knows what needs what: all are created at once,
# and each is started the moment that what it needs answers.
# Usage: by-hand.sh up|create|await|down <workspace> <range|mux>
set -eu
verb=$1 root=$2 media=$3
services=$root/services
network=arc_platform_net

# The Engine's proxy takes connections before the program does, and then cuts them.
trap '' PIPE
answers() { # tcp port, request, pattern
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  line=
  { printf "$2" >&3 && read -r -t 1 line <&3; } 2>/dev/null || true
  exec 3>&-
  case $line in $3) return 0 ;; *) return 1 ;; esac
}
until_ready() { # name of a function that asks
  for _ in $(seq 1000); do "$1" && return 0; sleep 0.02; done
  echo "$1 never succeeded" >&2
  return 1
}
cache_ready() { answers 6379 'AUTH arc-dev-redis-password\r\nPING\r\n' '+OK*'; }
storage_ready() { answers 9000 'GET /minio/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' 'HTTP/1.? 200*'; }
realtime_ready() { answers 7880 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' 'HTTP/1.? 200*'; }

create() {
  if [ "$media" = mux ]; then udp=0.0.0.0:50100:50100/udp; else udp=0.0.0.0:50100-50200:50100-50200/udp; fi
  docker create --name arc-cache --network $network --user 65532:65532 --read-only \
    -p 127.0.0.1:6379:6379 -v arc-cache-data:/data -v "$services/cache/redis.conf:/etc/arc/redis.conf:ro" \
    --entrypoint redis-server ghcr.io/arc-framework/arc-cache:latest /etc/arc/redis.conf >/dev/null &
  docker create --name arc-storage --network $network --user 65532:65532 --read-only \
    -p 127.0.0.1:9000:9000 -p 127.0.0.1:9001:9001 -v arc-storage-data:/data \
    -v "$services/storage/minio.env:/etc/arc/minio.env:ro" -e MINIO_CONFIG_ENV_FILE=/etc/arc/minio.env \
    --entrypoint minio ghcr.io/arc-framework/arc-storage:latest \
    server /data --address :9000 --console-address :9001 >/dev/null &
  docker create --name arc-realtime --network $network --user 65532:65532 --read-only \
    -p 127.0.0.1:7880:7880 -p 127.0.0.1:7881:7881 -p 127.0.0.1:7882:7882 -p "$udp" -e NODE_IP=127.0.0.1 \
    -v "$services/realtime/livekit.yaml:/etc/livekit.yaml:ro" --entrypoint /livekit-server \
    ghcr.io/arc-framework/arc-realtime:latest --config /etc/livekit.yaml >/dev/null &
  wait
}

case $verb in
create) create ;;
await)
  until_ready cache_ready
  until_ready storage_ready
  until_ready realtime_ready
  ;;
up)
  create
  docker start arc-cache >/dev/null &
  docker start arc-storage >/dev/null &
  until_ready cache_ready
  docker start arc-realtime >/dev/null &
  until_ready storage_ready
  until_ready realtime_ready
  wait
  ;;
down)
  docker stop arc-realtime >/dev/null
  docker stop arc-cache arc-storage >/dev/null
  docker rm arc-realtime arc-cache arc-storage >/dev/null
  ;;
esac
