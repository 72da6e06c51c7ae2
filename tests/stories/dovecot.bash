# SPDX-License-Identifier: MIT
# A Dovecot of the test's own: IMAP and POP3 over TLS on loopback ports, one user, a Maildir. It also
# says who has a password, to a relay that asks at its socket $DOVECOT/sasl. Loaded by collect.bats and relays.bats.

# A certificate authority and a server certificate for the names given: $1 folder, $2 subjectAltName, $3 days that it is
# good for (-1: it has expired)
certificates_make() {
    mkdir -p "$1"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Test CA" -keyout "$1/ca.key" -out "$1/ca.pem" 2>/dev/null
    openssl req -newkey rsa:2048 -nodes -subj "/CN=mail" -keyout "$1/server.key" -out "$1/server.csr" 2>/dev/null
    printf 'subjectAltName=%s\n' "$2" >"$1/extensions"
    openssl x509 -req -in "$1/server.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial -days "${3:-2}" \
        -extfile "$1/extensions" -out "$1/server.pem" 2>/dev/null
}

# dovecot_start SUBJECTALTNAME [SETTING] [DAYS]: sets IMAP_PORT, POP3_PORT, INBOX (the user's Maildir), SSL_CERT_FILE
dovecot_start() {
    DOVECOT=$(mktemp -d /tmp/pressroom-dovecot-XXXXXX) # short: its sockets' names have a limit
    IMAP_PORT=$(free_port)
    POP3_PORT=$(free_port)
    INBOX=$DOVECOT/mail/presse
    certificates_make "$DOVECOT/tls" "$1" "${3:-2}"
    export SSL_CERT_FILE=$DOVECOT/tls/ca.pem
    mkdir -p "$INBOX"/{new,cur,tmp}
    chmod 711 "$DOVECOT"
    # Dovecot hands no mail to root.
    local owner group login
    owner=$(id -un)
    group=$(id -gn)
    login=$owner
    if [ "$(id -u)" -eq 0 ]; then
        owner=nobody group=nogroup login=dovenull
        chown -R nobody:nogroup "$DOVECOT/mail"
    fi
    cat >"$DOVECOT/dovecot.conf" <<CONF
base_dir = $DOVECOT/run
state_dir = $DOVECOT/state
log_path = $DOVECOT/log
protocols = imap pop3
listen = 127.0.0.1
ssl = required
ssl_cert = <$DOVECOT/tls/server.pem
ssl_key = <$DOVECOT/tls/server.key
mail_location = maildir:$DOVECOT/mail/%u
mail_uid = $owner
mail_gid = $group
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = $(id -un)
default_internal_group = $(id -gn)
default_login_user = $login
mail_fsync = never
${2:-}
passdb {
  driver = static
  args = password=hemmelig
}
userdb {
  driver = static
  args = uid=$owner gid=$group home=$DOVECOT/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = $IMAP_PORT
    ssl = yes
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = 0
  }
  inet_listener pop3s {
    port = $POP3_PORT
    ssl = yes
  }
}
service auth {
  unix_listener $DOVECOT/sasl {
    mode = 0666
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
CONF
    dovecot -c "$DOVECOT/dovecot.conf" >"$DOVECOT/start" 2>&1 3>&- || {
        cat "$DOVECOT/start" >&2
        return 1
    }
}

dovecot_stop() {
    if [ -n "${DOVECOT:-}" ]; then
        timeout 60 doveadm -c "$DOVECOT/dovecot.conf" stop >/dev/null 2>&1 3>&- || true
        rm -rf "$DOVECOT"
        DOVECOT=
    fi
}
