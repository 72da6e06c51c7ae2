# SPDX-License-Identifier: MIT
# A mailbox that answers arrive in: $INBOX, a Maildir; COUNT is how many have.

# inbox_is URL: writes mail.inbox into newsroom.yaml
inbox_is() {
    sed -i -e '/^  inbox/d' -e '/^  replies/d' -e '/^  bounces/d' "$ROOM/newsroom.yaml"
    sed -i "s|^mail:|mail:\n  inbox: $1\n  inbox_password_file: state/inbox.password\n  replies: svar@nordhav.example\n  bounces: bounce@nordhav.example|" \
        "$ROOM/newsroom.yaml"
    echo hemmelig >"$ROOM/state/inbox.password"
}

# message TO FROM BODY [FIELD…]: one message on standard output
message() {
    local to=$1 from=$2 body=$3
    shift 3
    COUNT=$((COUNT + 1))
    printf 'Return-Path: <%s>\nDelivered-To: %s\nFrom: %s\nTo: %s\nMessage-ID: <%s@%s>\n' "$from" "$to" "$from" "$to" "$COUNT" "${from#*@}"
    [ $# -eq 0 ] || printf '%s\n' "$@"
    printf '\n%s\n' "$body"
}

# mail …: the same arrives in $INBOX
mail() {
    local name=$((COUNT + 1)).test
    message "$@" >"$INBOX/tmp/$name"
    mv "$INBOX/tmp/$name" "$INBOX/new/$name"
}

inbox_count() {
    find "$INBOX/new" "$INBOX/cur" -type f | wc -l
}
