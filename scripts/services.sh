#!/usr/bin/env bash
# Private PostgreSQL + PostGIS and Redis of this checkout, on sockets that only its user can open.
#   services.sh start    start both and keep them until `services.sh stop`     services.sh status   exit 0 when both answer
#   services.sh stop     stop both                                            services.sh env      their addresses, to be eval'ed
# DATABASE_URL or REDIS_URL given: that service is the operator's; nothing is started or stopped for it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD local=$PWD/.local
hash=$(printf %s "$root" | sha256sum | cut -c1-12)
umask 077
mkdir -p "$local" && chmod 755 "$local" # the services' user must reach its folders below

# --- which user runs them: PostgreSQL refuses root
as=()
owner=$(id -un)
if [ "$(id -u)" = 0 ]; then
  owner=postgres
  as=(setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all)
fi
as_service() { "${as[@]}" "$@"; }

# --- where they live
data=$local
if [ "$owner" = postgres ] && ! (cd / && as_service test -x "$local"); then
  data=/var/lib/kreiszwilling/$hash # a checkout under /root is closed to the services' user
  mkdir -p "$data" && chmod 755 "${data%/*}" "$data"
fi
sockets=$data/sockets
if [ ${#sockets} -gt 80 ] || [[ $sockets = *[!A-Za-z0-9/._-]* ]]; then
  sockets=/tmp/kz-$(id -u)-$hash # socket paths are short and appear in URLs
fi
cd "$data" # not a folder that the services' user can't enter
pgdata=$data/pg redisdata=$data/redis

own_folder() { # PATH: a folder that belongs to the services' user alone; refuses one that someone else put there
  if [ ! -e "$1" ]; then mkdir -m 700 "$1" && chown "$owner" "$1"; fi
  if [ -L "$1" ] || [ "$(stat -c %U "$1")" != "$owner" ]; then echo "$1 belongs to someone else; remove it." >&2; exit 1; fi
}
pg_bin() { # the programs of the version that made the data, else of the newest version that has PostGIS
  if [ -f "$pgdata/PG_VERSION" ]; then echo "/usr/lib/postgresql/$(cat "$pgdata/PG_VERSION")/bin"; return; fi
  local control version
  for control in $(printf '%s\n' /usr/share/postgresql/*/extension/postgis.control | sort -rV); do
    version=${control#/usr/share/postgresql/} version=${version%%/*}
    [ ! -x "/usr/lib/postgresql/$version/bin/initdb" ] || { echo "/usr/lib/postgresql/$version/bin"; return; }
  done
  echo "PostgreSQL with PostGIS is missing; ./run installs it." >&2
  exit 3
}
pg_answers() { as_service "$bin/psql" -qAtX -h "$sockets" -U postgres -d postgres -c 'SELECT 1' >/dev/null 2>&1; }
redis_answers() { [ "$(as_service redis-cli -s "$sockets/redis.sock" ping 2>/dev/null)" = PONG ]; }

start_pg() {
  pg_answers && return
  own_folder "$pgdata"
  if [ ! -f "$pgdata/PG_VERSION" ]; then
    as_service "$bin/initdb" -D "$pgdata" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  fi
  # Killed, it leaves files with its number, which is by now nobody's, somebody else's or a zombie's. This call holds the lock.
  local pid
  pid=$(head -n 1 "$pgdata/postmaster.pid" 2>/dev/null || true)
  if [ "$(readlink "/proc/${pid:-none}/cwd" || true)" != "$(realpath "$pgdata")" ]; then
    rm -f "$pgdata/postmaster.pid" "$sockets"/.s.PGSQL.*
  fi
  as_service "$bin/pg_ctl" start -w -s -t 60 -D "$pgdata" -l "$pgdata/server.log" -o "-c listen_addresses='' \
    -c unix_socket_directories='$sockets' -c unix_socket_permissions=0700 -c jit=off -c max_connections=200 \
    -c shared_buffers=256MB" 8>&- 9>&- || { tail -n 5 "$pgdata/server.log" >&2; exit 1; }
}
provision() { # once per data folder and version of the file
  local stamp
  stamp=$(cat "$root"/scripts/provision*.sql | sha256sum)
  [ "$(cat "$data/provisioned" 2>/dev/null)" != "$stamp" ] || return 0
  (umask 022; mkdir -p "$data/sql" && cp "$root"/scripts/provision*.sql "$data/sql/" && chmod 755 "$data/sql")
  as_service "$bin/psql" -qX -h "$sockets" -U postgres -d postgres -f "$data/sql/provision.sql" >/dev/null
  as_service "$bin/psql" -qX -h "$sockets" -U postgres -d postgres -c 'ALTER ROLE kz_owner CREATEDB' # tests make their own database
  rm -f "$local/demo.stamp" # whatever it tells was another database
  echo "$stamp" >"$data/provisioned"
}
start_redis() {
  redis_answers && return
  own_folder "$redisdata"
  as_service redis-server --port 0 --unixsocket "$sockets/redis.sock" --unixsocketperm 700 --dir "$redisdata" --save "" \
    --appendonly yes --maxmemory-policy noeviction --daemonize yes --logfile "$redisdata/server.log" >/dev/null 8>&- 9>&-
  for _ in $(seq 100); do redis_answers && return; sleep 0.1; done
  tail -n 5 "$redisdata/server.log" >&2
  exit 1
}
database=postgis://kz_app@/$sockets/kreiszwilling redis=unix://$sockets/redis.sock
own_pg() { [ "${DATABASE_URL:-$database}" = "$database" ]; }
own_redis() { [ "${REDIS_URL:-$redis}" = "$redis" ]; }

exec 8>"$local/services.lock"
flock 8
case ${1:-} in
start)
  if [ "${2:-}" = once ]; then rm -f "$local/services.kept"; else touch "$local/services.kept"; fi
  own_folder "$sockets"
  if own_pg; then
    bin=$(pg_bin)
    start_pg
    provision
  fi
  if own_redis; then start_redis; fi
  ;;
stop)
  rm -f "$local/services.kept"
  if own_redis && redis_answers; then as_service redis-cli -s "$sockets/redis.sock" shutdown >/dev/null 2>&1 || true; fi
  if own_pg && [ -f "$pgdata/postmaster.pid" ]; then as_service "$(pg_bin)/pg_ctl" stop -s -m fast -D "$pgdata"; fi
  ;;
status)
  if own_pg; then
    bin=$(pg_bin)
    pg_answers || exit 1
  fi
  if own_redis; then redis_answers || exit 1; fi
  ;;
env)
  if own_pg; then
    echo "export DATABASE_URL=$database"
    echo "export OWNER_DATABASE_URL=${database/kz_app/kz_owner}"
  fi
  if own_redis; then echo "export REDIS_URL=$redis"; fi
  ;;
*)
  sed -n 2,5p "$root/scripts/services.sh"
  exit 2
  ;;
esac
