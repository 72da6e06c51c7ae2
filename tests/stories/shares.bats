#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Press officers reach releases/ over a share: SFTP, Samba and WebDAV, by their own programs on both sides.

bats_require_minimum_version 1.5.0
load newsroom

SFTP_SERVER=/usr/lib/openssh/sftp-server

setup() {
    newsroom_make
    subscriber_add anna@avisen.example
    COPY=$BATS_TEST_TMPDIR/copy
    mkdir "$COPY"
    # Long enough to be copied in many pieces, and its first half looks like a whole release.
    {
        printf -- '---\nid: lang\ntitle: Hemmelig lang meddelelse\n---\n'
        for number in $(seq 4000); do
            printf 'Afsnit nummer %s handler om den nye bro mellem Vesterhavn og Lillesund.\n\n' "$number"
        done
        echo "Her slutter den lange meddelelse."
    } >"$COPY/lang.md"
    printf -- '---\nid: kort\ntitle: Hemmelig kort meddelelse\n---\nRegion Nordhav bygger en mole i Ådal.\n' >"$COPY/kort.md"
    mkdir "$COPY/mappe"
    printf -- '---\nid: mappe\ntitle: Hemmelig mappe\n---\nSundhedshuset i Lillesund får en have med bænke.\n' >"$COPY/mappe/tekst.md"
}

teardown() {
    local process
    for process in ${COPIER:-} ${SMBD:-} ${APACHE:-}; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
}

settle_is() {
    sed -i "s/^intake: .*/intake: {settle: $1}/" "$ROOM/newsroom.yaml"
}

# sftp LINE…: one session, below releases/
over_sftp() {
    printf '%s\n' "$@" | sftp -q -b - -D "$SFTP_SERVER -d $ROOM/releases" >"$BATS_TEST_TMPDIR/sftp.log" 2>&1
}

smbd_start() {
    local folder=$BATS_TEST_TMPDIR/smbd name
    SMB_PORT=$(free_port)
    for name in private lock state cache rpc; do mkdir -p "$folder/$name"; done
    cat >"$folder/smb.conf" <<CONF
[global]
    server role = standalone server
    interfaces = lo
    bind interfaces only = yes
    smb ports = $SMB_PORT
    private dir = $folder/private
    lock directory = $folder/lock
    state directory = $folder/state
    cache directory = $folder/cache
    pid directory = $folder
    ncalrpc dir = $folder/rpc
    log file = $folder/smbd.log
    map to guest = Bad User
    guest account = $(id -un)
    load printers = no
    disable spoolss = yes
    disable netbios = yes
[releases]
    path = $ROOM/releases
    guest ok = yes
    $(sed -n '/^\[releases\]/,/^$/p' "$PRESSROOM_ROOT/packaging/samba.conf" | grep -E '^ +(read only|follow symlinks|wide links|veto files|delete veto files) =')
CONF
    /usr/sbin/smbd -F -s "$folder/smb.conf" </dev/null >"$BATS_TEST_TMPDIR/smbd.log" 2>&1 3>&- &
    SMBD=$!
    eventually over_smb ls
}

over_smb() {
    smbclient -N -t 300 -s "$BATS_TEST_TMPDIR/smbd/smb.conf" -p "$SMB_PORT" //127.0.0.1/releases -c "$1" >"$BATS_TEST_TMPDIR/smb.log" 2>&1
}

