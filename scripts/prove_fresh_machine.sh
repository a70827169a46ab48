#!/usr/bin/env bash
# Prove the README's two commands on a machine with nothing but Python: a new Debian root, made here.
#
#   scripts/prove_fresh_machine.sh [--tests] [--with-pip] [--keep] [SUITE]      (as root; needs debootstrap and git)
#
# SUITE is bookworm (Debian 12, the default) or trixie (Debian 13). --tests runs the second command too,
# --with-pip gives the machine Debian's python3-pip, --keep leaves the root in place to look at.
set -euo pipefail

tests='' pip='' keep='' suite=bookworm
for argument in "$@"; do
    case $argument in
        --tests) tests=yes ;;
        --with-pip) pip=,python3-pip ;;
        --keep) keep=yes ;;
        -*) sed -n '2,7p' "$0" >&2; exit 2 ;;
        *) suite=$argument ;;
    esac
done
checkout=$(cd "$(dirname "$0")/.." && pwd)
root=$(mktemp -d "${TMPDIR:-/tmp}/planner-fresh-XXXXXX")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
server=''

say() { printf '\n=== %s\n' "$*"; }

clean_up() {
    stop_planner
    for place in proc dev/pts dev/shm; do umount "$root/$place" 2>/dev/null || true; done
    if [ -z "$keep" ] && ! grep -q " $root/" /proc/mounts; then rm -rf "$root"; fi
}

# The new machine takes its packages from where this one takes them, and trusts whom this one trusts.
mirror() { sed -nE 's/^(URIs: |deb )(\S+).*/\2/p' /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -1; }

copy_from_here() {
    for file in "$@"; do
        [ -e "$file" ] || continue
        mkdir -p "$root$(dirname "$file")"
        cp -rL --remove-destination "$file" "$root$(dirname "$file")/"
    done
}

make_root() {
    debootstrap --variant=minbase --include="python3,ca-certificates$pip" "$suite" "$root" "$(mirror)" >"$root.log" 2>&1 ||
        { tail -20 "$root.log"; exit 1; }
    rm -f "$root.log"
    copy_from_here /etc/resolv.conf /etc/pip.conf "$HOME/.config/pip/pip.conf" /usr/local/share/ca-certificates
    copy_from_here /etc/apt/apt.conf.d/*
    if [ "$suite" = bookworm ]; then copy_from_here /etc/apt/sources.list.d/debian.sources; fi
    chroot "$root" update-ca-certificates >/dev/null 2>&1
    mount -t proc proc "$root/proc"
    mkdir -p "$root/dev/pts" "$root/dev/shm"
    mount -t devpts devpts "$root/dev/pts"
    mount -t tmpfs tmpfs "$root/dev/shm"
    git clone --quiet "$checkout" "$root/planner"
}

inside() {
    local settings=()
    while IFS= read -r line; do settings+=("$line"); done < <(env | grep -iE '^(pip_(index|extra|cert|proxy|default)|(https?|no|all)_proxy=|ssl_cert_file=)' || true)
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "${settings[@]}" \
        chroot "$root" sh -c 'cd /planner && exec "$@"' sh "$@"
}

seconds_since() { echo "$(($(date +%s%N) - $1))" | awk '{ printf "%.1f s", $1 / 1e9 }'; }

answers() { python3 -c "import sys, urllib.request; sys.exit(urllib.request.urlopen('http://127.0.0.1:$port/', timeout=5).status != 200)" 2>/dev/null; }

start_planner() {
    local began
    began=$(date +%s%N)
    set -m # a process group of its own, so that all of it can be stopped
    inside python3 -m planner demo --port "$port" &
    server=$!
    set +m
    until answers; do
        kill -0 "$server" 2>/dev/null || { echo "planner ended before it answered"; exit 1; }
        [ $(($(date +%s%N) - began)) -lt 600000000000 ] || { echo "no answer in ten minutes"; exit 1; }
        sleep 0.1
    done
    say "$1: the first page answered 200 after $(seconds_since "$began")"
}

stop_planner() {
    [ -n "$server" ] || return 0
    kill -- "-$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=''
}

# One line for each table: its name and how many rows it holds.
data() {
    python3 - "$root/planner/instance/planner.db" <<'PYTHON'
import sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True)
for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
    print(name, *database.execute(f'SELECT count(*) FROM "{name}"').fetchone())
PYTHON
}

trap clean_up EXIT
say "A new $suite root with python3 and certificates"
make_root
say "It holds $(inside python3 --version), pip: $(inside python3 -m pip --version 2>/dev/null || echo none)"

start_planner "First start"
stop_planner
before=$(data)
start_planner "Second start"
stop_planner
[ "$before" = "$(data)" ] || { echo "the second start did not keep the data"; exit 1; }
say "The rows of the first start were kept: $(wc -l <<<"$before") tables"

if [ -n "$tests" ]; then
    began=$(date +%s%N)
    inside python3 -m planner test
    say "The test command passed after $(seconds_since "$began")"
fi
