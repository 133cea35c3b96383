#!/bin/bash
# The first process of the guest, on the host's files: what a service manager would
# do, then one Python script, whose status is told on the console, then power off.
# Usage: guest_init.sh PYTHON SCRIPT SECONDS
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8
export PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
export PYTHONPATH=$root

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
mkdir -p /run/dbus
echo "the guest is up after $(cut -d' ' -f1 /proc/uptime) s"

dbus-uuidgen --ensure
dbus-daemon --system --fork --nopidfile

cd "$root" || exit
timeout --kill-after=5 "$3" "$1" "$2"
echo "GUEST ENDED WITH $?"

# Straight to the kernel: there is no service manager whom poweroff could ask.
echo 1 >/proc/sys/kernel/sysrq
echo o >/proc/sysrq-trigger
sleep 60
