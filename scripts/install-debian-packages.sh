#!/usr/bin/env bash
# Install the system parts that the quick tests (or, with --demo, the demo; or,
# with --all, every test) use and that are missing. Nothing is started, and what
# is present is left alone.
set -euo pipefail

usage() {
    echo "usage: ${0##*/} [--demo | --all]"
    echo "  --demo   only what the demo needs"
    echo "  --all    what the tests in a virtual machine need, too"
}

demo=no
all=no
case "${1-}" in
    "") ;;
    --demo) demo=yes ;;
    --all) all=yes ;;
    -h | --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
esac

# Daemons live in sbin, which is not on everybody's path.
PATH=$PATH:/usr/sbin:/sbin

# Debian package | a file or command that will do instead | what is skipped without it
PARTS="
mosquitto|mosquitto|the demo and the quick tests use a lesser broker; tests of broker identity are skipped
"
if [ "$demo" = no ]; then
    PARTS+="
chromium|chromium|tests that drive the pages in a browser are skipped
fonts-liberation|/usr/share/fonts/truetype/liberation*|pages in the browser tests have no letters
default-jre-headless|java|tests that hold exported forms against ODK Validate are skipped
git|git|tests that ask which files are tracked are skipped
nodejs|node|tests that hold forms and units against other people's engines are skipped
npm|npm|likewise
postgresql|/usr/lib/postgresql/*/bin/initdb|tests of the gateway's PostgreSQL store are skipped
procps|ps|tests that look at running processes are skipped
strace|strace|tests that count what reaches the disk are skipped
"
fi
if [ "$all" = yes ]; then
    PARTS+="
bluez|/usr/libexec/bluetooth/bluetoothd|tests of the Bluetooth path over BlueZ are skipped
dbus|dbus-daemon|tests of the Bluetooth path over BlueZ are skipped
qemu-system-x86|qemu-system-x86_64|tests in a virtual machine are skipped
seabios|/usr/share/seabios/bios-256k.bin|tests in a virtual machine are skipped
"
fi

has_python() {
    local python
    for python in "${PYTHON-}" python3.11 python3 python3.12 python3.13 python3.14; do
        [ -n "$python" ] || continue
        "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1 && return 0
    done
    return 1
}
has_python || PARTS+="
python3-venv||nothing can be set up
"

is_present() { # package, file or command
    if command -v dpkg-query >/dev/null 2>&1 &&
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; then
        return 0
    fi
    case "$2" in
        "") return 1 ;;
        /*) compgen -G "$2" >/dev/null ;;
        *) command -v "$2" >/dev/null 2>&1 ;;
    esac
}

missing=()
skipped=()
look() {
    missing=()
    skipped=()
    local package stand_in without
    while IFS='|' read -r package stand_in without; do
        [ -n "$package" ] || continue
        is_present "$package" "$stand_in" && continue
        missing+=("$package")
        skipped+=("$package: $without")
    done <<<"$PARTS"
}

give_up() { # reason
    {
        echo "These system packages are missing and were not installed: ${missing[*]}"
        echo "Why: $1."
        echo "An administrator installs them on Debian with:"
        echo "    apt-get update && apt-get install --no-install-recommends ${missing[*]}"
        echo "Without them:"
        printf '    %s\n' "${skipped[@]}"
    } >&2
    [ "${CI-}" = true ] && exit 1
    exit 0
}

look
[ ${#missing[@]} -eq 0 ] && exit 0

command -v apt-get >/dev/null 2>&1 || give_up "this system has no apt-get"
if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    give_up "neither root nor sudo without a password"
fi

# Debian starts a service when it installs it, unless this policy says no.
POLICY=/usr/sbin/policy-rc.d
ASIDE=$POLICY.before-releve
policy_in_place=no
restore_policy() {
    [ "$policy_in_place" = yes ] || return 0
    policy_in_place=no
    "${as_root[@]}" rm -f "$POLICY"
    if [ -e "$ASIDE" ] || [ -L "$ASIDE" ]; then
        "${as_root[@]}" mv -f "$ASIDE" "$POLICY"
    fi
}
trap restore_policy EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

forbid_starting() {
    if [ -e "$ASIDE" ] || [ -L "$ASIDE" ]; then
        : # an earlier run was killed: the original is already aside
    elif [ -e "$POLICY" ] || [ -L "$POLICY" ]; then
        "${as_root[@]}" mv "$POLICY" "$ASIDE"
    fi
    policy_in_place=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$POLICY" >/dev/null
    "${as_root[@]}" chmod 755 "$POLICY"
}

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

wanted=("${missing[@]}")
echo "Installing system packages: ${wanted[*]}"
apt update || give_up "apt-get update failed"
forbid_starting
apt install -y --no-install-recommends "${wanted[@]}" >/dev/null ||
    { look; [ ${#missing[@]} -eq 0 ] || give_up "apt-get install failed"; }
restore_policy

# Not at the next boot either: tests and demo start their own, on their own ports.
if [ -d /run/systemd/system ]; then
    for package in "${wanted[@]}"; do
        case "$package" in
            bluez) service=bluetooth ;;
            mosquitto | postgresql) service=$package ;;
            *) continue ;;
        esac
        "${as_root[@]}" systemctl disable --quiet "$service.service" || true
    done
fi

look
[ ${#missing[@]} -eq 0 ] || give_up "apt-get installed, yet they are not found"
