/* SPDX-License-Identifier: MIT */
#include "cli/dns.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <string.h>
#include <strings.h>

enum { ANSWER_SIZE = 16 * 1024, SECONDS_A_TRY = 2, TRIES = 2 };

/* One answer, and how far it was read. */
struct reply {
    unsigned char bytes[ANSWER_SIZE];
    ns_msg message;
    int next;
};

bool dns_open(struct dns *dns, const struct sockaddr_in *server)
{
    memset(dns, 0, sizeof *dns);
    if (res_ninit(&dns->resolver) != 0)
        return false;
    dns->resolver.retrans = SECONDS_A_TRY;
    dns->resolver.retry = TRIES;
    if (server) {
        dns->resolver.nscount = 1;
        dns->resolver.nsaddr_list[0] = *server;
    }
    return true;
}

void dns_close(struct dns *dns)
{
    res_nclose(&dns->resolver);
}

/* The library reports a failed answer like none at all, but leaves it in the buffer, so it is read
 * from there. */
static bool is_failure(const struct reply *reply)
{
    return (reply->bytes[2] & 0x80) && (reply->bytes[3] & 0x0f); /* RFC 1035 section 4.1.1 */
}

static enum dns_answer ask(struct dns *dns, const char *name, ns_type type, struct reply *reply)
{
    reply->next = 0;
    if (dns->is_unanswered)
        return DNS_UNANSWERED;
    memset(reply->bytes, 0, NS_HFIXEDSZ);
    int length = res_nquery(&dns->resolver, name, ns_c_in, (int)type, reply->bytes, ANSWER_SIZE);
    if (length >= 0 && length <= ANSWER_SIZE &&
        ns_initparse(reply->bytes, length, &reply->message) == 0)
        return DNS_FOUND;
    if (length < 0 && dns->resolver.res_h_errno == HOST_NOT_FOUND)
        return DNS_NO_NAME;
    if (length < 0 && dns->resolver.res_h_errno == NO_DATA)
        return DNS_NONE;
    if (length >= 0 || dns->resolver.res_h_errno == NO_RECOVERY || is_failure(reply))
        return DNS_FAILED;
    dns->is_unanswered = true;
    return DNS_UNANSWERED;
}

/* The next record of the type; CNAME records on the way are skipped. */
static bool next_record(struct reply *reply, ns_type type, ns_rr *record)
{
    while (reply->next < ns_msg_count(reply->message, ns_s_an))
        if (ns_parserr(&reply->message, ns_s_an, reply->next++, record) == 0 &&
            ns_rr_type(*record) == type)
            return true;
    return false;
}

/* Joins the record's strings (RFC 7208 section 3.3). */
static char *text_of(struct arena *arena, const ns_rr *record)
{
    const unsigned char *data = ns_rr_rdata(*record);
    size_t length = ns_rr_rdlen(*record);
    char *text = arena_allocate(arena, length + 1);
    size_t used = 0;
    for (size_t at = 0; at < length && data[at] < length - at; at += (size_t)data[at] + 1) {
        memcpy(text + used, data + at + 1, data[at]);
        used += data[at];
    }
    for (size_t i = 0; i < used; i++)
        if ((unsigned char)text[i] < 0x20 || (unsigned char)text[i] >= 0x7f)
            text[i] = '?';
    return text;
}

struct dns_texts dns_texts(struct dns *dns, struct arena *arena, const char *name, const char *word)
{
    struct reply reply;
    ns_rr record;
    size_t length = word ? strlen(word) : 0;
    struct dns_texts texts = { .answer = ask(dns, name, ns_t_txt, &reply) };
    if (texts.answer != DNS_FOUND)
        return texts;
    while (texts.count < DNS_RECORDS_MAXIMUM && next_record(&reply, ns_t_txt, &record)) {
        const char *text = text_of(arena, &record);
        if (!word || (strncasecmp(text, word, length) == 0 && strchr("; ", text[length])))
            texts.records[texts.count++] = text;
    }
    if (texts.count == 0)
        texts.answer = DNS_NONE;
    return texts;
}

static const char *address_of(struct arena *arena, const ns_rr *record)
{
    char text[INET6_ADDRSTRLEN];
    bool is_new = ns_rr_type(*record) == ns_t_aaaa;
    if (ns_rr_rdlen(*record) != (is_new ? 16 : 4) ||
        !inet_ntop(is_new ? AF_INET6 : AF_INET, ns_rr_rdata(*record), text, sizeof text))
        return NULL;
    return arena_copy(arena, text);
}

struct dns_texts dns_addresses(struct dns *dns, struct arena *arena, const char *host)
{
    static const ns_type types[] = { ns_t_a, ns_t_aaaa };
    struct dns_texts found = { .answer = DNS_NONE };
    struct reply reply;
    ns_rr record;
    for (size_t i = 0; i < 2; i++) {
        enum dns_answer answer = ask(dns, host, types[i], &reply);
        while (answer == DNS_FOUND && found.count < DNS_RECORDS_MAXIMUM &&
               next_record(&reply, types[i], &record)) {
            const char *address = address_of(arena, &record);
            if (address)
                found.records[found.count++] = address;
        }
        if (answer != DNS_FOUND)
            found.answer = answer;
    }
    if (found.count)
        found.answer = DNS_FOUND;
    return found;
}

static bool is_root(const struct reply *reply, const ns_rr *record)
{
    char name[NS_MAXDNAME];
    const unsigned char *data = ns_rr_rdata(*record);
    return ns_rr_rdlen(*record) > 2 &&
           ns_name_uncompress(ns_msg_base(reply->message), ns_msg_end(reply->message), data + 2,
                              name, sizeof name) >= 0 &&
           (strcmp(name, ".") == 0 || *name == '\0');
}

enum dns_mail dns_mail(struct dns *dns, const char *domain)
{
    static const ns_type addresses[] = { ns_t_a, ns_t_aaaa };
    struct reply reply;
    ns_rr record;
    enum dns_answer answer = ask(dns, domain, ns_t_mx, &reply);
    if (answer == DNS_FOUND && next_record(&reply, ns_t_mx, &record))
        return is_root(&reply, &record) ? DNS_MAIL_NULL_MX : DNS_MAIL_ACCEPTED;
    for (size_t i = 0; i < 2 && answer != DNS_UNANSWERED && answer != DNS_FAILED; i++) {
        answer = ask(dns, domain, addresses[i], &reply);
        if (answer == DNS_FOUND && next_record(&reply, addresses[i], &record))
            return DNS_MAIL_ACCEPTED;
    }
    if (answer == DNS_FAILED)
        return DNS_MAIL_FAILED;
    return answer == DNS_UNANSWERED ? DNS_MAIL_UNANSWERED : DNS_MAIL_NO_HOST;
}
