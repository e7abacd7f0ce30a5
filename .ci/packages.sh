# shellcheck shell=bash
# Debian's packages, where they may be installed. What cannot be had is missing, and the tests that need it say so by name.

updated=no

# wanted PROGRAM PACKAGE: installs the package unless the programme is there.
wanted() {
  [[ -x $1 ]] || installed "$2" || echo "$2 is not installed; the tests that need it are skipped."
}

# installed PACKAGE: fails when it cannot be installed here.
installed() {
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  export DEBIAN_FRONTEND=noninteractive
  [[ $updated == yes ]] || apt-get update || return 1
  updated=yes
  apt-get install -y --no-install-recommends "$1"
}

# The Microsoft 365 Agents Playground, into a folder outside the tree; test/support/playground.ts looks for it there.
#   COUNTERSIGN_TEST_PLAYGROUND  where it is kept; "none": do without
provide_playground() {
  local folder=${COUNTERSIGN_TEST_PLAYGROUND:-$HOME/.cache/m365agentsplayground-0.2.28}
  [[ $folder == none || -f $folder/node_modules/@microsoft/m365agentsplayground/cli.js ]] && return
  mkdir -p "$folder" && cp .ci/playground/*.json "$folder" && npm ci --silent --ignore-scripts --prefix "$folder" \
    || echo 'The Microsoft 365 Agents Playground is not installed; the tests that need it are skipped.'
}

# moto, an S3 of another maker, into an environment of its own outside the tree; test/support/moto.ts looks for it there.
#   COUNTERSIGN_TEST_MOTO  "none": do without
provide_moto() {
  local folder=$HOME/.cache/moto-5.2.1
  [[ ${COUNTERSIGN_TEST_MOTO:-} == none || -x $folder/bin/moto_server ]] && return
  command -v moto_server >/dev/null && return
  python3 -m venv "$folder" \
    && "$folder/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 20 'moto[server,s3]==5.2.1' && return
  rm -rf "$folder"
  echo 'moto is not installed; the tests that need it are skipped.'
}
