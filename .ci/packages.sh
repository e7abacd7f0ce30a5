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
