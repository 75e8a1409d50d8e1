#!/usr/bin/env bash
# A private PostgreSQL for tests.
#
#   pg_cluster.sh run [--pgbouncer] [--] COMMAND...   start one, run COMMAND, stop it
#
# COMMAND finds in its environment: PGHOST (a unix socket's directory), PGPORT, PGUSER=postgres,
# PGDATABASE=postgres, WV_TEST_DATA (the data directory), TMPDIR (in memory, unless it was set) and,
# with --pgbouncer, WV_TEST_POOL_PORT_TRANSACTION and WV_TEST_POOL_PORT_SESSION (ports in PGHOST). Nothing is durable and nothing listens on the network.
# PostgreSQL refuses root, so root runs it as user postgres. The data directory is copied from a
# template that the first run makes.
set -euo pipefail

die() {
    echo "pg_cluster.sh: $*" >&2
    exit 1
}

find_bin() {
    local dir
    for dir in ${WV_TEST_PGBIN:-} /usr/lib/postgresql/{18,17,16,15,14,13}/bin; do
        [ -x "$dir/postgres" ] && { echo "$dir"; return; }
    done
    die "no PostgreSQL server found (Debian: apt-get install postgresql)"
}

bin=$(find_bin)
as=()
owner=$(id -un)
if [ "$(id -u)" = 0 ]; then
    owner=postgres
    as=(runuser -u "$owner" --)
fi
# In memory if there is room for that.
base=/tmp
if [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -1)" -gt 400000 ] &&
    ! grep -q ' /dev/shm [^ ]* [^ ]*noexec' /proc/mounts; then
    base=/dev/shm
fi

make_template() {
    local version template
    version=$("$bin/postgres" --version | cut -d' ' -f3)
    template="$base/woven-test-template-$version-$(id -u)"
    if [ ! -d "$template" ] || [ "$(stat -c %U "$template")" != "$owner" ]; then
        rm -rf "$template"
        local fresh
        fresh=$("${as[@]}" mktemp -d "$base/woven-test-initdb.XXXXXX")
        "${as[@]}" "$bin/initdb" -D "$fresh" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N \
            --wal-segsize=1 >"$1/initdb.log" 2>&1 || { cat "$1/initdb.log" >&2; die "initdb failed"; }
        # Another run may have been faster.
        "${as[@]}" mv -T "$fresh" "$template" 2>/dev/null || rm -rf "$fresh"
    fi
    echo "$template"
}

start() {
    work=$(mktemp -d "$base/woven-test.XXXXXX")
    chmod 755 "$work"
    chown "$owner" "$work"
    trap stop EXIT
    trap 'exit 130' INT TERM
    local template
    template=$(make_template "$work")
    "${as[@]}" cp -a "$template" "$work/data"
    "${as[@]}" "$bin/postgres" -D "$work/data" -c listen_addresses= \
        -c unix_socket_directories="$work" -c port=5432 -c fsync=off -c full_page_writes=off \
        -c shared_buffers=64MB -c max_connections=60 -c log_statement=none \
        -c wal_level=minimal -c max_wal_senders=0 >"$work/server.log" 2>&1 &
    local tries
    for tries in $(seq 500); do
        grep -qs '^ready' "$work/data/postmaster.pid" && break
        kill -0 $! 2>/dev/null || { cat "$work/server.log" >&2; die "the server did not start"; }
        [ "$tries" -lt 500 ] || die "the server is not ready after 10 seconds"
        sleep 0.02
    done
    export PGHOST=$work PGPORT=5432 PGUSER=postgres PGDATABASE=postgres WV_TEST_DATA=$work/data
    export TMPDIR=${TMPDIR:-$base}
}

start_pool() {
    local mode=$1 port=$2 tries
    cat >"$work/pool-$mode.ini" <<INI
[databases]
* = host=$work port=5432 user=postgres
[pgbouncer]
listen_addr =
listen_port = $port
unix_socket_dir = $work
auth_type = any
auth_file = $work/users.txt
pool_mode = $mode
ignore_startup_parameters = extra_float_digits
INI
    echo '"postgres" ""' >"$work/users.txt"
    chown "$owner" "$work/pool-$mode.ini" "$work/users.txt"
    "${as[@]}" pgbouncer -q "$work/pool-$mode.ini" >"$work/pool-$mode.log" 2>&1 &
    pools+=($!)
    for tries in $(seq 250); do
        [ -S "$work/.s.PGSQL.$port" ] && return
        sleep 0.02
    done
    cat "$work/pool-$mode.log" >&2
    die "pgbouncer did not start"
}

stop() {
    local pid
    for pid in "${pools[@]}"; do
        # runuser hands the signal on to its child.
        kill -TERM "$pid" 2>/dev/null || true
    done
    if [ -s "$work/data/postmaster.pid" ]; then
        kill -QUIT "$(head -1 "$work/data/postmaster.pid")" 2>/dev/null || true
    fi
    wait 2>/dev/null || true
    rm -rf "$work"
}

[ "${1:-}" = run ] || die "usage: pg_cluster.sh run [--pgbouncer] [--] COMMAND..."
shift
pools=()
with_pools=no
if [ "${1:-}" = --pgbouncer ]; then
    with_pools=yes
    shift
fi
[ "${1:-}" = -- ] && shift
start
if [ $with_pools = yes ] && command -v pgbouncer >/dev/null; then
    start_pool transaction 6432
    start_pool session 6433
    export WV_TEST_POOL_PORT_TRANSACTION=6432 WV_TEST_POOL_PORT_SESSION=6433
fi
status=0
"$@" || status=$?
exit $status
