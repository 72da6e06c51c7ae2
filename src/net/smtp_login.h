/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_LOGIN_H
#define NET_SMTP_LOGIN_H

#include "base/string_builder.h"

#include <stdbool.h>
#include <stddef.h>

/* Inside net/ only: logging in at a relay (RFC 4954), without any input or output of its own: which
 * mechanism comes next, and what is said in it. What counts is the relay's 235, nothing else. */

enum smtp_mechanism {
    SMTP_MECHANISM_NONE = 0,
    SMTP_MECHANISM_PLAIN = 1, /* RFC 4616 */
    SMTP_MECHANISM_LOGIN = 2,
    SMTP_MECHANISM_CRAM_MD5 = 4,
    SMTP_MECHANISM_DIGEST_MD5 = 8,
    SMTP_MECHANISM_NTLM = 16,
    SMTP_MECHANISM_TOKEN = 32, /* XOAUTH2, OAUTHBEARER: no password */
    SMTP_MECHANISM_OTHER = 64  /* GSSAPI and the like, which want more than a password too */
};

/* The mechanisms of an AUTH line's words, joined. */
unsigned smtp_mechanisms_read(const char *words, size_t length);

/* "PLAIN"; "" for none of its own. */
const char *smtp_mechanism_name(enum smtp_mechanism mechanism);

/* Which to try now, of what is offered and has not failed: the one that worked before (0: none
 * did); then under TLS PLAIN and LOGIN first, as a relay that keeps its passwords hashed can do no
 * other, and without it those that do not say the password. NONE: there is no more. */
enum smtp_mechanism smtp_login_next(unsigned offered, unsigned failed, unsigned worked,
                                    bool is_secure);

/* Whether its lines are below; the others' are libcurl's. PLAIN and LOGIN are, as old relays offer
 * them as AUTH=LOGIN alone, which it does not read. */
bool smtp_login_is_ours(enum smtp_mechanism mechanism);

struct smtp_login {
    enum smtp_mechanism mechanism; /* PLAIN or LOGIN */
    const char *user;
    const char *password;
    unsigned lines_sent;
};

/* The next line, with its CR LF, in place of what is in *line: first the command, then an answer to
 * each 334. False: the relay asks for more than the mechanism has; "*" ends it then. */
bool smtp_login_next_line(struct smtp_login *login, struct string_builder *line);

/* Whether a relay's answer repeats the password, as it is or as a line above says it: also where
 * the answer is cut within it. */
bool smtp_login_is_repeated(const struct smtp_login *login, const char *answer);

#endif
