#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# `release resend ID --missed`: exactly those who were not sent it.

bats_require_minimum_version 1.5.0
load newsroom

setup() {
    newsroom_make
    release_write a.md "id: sundhedshus" "title: Nyt sundhedshus"
}

@test "who came later is mailed, and nobody twice" {
    subscriber_add anna@nordhav.example
    subscriber_add bo@nordhav.example
    pr run
    [ "$(mail_count)" -eq 2 ]
    subscriber_add carla@nordhav.example
    pr --json release resend sundhedshus --missed | json 'd["deliveries"]' | grep -qx 1
    at 2026-06-10T08:01:00Z deliver
    [ "$(mail_count)" -eq 3 ]
    [ "$(mail_count "To: carla@nordhav.example")" -eq 1 ]
    run -0 pr release resend sundhedshus --missed
    [[ $output == *"every confirmed follower"* ]]
    at 2026-06-10T08:02:00Z deliver
    [ "$(mail_count)" -eq 3 ]
    books_balance
}

@test "a cancelled mailing's people are mailed, those who left meanwhile are not" {
    subscriber_add anna@nordhav.example
    subscriber_add bo@nordhav.example
    pr ingest
    at 2026-06-10T08:01:00Z publish
    at 2026-06-10T08:02:00Z announce
    pr mailing cancel 1
    pr subscriber unsubscribe bo@nordhav.example
    at 2026-06-10T08:03:00Z deliver
    [ "$(mail_count)" -eq 0 ]
    run -0 at 2026-06-10T08:03:30Z announce sundhedshus
    [[ $output == *"get it with \`pressroom release resend sundhedshus --missed\`"* ]]
    at 2026-06-10T08:04:00Z release resend sundhedshus --missed
    at 2026-06-10T08:05:00Z deliver
    [ "$(mail_count)" -eq 1 ]
    [ "$(mail_count "To: anna@nordhav.example")" -eq 1 ]
    pr status --json | json '[m["audience"] for m in d["mailings"]]' | grep -qx '\[1, 2\]'
    books_balance
}

@test "without --missed, without such a release or a mailing of it, nothing happens" {
    run -2 pr release resend sundhedshus
    run -1 pr release resend nothing --missed
    subscriber_add anna@nordhav.example
    sed -i 's/^id: sundhedshus/&\nmail: false/' "$ROOM/releases/a.md"
    pr run
    run -1 pr release resend sundhedshus --missed
    [[ $output == *"announce sundhedshus"* ]]
}

@test "two years later it is not known who got it, the books are, and nobody is mailed again" {
    subscriber_add anna@nordhav.example
    pr run
    at 2028-07-01T08:00:00Z run
    run -0 pr --json mailing show 1 --recipients
    [ "$(json 'len(d["recipients"])' <<<"$output")" -eq 0 ]
    [ "$(json 'd["sent"]' <<<"$output")" -eq 1 ]
    run -1 at 2028-07-01T08:01:00Z release resend sundhedshus --missed
    run -1 at 2028-07-01T08:01:00Z announce sundhedshus
    [ "$(mail_count)" -eq 1 ]
}