apache_start() {
    local folder=$BATS_TEST_TMPDIR/apache modules=/usr/lib/apache2/modules
    DAV=127.0.0.1:$(free_port)
    mkdir -p "$folder"
    # Apache does not serve as root: then it is nobody, and the folders are open to all.
    local -a as_nobody=()
    if [ "$(id -u)" -eq 0 ]; then
        as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
        chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR/test" "$BATS_TEST_TMPDIR" "$ROOM"
        chmod -R a+rwX "$ROOM/releases" "$folder"
    fi
    cat >"$folder/apache.conf" <<CONF
ServerName 127.0.0.1
ServerRoot $folder
DefaultRuntimeDir $folder
Listen $DAV
PidFile $folder/pid
ErrorLog $folder/error.log
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule dav_module $modules/mod_dav.so
LoadModule dav_fs_module $modules/mod_dav_fs.so
DavLockDB $folder/locks
DocumentRoot $ROOM/releases
<Directory $ROOM/releases>
    Dav On
    Require all granted
</Directory>
CONF
    "${as_nobody[@]}" /usr/sbin/apache2 -D FOREGROUND -f "$folder/apache.conf" </dev/null >"$BATS_TEST_TMPDIR/apache.log" 2>&1 3>&- &
    APACHE=$!
    DAV=http://$DAV
    eventually over_webdav -X PROPFIND -H "Depth: 1" "$DAV/"
}

# over_webdav CURL'S ARGUMENTS…
over_webdav() {
    curl -fsS -m 300 -o "$BATS_TEST_TMPDIR/webdav.out" "$@" 2>"$BATS_TEST_TMPDIR/webdav.log"
}

# text_of ID: what stands in public of it, as plain text
text_of() {
    cat "$ROOM/public/releases/2026/hemmelig-$1"*/text.txt
}

# Holds I1.
@test "SFTP: half a copy is never public, however long it takes, and the whole one is" {
    settle_is 30s
    mkfifo "$BATS_TEST_TMPDIR/reached" "$BATS_TEST_TMPDIR/go"
    printf 'put %s lang.md\n' "$COPY/lang.md" |
        sftp -q -B 16384 -b - -D "$PYTHON $PRESSROOM_ROOT/tests/peers/gate.py 150000 $BATS_TEST_TMPDIR/reached $BATS_TEST_TMPDIR/go $SFTP_SERVER -d $ROOM/releases" \
            >"$BATS_TEST_TMPDIR/sftp.log" 2>&1 3>&- &
    COPIER=$!
    grep -q reached "$BATS_TEST_TMPDIR/reached"
    eventually test -s "$ROOM/releases/lang.md"
    [ "$(stat -c %s "$ROOM/releases/lang.md")" -lt "$(stat -c %s "$COPY/lang.md")" ]
    run --separate-stderr pr run
    nothing_public_of Hemmelig
    echo >"$BATS_TEST_TMPDIR/go"
    wait "$COPIER"
    COPIER=
    cmp "$COPY/lang.md" "$ROOM/releases/lang.md"
    settle_is 0s
    at 2026-06-10T08:10:00Z run
    text_of lang | grep -q "Her slutter den lange meddelelse"
    at 2026-06-10T08:20:00Z run
    [ "$(mail_count)" -eq 1 ]
}

# What clients call a copy until it is whole.
temporary_names="kort.md.filepart .kort.md.swp .~kort.md kort.md.part kort.md.tmp ~\$kort.md"

# Holds I1.
@test "SFTP: a copy under a temporary name is not read until it has its own" {
    local name
    for name in $temporary_names; do
        over_sftp "put $COPY/kort.md \"$name\""
        pr run
        nothing_public_of Hemmelig
        [ -z "$(find "$ROOM/releases" -name '*.problems.txt')" ]
        over_sftp "rm \"$name\""
    done
    over_sftp "put $COPY/kort.md kort.md.filepart" "rename kort.md.filepart kort.md"
    at 2026-06-10T08:10:00Z run
    text_of kort | grep -q "en mole i Ådal"
}

@test "SFTP: moving a file or a folder out of the drafts publishes it, and to the withdrawn ones takes it down" {
    over_sftp "put $COPY/kort.md Kladder/kort.md" "put -r $COPY/mappe Kladder/"
    pr run
    nothing_public_of Hemmelig
    over_sftp "rename Kladder/kort.md kort.md" "rename Kladder/mappe mappe"
    at 2026-06-10T08:10:00Z run
    text_of kort | grep -q "en mole i Ådal"
    text_of mappe | grep -q "en have med"
    over_sftp 'rename kort.md "Trukket tilbage/kort.md"'
    at 2026-06-10T08:20:00Z run
    [ ! -e "$ROOM/public/releases/2026/hemmelig-kort-meddelelse/text.txt" ]
    over_sftp "get status.html $BATS_TEST_TMPDIR/status.html"
    grep -q "Trukket tilbage" "$BATS_TEST_TMPDIR/status.html"
}

