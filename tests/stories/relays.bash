# SPDX-License-Identifier: MIT
# Real relays of the test's own on loopback ports: Postfix with passwords by Dovecot, and Exim. Each wants TLS and a password,
# keeps what it accepts in the Maildir $RELAY/mail, and says so in $RELAY/mainlog. Loaded by relays.bats; needs root, as they do.
# Addresses: ukendt…@ has no mailbox, senere…@ is put off.

relay_make() {
    [ "$(id -u)" -eq 0 ] || {
        echo "mail servers must be started by root"
        return 1
    }
    RELAY=$(mktemp -d /tmp/pressroom-relay-XXXXXX)
    RELAY_PORT=$(free_port)
    mkdir -p "$RELAY"/mail/{new,cur,tmp}
    chown -R nobody:nogroup "$RELAY/mail"
    chmod 755 "$RELAY"
}

# postfix_make < what main.cf has besides: starts a Postfix of our own, which keeps or returns all; $RELAY/etc/mailboxes says who has one
postfix_make() {
    mkdir -p "$RELAY/etc" "$RELAY/data" "$RELAY/queue"
    chown postfix "$RELAY/data"
    local more
    more=$(cat)
    cat >"$RELAY/etc/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $RELAY/queue
data_directory = $RELAY/data
maillog_file = $RELAY/mainlog
maillog_file_prefixes = $RELAY
myhostname = relay.nordhav.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
default_transport = error:nothing leaves this machine
virtual_mailbox_domains = regexp:{{/./ all}}
virtual_mailbox_base = $RELAY
virtual_mailbox_maps = regexp:$RELAY/etc/mailboxes
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
$more
CONF
    cat >"$RELAY/etc/master.cf" <<CONF
127.0.0.1:$RELAY_PORT inet n - n - 30 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
CONF
    timeout 300 postfix -c "$RELAY/etc" start >"$RELAY/start" 2>&1 3>&- || {
        cat "$RELAY/start" "$RELAY/mainlog"
        return 1
    }
    RELAY_STOP=postfix
}

# After dovecot_start: its certificate, and who it knows.
postfix_start() {
    mkdir "$RELAY/etc"
    printf '/./ mail/\n' >"$RELAY/etc/mailboxes"
    printf '/^ukendt/ 550 5.1.1 no such user here\n/^senere/ 450 4.2.0 greylisted, come back later\n' >"$RELAY/etc/recipients"
    postfix_make <<CONF
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = $DOVECOT/tls/server.pem
smtpd_tls_key_file = $DOVECOT/tls/server.key
smtpd_tls_loglevel = 1
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $DOVECOT/sasl
smtpd_client_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access regexp:$RELAY/etc/recipients
smtpd_data_restrictions = reject_unauth_pipelining
smtpd_forbid_unauth_pipelining = yes
smtpd_forbid_bare_newline = yes
CONF
}

EXIM=$PRESSROOM_ROOT/build/peers/exim/usr/sbin/exim4
exim() {
    LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD=$RELAY/passwd NSS_WRAPPER_GROUP=$RELAY/group "$EXIM" -C "$RELAY/exim.conf" "$@"
}

exim_start() {
    # it looks its own user up, whom its package would have made
    { cat /etc/passwd && echo "Debian-exim:x:$(id -u nobody):$(id -g nobody)::/nonexistent:/usr/sbin/nologin"; } >"$RELAY/passwd"
    { cat /etc/group && echo "Debian-exim:x:$(id -g nobody):"; } >"$RELAY/group"
    install -m 600 -o nobody "$DOVECOT/tls/server.key" "$RELAY/key"
    mkdir "$RELAY/spool"
    touch "$RELAY/mainlog"
    chown nobody:nogroup "$RELAY" "$RELAY/spool" "$RELAY/mainlog"
    cat >"$RELAY/exim.conf" <<CONF
primary_hostname = relay.nordhav.example
spool_directory = $RELAY/spool
log_file_path = $RELAY/%slog
log_selector = +smtp_connection +smtp_protocol_error +tls_cipher
pid_file_path = $RELAY/pid
exim_path = $EXIM
keep_environment = LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
local_interfaces = 127.0.0.1
daemon_smtp_ports = $RELAY_PORT
tls_advertise_hosts = *
tls_certificate = $DOVECOT/tls/server.pem
tls_privatekey = $RELAY/key
auth_advertise_hosts = \${if def:tls_in_cipher {*}}
smtputf8_advertise_hosts = *
smtp_enforce_sync = true
smtp_accept_max = 50
queue_only
acl_smtp_rcpt = recipient
begin acl
recipient:
  deny !authenticated = *
  deny local_parts = ^ukendt
       message = 5.1.1 no such user here
  defer local_parts = ^senere
       message = 4.2.0 greylisted, come back later
  accept
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  directory = $RELAY/mail
  maildir_format
  create_directory = false
  user = nobody
  group = nogroup
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{\$auth2}{presse}}{eq{\$auth3}{hemmelig}}}}
  server_set_id = \$auth2
CONF
    exim -bd >"$RELAY/start" 2>&1 3>&- || {
        cat "$RELAY/start" "$RELAY/mainlog"
        return 1
    }
    RELAY_STOP=exim
}

# What it has accepted goes into the Maildir: Postfix does so by itself.
relay_flush() {
    if [ "$RELAY_STOP" = exim ]; then
        exim -q
    fi
}

relay_stop() {
    case "${RELAY_STOP:-}" in
    postfix) timeout 300 postfix -c "$RELAY/etc" stop >/dev/null 2>&1 3>&- || true ;;
    exim)
        local daemon
        daemon=$(cat "$RELAY/pid")
        kill "$daemon"
        while kill -0 "$daemon" 2>/dev/null; do sleep 0.05; done
        ;;
    esac
    RELAY_STOP=
    rm -rf "${RELAY:-/nonexistent}"
}
