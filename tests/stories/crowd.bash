# SPDX-License-Identifier: MIT
# A newsroom with a relay and many readers.

# room COUNT PEER-ARGUMENT…: COUNT readers at five newspapers, and a release that waits to be mailed
room() {
    local count=$1
    shift
    smtp_peer_start "$@"
    SMTP=smtp://127.0.0.1:$SMTP_PORT newsroom_make
    {
        echo "address;state;confirmed_at;evidence"
        for i in $(seq "$count"); do echo "laeser$i@avis$((i % 5)).example;confirmed;2026-05-01T10:00:00Z;blanket"; done
    } >"$BATS_TEST_TMPDIR/people.csv"
    pr subscriber import "$BATS_TEST_TMPDIR/people.csv" >/dev/null
    release_write a.md "id: a" "title: Overskrift"
    # Each process's clock begins anew: later stages begin later.
    pr ingest >/dev/null
    at 2026-06-10T08:01:00Z publish >/dev/null
    at 2026-06-10T08:02:00Z announce >/dev/null
}

# book NAME…: those columns of the newest mailing, as [1, 2]
book() {
    pr status --json | json "[d['mailings'][0][k] for k in '$*'.split()]"
}
