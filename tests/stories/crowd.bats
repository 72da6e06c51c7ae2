#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A crowd signs up by web and by mail, says yes and partly leaves, while serve, collect and deliver are killed at random
# moments. $PRESSROOM_CROWD: how many each way (300; with 1000 it takes some minutes); $PRESSROOM_SEED: another course of things.

load newsroom
load serve

# Holds I4.
@test "a crowd comes and goes through kills: states and mails are right at the end" {
    local inbox=$BATS_TEST_TMPDIR/inbox
    newsroom_make
    mkdir -p "$inbox"/{new,cur,tmp} "$MAIL"/{new,cur,tmp}
    sed -i "s|^mail:|mail:\n  inbox: maildir:$inbox\n  replies: svar@nordhav.example|" "$ROOM/newsroom.yaml"
    serve_configure
    release_write en.md "id: en" "title: Den ene" "published: 2026-06-10T10:30:00+02:00"
    "$PYTHON" "$PRESSROOM_ROOT/tests/peers/crowd.py" --program "$PRESSROOM_PROGRAM" --room "$ROOM" --mail "$MAIL" --inbox "$inbox" \
        --count "${PRESSROOM_CROWD:-300}" --seed "${PRESSROOM_SEED:-$RANDOM}"
    books_balance
}
