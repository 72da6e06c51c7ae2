#!/bin/bash
# SPDX-License-Identifier: MIT
# A systemd of one test's own, in namespaces: it sees this machine's files with FOLDER/srv as /srv, FOLDER/usr as /usr/local and
# a user pressroom (4321), the units of FOLDER/units alone, and control groups below one that FOLDER/cgroup names. Whoever
# ends it ends all it started.
# Usage: systemd_boot.sh FOLDER
set -eu
folder=$1
controllers="memory pids devices"

# Control groups of version 1 are a hierarchy a controller, those of version 2 are one.
hierarchies() {
    if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
        echo /sys/fs/cgroup
    else
        for name in $controllers systemd unified; do
            [ ! -d "/sys/fs/cgroup/$name" ] || echo "/sys/fs/cgroup/$name"
        done
    fi
}

mount_groups() {
    if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
        umount -l /sys/fs/cgroup
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        return
    fi
    umount -l -R /sys/fs/cgroup
    mount -t tmpfs tmpfs /sys/fs/cgroup
    mkdir /sys/fs/cgroup/{unified,systemd}
    mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
    mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
    for name in $controllers; do
        mkdir "/sys/fs/cgroup/$name"
        mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name" || rmdir "/sys/fs/cgroup/$name"
    done
}

if [ "${2:-}" != inside ]; then
    hierarchies | sed "s|\$|/pressroom-$$|" >"$folder/cgroup"
    while read -r group; do
        mkdir "$group"
        echo $$ >"$group/cgroup.procs"
    done <"$folder/cgroup"
    exec unshare --mount --propagation=private --pid --fork --kill-child --cgroup --ipc --uts --mount-proc "$0" "$folder" inside
fi

cp /etc/passwd /etc/group "$folder"
echo 'pressroom:x:4321:4321::/srv/presse:/usr/sbin/nologin' >>"$folder/passwd"
echo 'pressroom:x:4321:' >>"$folder/group"
mount --bind "$folder/passwd" /etc/passwd
mount --bind "$folder/group" /etc/group
mkdir -p /srv
mount --bind "$folder/srv" /srv
mount --bind "$folder/usr" /usr/local
mount -t tmpfs tmpfs /run
mount_groups
# What is waited for by every unit, and here is there from the beginning.
for target in default sysinit basic shutdown umount final network network-online multi-user; do
    printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' "$target" >"$folder/units/$target.target"
done
export container=other SYSTEMD_UNIT_PATH="$folder/units"
exec /lib/systemd/systemd --system --unit=default.target --log-target=console --show-status=no </dev/null
