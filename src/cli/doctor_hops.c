/* SPDX-License-Identifier: MIT */
#include "cli/doctor_hops.h"

#include "base/arena.h"
#include "cli/context.h"
#include "cli/doctor.h"
#include "dkim/dkim.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { HOPS_MAXIMUM = 30 };

enum hop_kind {
    HOP_INSIDE, /* on one machine: loopback, a pipe, a delivery agent */
    HOP_SECURE,
    HOP_OPEN,
    HOP_UNTOLD
};

struct hop {
    enum hop_kind kind;
    const char *from; /* as it is called there; "" */
    const char *by;
};

/* The word behind "from", "by" or "with", outside of comments; "" where it is not there. */
static const char *word_behind(struct arena *arena, const char *value, const char *clause)
{
    int depth = 0;
    size_t length = strlen(clause);
    for (const char *at = value; *at && *at != ';'; at++) {
        depth += (*at == '(') - (*at == ')' && depth > 0);
        bool begins = at == value || isspace((unsigned char)at[-1]) || at[-1] == ')';
        if (depth == 0 && begins && strncasecmp(at, clause, length) == 0 && at[length] == ' ') {
            const char *word = at + length + strspn(at + length, " ");
            return arena_copy_bytes(arena, word, strcspn(word, " \t;("));
        }
    }
    return "";
}

static bool ends_with_s(const char *protocol)
{
    static const char *const secure[] = { "ESMTPS",     "ESMTPSA",     "SMTPS",     "UTF8SMTPS",
                                          "UTF8SMTPSA", "UTF8ESMTPSA", "LMTPS",     "LMTPSA",
                                          "HTTPS",      "UTF8LMTPS",   "UTF8LMTPSA" };
    for (size_t i = 0; i < sizeof secure / sizeof secure[0]; i++)
        if (strcasecmp(protocol, secure[i]) == 0)
            return true;
    return false;
}

/* "SMTP", "ESMTP", "ESMTPA" and the same with UTF8 before. */
static bool is_smtp(const char *protocol)
{
    if (strncasecmp(protocol, "UTF8", 4) == 0)
        protocol += 4;
    return strcasecmp(protocol, "SMTP") == 0 || strcasecmp(protocol, "ESMTP") == 0 ||
           strcasecmp(protocol, "ESMTPA") == 0;
}

/* Servers also mention TLS in comments, each in its own words. */
static bool mentions_tls(const char *value)
{
    static const char *const words[] = { "TLSv1",       "TLS1_",   "TLS1.",
                                         "version=TLS", "cipher=", "using TLS" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasestr(value, words[i]))
            return true;
    return false;
}

static bool is_inside(const char *value, const char *from, const char *protocol)
{
    static const char *const places[] = { "[127.", "[::1]", "[IPv6:::1]", "(localhost" };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strcasestr(value, places[i]))
            return true;
    return strcasecmp(from, "localhost") == 0 || !*from || strcasecmp(protocol, "local") == 0 ||
           strncasecmp(protocol, "LMTP", 4) == 0;
}

static void read_hop(struct arena *arena, const char *value, struct hop *hop)
{
    const char *protocol = word_behind(arena, value, "with");
    hop->from = word_behind(arena, value, "from");
    hop->by = word_behind(arena, value, "by");
    if (ends_with_s(protocol) || mentions_tls(value))
        hop->kind = HOP_SECURE;
    else if (is_inside(value, hop->from, protocol))
        hop->kind = HOP_INSIDE;
    else
        hop->kind = is_smtp(protocol) ? HOP_OPEN : HOP_UNTOLD;
}

void doctor_hops(struct doctor *doctor, const char *place, const struct dkim_header *header)
{
    struct arena *arena = doctor->context->arena;
    const char *value = NULL;
    size_t from = 0;
    size_t count[HOP_UNTOLD + 1] = { 0 };
    for (size_t i = 0;
         i < HOPS_MAXIMUM && (value = dkim_header_value(arena, header, "Received", &from)) != NULL;
         i++) {
        struct hop hop;
        read_hop(arena, value, &hop);
        count[hop.kind]++;
        if (hop.kind == HOP_OPEN)
            doctor_report(doctor, DOCTOR_WARNING, place,
                          "TLS: from %s to %s it travelled unencrypted" ERROR_ADVICE
                          "let both offer and use TLS",
                          hop.from, *hop.by ? hop.by : "the next server");
    }
    if (count[HOP_SECURE] && !count[HOP_OPEN])
        doctor_report(doctor, DOCTOR_GOOD, place,
                      "TLS: from server to server it travelled encrypted%s",
                      count[HOP_UNTOLD] ? ", as far as they tell" : "");
    else if (!count[HOP_OPEN])
        doctor_report(doctor, DOCTOR_SKIPPED, place,
                      count[HOP_UNTOLD]
                          ? "TLS: the servers on its way do not tell"
                          : "TLS: it left no machine, so there was nothing to encrypt");
}
