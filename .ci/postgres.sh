# shellcheck shell=bash
# A PostgreSQL server for the tests: the one that listens on this machine, or one of our own for as long as the run takes.
#   COUNTERSIGN_TEST_POSTGRES  an address given from outside is taken as it is
#   COUNTERSIGN_CI_POSTGRES    "own": leave a server that listens already alone; "none": do without

SERVER=postgres://postgres@127.0.0.1:5432/postgres
own_folder=''

provide_postgres() {
  # Some tests spoil a whole server: they start their own, for which the programmes are enough.
  [[ ${COUNTERSIGN_CI_POSTGRES:-} == none ]] || server_programs >/dev/null || installed postgresql \
    || echo "PostgreSQL's own programmes are not installed; the tests that need them are skipped."
  if [[ -n ${COUNTERSIGN_TEST_POSTGRES:-} ]]; then
    echo 'PostgreSQL: the server that COUNTERSIGN_TEST_POSTGRES names.'
  elif [[ ${COUNTERSIGN_CI_POSTGRES:-} == none ]]; then
    echo 'PostgreSQL: none, as asked; the tests that need one are skipped.'
  elif [[ ${COUNTERSIGN_CI_POSTGRES:-} != own ]] && npm exec --no -- node .ci/probe-postgres.mjs "$SERVER"; then
    export COUNTERSIGN_TEST_POSTGRES=$SERVER
    echo 'PostgreSQL: the server on 127.0.0.1:5432.'
  elif own_postgres; then
    echo "PostgreSQL: a server of our own at $COUNTERSIGN_TEST_POSTGRES."
  else
    echo 'PostgreSQL: no server can be had here; the tests that need one are skipped.'
  fi
}

# Starts a server in a temporary folder on a free port; it ends with this script, without a word after the closing line.
own_postgres() {
  local bin port
  bin=$(server_programs) || return 1
  own_folder=$(mktemp -d /tmp/countersign-postgres.XXXXXX) || return 1
  trap 'stop_postgres >/dev/null 2>&1 || true' EXIT
  if [[ $(id -u) == 0 ]]; then chown postgres "$own_folder"; fi
  as_postgres "$bin/initdb" -D "$own_folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null || return 1
  for port in $(shuf -i 20000-29999 -n 5); do
    # Nothing here outlives the run, so nothing has to reach the disk.
    if as_postgres "$bin/pg_ctl" -D "$own_folder/data" -l "$own_folder/log" -w -t 60 \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$own_folder -c max_connections=300 -c fsync=off" \
      start >/dev/null; then
      own_programs=$bin
      export COUNTERSIGN_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres
      npm exec --no -- node .ci/probe-postgres.mjs "$COUNTERSIGN_TEST_POSTGRES" && return 0
      unset COUNTERSIGN_TEST_POSTGRES
      return 1
    fi
  done
  tail -n 20 "$own_folder/log" || true
  return 1
}

stop_postgres() {
  if [[ -n ${own_programs:-} ]]; then as_postgres "$own_programs/pg_ctl" -D "$own_folder/data" -m immediate -w stop; fi
  rm -rf "$own_folder"
}

# The newest server that is installed; Debian keeps its programmes out of the PATH.
server_programs() {
  local found
  found=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  [[ -x $found/initdb ]] && printf '%s\n' "$found"
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [[ $(id -u) == 0 ]]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}
