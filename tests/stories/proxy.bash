# SPDX-License-Identifier: MIT
# nginx and Caddy on loopback ports, over TLS, configured by the very files of packaging/. Loaded beside serve.bash and dovecot.bash.

# Common to both: certificate, port, and how curl reaches it ($URL, $REACH); $1 is the name that people write.
proxy_prepare() {
    PROXY=$(mktemp -d /tmp/pressroom-proxy-XXXXXX)
    PROXY_PORT=$(free_port)
    UPSTREAM=${URL#http://}
    certificates_make "$PROXY/tls" "DNS:$1"
    # The workers of a server that root starts are somebody else.
    chmod 755 "$PROXY" "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test "$BATS_TEST_TMPDIR" "$ROOM" "$ROOM/public"
    URL=https://$1:$PROXY_PORT
    REACH=(--resolve "$1:$PROXY_PORT:127.0.0.1" --cacert "$PROXY/tls/ca.pem")
}

# replace FROM TO [FROM TO]…: standard input with the texts replaced. One that is not there is a mistake: the file in
# packaging/ has changed, and the test would run another one.
replace() {
    "$PYTHON" -c '
import sys
text = sys.stdin.read()
pairs = iter(sys.argv[1:])
for old, new in zip(pairs, pairs):
    if old not in text:
        sys.exit(f"nothing to replace: {old}")
    text = text.replace(old, new)
sys.stdout.write(text)' "$@"
}

# nginx_start NAME [FROM TO]…; what comes for the name $PROXY_WHOLE, if it is set, is passed on without a look
nginx_start() {
    proxy_prepare "$1"
    replace "listen 443 ssl;" "listen 127.0.0.1:$PROXY_PORT ssl;" "server_name presse.nordhav.example;" "server_name $1;" \
        /etc/letsencrypt/live/presse.nordhav.example/fullchain.pem "$PROXY/tls/server.pem" \
        /etc/letsencrypt/live/presse.nordhav.example/privkey.pem "$PROXY/tls/server.key" \
        "root /srv/presse/public;" "root $ROOM/public;" 127.0.0.1:8080 "$UPSTREAM" \
        /var/log/nginx/presse.log "$PROXY/endpoint.log" "${@:2}" <"$PRESSROOM_ROOT/packaging/nginx.conf" >"$PROXY/server.conf"
    cat >"$PROXY/nginx.conf" <<CONF
$([ "$(id -u)" -ne 0 ] || echo "user root;")
pid $PROXY/pid;
error_log $PROXY/error.log info;
worker_processes 1;
events { }
http {
    include /etc/nginx/mime.types;
    access_log $PROXY/access.log;
    client_body_temp_path $PROXY/body;
    proxy_temp_path $PROXY/proxied;
    fastcgi_temp_path $PROXY/fastcgi;
    uwsgi_temp_path $PROXY/uwsgi;
    scgi_temp_path $PROXY/scgi;
    include $PROXY/server.conf;
}
CONF
    [ -z "${PROXY_WHOLE:-}" ] || cat >>"$PROXY/server.conf" <<CONF
server {
    listen 127.0.0.1:$PROXY_PORT ssl;
    server_name $PROXY_WHOLE;
    ssl_certificate $PROXY/tls/server.pem;
    ssl_certificate_key $PROXY/tls/server.key;
    location / {
        proxy_pass http://$UPSTREAM;
        proxy_set_header X-Forwarded-For \$remote_addr;
    }
}
CONF
    # It listens when the command that starts it ends.
    nginx -q -p "$PROXY" -c "$PROXY/nginx.conf" -e "$PROXY/error.log" 3>&- || {
        cat "$PROXY/error.log" >&2
        return 1
    }
    PROXY_STOP=(nginx -q -p "$PROXY" -c "$PROXY/nginx.conf" -e "$PROXY/error.log" -s stop)
}

# caddy_start NAME
caddy_start() {
    proxy_prepare "$1"
    replace $'\n{\n' $'\n{\n\tadmin unix/'"$PROXY"$'/admin\n\tauto_https off\n' \
        $'\npresse.nordhav.example {' $'\n'"$1:$PROXY_PORT"$' {\n\tbind 127.0.0.1\n\ttls '"$PROXY/tls/server.pem $PROXY/tls/server.key" \
        /srv/presse/public "$ROOM/public" 127.0.0.1:8080 "$UPSTREAM" \
        <"$PRESSROOM_ROOT/packaging/Caddyfile" >"$PROXY/Caddyfile"
    # `start` returns when it serves.
    HOME=$PROXY XDG_DATA_HOME=$PROXY XDG_CONFIG_HOME=$PROXY caddy start --config "$PROXY/Caddyfile" --adapter caddyfile \
        --pidfile "$PROXY/pid" >"$PROXY/error.log" 2>&1 3>&- || {
        cat "$PROXY/error.log" >&2
        return 1
    }
    PROXY_STOP=(env HOME="$PROXY" caddy stop --address "unix/$PROXY/admin")
}

proxy_stop() {
    if [ -n "${PROXY:-}" ]; then
        local pid
        pid=$(cat "$PROXY/pid" 2>/dev/null || true)
        "${PROXY_STOP[@]}" >/dev/null 2>&1 3>&- || true
        [ -z "$pid" ] || timeout 60 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
        rm -rf "$PROXY"
        PROXY=
    fi
}
