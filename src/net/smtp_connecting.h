/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_CONNECTING_H
#define NET_SMTP_CONNECTING_H

#include "net/smtp_reply.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Inside net/ only: what happens until a relay is ready for mail. All but is_cancelled is the
 * connecting thread's until it has ended. */

enum smtp_login_state {
    SMTP_LOGIN_NONE,    /* not tried, or no user */
    SMTP_LOGIN_DONE,    /* the relay said 235 */
    SMTP_LOGIN_REFUSED, /* every mechanism that we know was */
    SMTP_LOGIN_PUT_OFF, /* 4xx */
    SMTP_LOGIN_LOST     /* the connection went, or nobody answered */
};

struct smtp_connecting {
    const struct smtp_session_settings *settings;
    char helo[SMTP_HELO_SIZE];
    atomic_bool is_cancelled;
    CURL *curl; /* NULL: there was no room for one */
    CURLcode code;
    char error_text[CURL_ERROR_SIZE];
    struct smtp_capabilities capabilities;
    struct smtp_reply_parser parser;
    struct smtp_reply reply;
    unsigned ehlo_lines; /* 250 lines since the last 220 */
    bool is_greeted;     /* a line has come */
    bool is_welcome;     /* 220 has: what it refuses then is our greeting */
    bool was_probed;
    bool is_other; /* the port speaks TLS at once where a greeting was waited for, or the reverse */
    enum smtp_step step;
    enum smtp_login_state login;
    int64_t until_ms;         /* monotonic */
    int64_t started_ms;       /* this connection */
    struct smtp_reply denial; /* of what the relay refused first; code 0: nothing */
};

void smtp_connecting_init(struct smtp_connecting *connecting,
                          const struct smtp_session_settings *settings);
void smtp_connecting_release(struct smtp_connecting *connecting);

/* Connects, secures and logs in; how it went stands in the struct. */
void smtp_connecting_run(struct smtp_connecting *connecting);

/* With a user, a relay that need not have TLS must: what goes over it is a password. */
enum smtp_tls smtp_connecting_tls(const struct smtp_session_settings *settings);

/* Whether it is ready for mail, and logged in where there is a user; else *error says why not. */
bool smtp_connecting_judge(const struct smtp_connecting *connecting, struct error *error);

#endif