# Holds I1.
@test "Samba: half a copy and temporary names are never public, and a move publishes and takes down" {
    local name
    smbd_start
    settle_is 30s
    head -c 150000 "$COPY/lang.md" >"$COPY/halv.md"
    over_smb "put $COPY/halv.md lang.md"
    run --separate-stderr pr run
    nothing_public_of Hemmelig
    over_smb "put $COPY/lang.md lang.md"
    cmp "$COPY/lang.md" "$ROOM/releases/lang.md"
    settle_is 0s
    for name in $temporary_names; do
        over_smb "put $COPY/kort.md \"$name\""
        [ -e "$ROOM/releases/$name" ]
    done
    over_smb "put $COPY/kort.md Kladder\\kort.md"
    at 2026-06-10T08:10:00Z run
    text_of lang | grep -q "Her slutter den lange meddelelse"
    nothing_public_of "Hemmelig kort"
    over_smb "rename Kladder\\kort.md kort.md"
    at 2026-06-10T08:20:00Z run
    text_of kort | grep -q "en mole i Ådal"
    over_smb 'rename kort.md "Trukket tilbage\kort.md"'
    at 2026-06-10T08:30:00Z run
    [ ! -e "$ROOM/public/releases/2026/hemmelig-kort-meddelelse/text.txt" ]
    over_smb "get status.html $BATS_TEST_TMPDIR/status.html"
    grep -q "Trukket tilbage" "$BATS_TEST_TMPDIR/status.html"
}

# Holds I1.
@test "WebDAV: half a copy and temporary names are never public, and a move publishes and takes down" {
    local name
    apache_start
    settle_is 30s
    mkfifo "$BATS_TEST_TMPDIR/reached" "$BATS_TEST_TMPDIR/go"
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/gate.py" 150000 "$BATS_TEST_TMPDIR/reached" "$BATS_TEST_TMPDIR/go" \
        curl -fsS -T - "$DAV/lang.md" <"$COPY/lang.md" >"$BATS_TEST_TMPDIR/webdav.log" 2>&1 3>&- &
    COPIER=$!
    grep -q reached "$BATS_TEST_TMPDIR/reached"
    run --separate-stderr pr run
    nothing_public_of Hemmelig
    echo >"$BATS_TEST_TMPDIR/go"
    wait "$COPIER"
    COPIER=
    cmp "$COPY/lang.md" "$ROOM/releases/lang.md"
    settle_is 0s
    # Finder puts an empty file first, and the whole of it behind that.
    over_webdav -T /dev/null "$DAV/Kladder/kort.md"
    run --separate-stderr at 2026-06-10T08:10:00Z run
    text_of lang | grep -q "Her slutter den lange meddelelse"
    over_webdav -T "$COPY/kort.md" "$DAV/Kladder/kort.md"
    pr run
    nothing_public_of "Hemmelig kort"
    [ -z "$(find "$ROOM/releases" -name '*.problems.txt')" ]
    over_webdav -X MOVE -H "Destination: $DAV/kort.md" "$DAV/Kladder/kort.md"
    at 2026-06-10T08:20:00Z run
    text_of kort | grep -q "en mole i Ådal"
    over_webdav -X MOVE -H "Destination: $DAV/Trukket%20tilbage/kort.md" "$DAV/kort.md"
    at 2026-06-10T08:30:00Z run
    [ ! -e "$ROOM/public/releases/2026/hemmelig-kort-meddelelse/text.txt" ]
    over_webdav "$DAV/status.html"
    grep -q "Trukket tilbage" "$BATS_TEST_TMPDIR/webdav.out"
}
