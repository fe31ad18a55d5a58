#!/usr/bin/env bash
# Makes .venv and puts the locked packages into it: install.sh base | test | programs
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
root_with_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
apt_install() {
  # A second try after `update`: fresh machines have no package lists.
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
  apt-get update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null
}

find_python() {
  local candidate
  for candidate in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  say "Satu Klik needs Python 3.11 or newer. Install it (Debian and Ubuntu: apt install python3 python3-venv)"
  say "and run the command again, or name one: make install PYTHON=/path/to/python3"
  exit 1
}

make_venv() {
  [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null && return
  local python
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if root_with_apt; then
      apt_install python3-venv
    else
      say "Python's venv module is missing. Install it (Debian and Ubuntu: apt install python3-venv) and run again."
      exit 1
    fi
  fi
  rm -rf .venv
  "$python" -m venv .venv
}

# Once a day is enough for a message of pip about itself: never.
export PIP_DISABLE_PIP_VERSION_CHECK=1 UV_NO_PROGRESS=1 VIRTUAL_ENV="$PWD/.venv"

lock_in() {
  # uv takes seconds where pip takes a minute; pip knows mirrors that only its own settings name.
  .venv/bin/uv pip install -q --require-hashes -r "$1" && return
  say "uv could not fetch the packages; trying pip."
  .venv/bin/python -m pip install -q --require-hashes -r "$1"
}

install_base() {
  make_venv
  .venv/bin/python -m pip install -q --require-hashes -r requirements/tools.txt
  lock_in requirements/base.txt
  .venv/bin/uv pip install -q --offline --no-deps --no-build-isolation -e .
  touch .venv/.installed
}

install_test() {
  lock_in requirements/test.txt
  touch .venv/.installed-test
}

install_fuzz() {
  lock_in requirements/fuzz.txt
}

# Programs of the system that tests use: a browser, and readers of PDF that we did not write.
install_programs() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium fonts-noto-core)
  command -v qpdf >/dev/null || missing+=(qpdf)
  command -v pdfsig >/dev/null || missing+=(poppler-utils)
  command -v openssl >/dev/null || missing+=(openssl)
  command -v certutil >/dev/null || missing+=(libnss3-tools)
  command -v mutool >/dev/null || missing+=(mupdf-tools)
  command -v softhsm2-util >/dev/null || missing+=(softhsm2)
  command -v gcore >/dev/null || missing+=(gdb)
  command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] || missing+=(dovecot-imapd)
  [ ${#missing[@]} = 0 ] && return
  if root_with_apt; then
    say "Installing for the tests: ${missing[*]}"
    apt_install "${missing[@]}"
  else
    say "These programs are missing: ${missing[*]}"
    say "Install them (Debian and Ubuntu: sudo apt install ${missing[*]}) and run again."
    exit 1
  fi
}

"install_$1"
