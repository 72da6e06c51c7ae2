/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/utf8.h"
#include "confined/packet.h"
#include "dmarc/dmarc.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- values ---- */

bool dmarc_source_read(const char *text, char source[DMARC_SOURCE_SIZE])
{
    struct in_addr four;
    struct in6_addr six;
    _Static_assert(DMARC_SOURCE_SIZE == INET6_ADDRSTRLEN, "room for every address");
    if (inet_pton(AF_INET, text, &four) == 1)
        return inet_ntop(AF_INET, &four, source, DMARC_SOURCE_SIZE) != NULL;
    if (inet_pton(AF_INET6, text, &six) != 1)
        return false;
    /* What a server that listens for both sees of the older ones (RFC 4291 section 2.5.5.2). */
    if (IN6_IS_ADDR_V4MAPPED(&six))
        return inet_ntop(AF_INET, six.s6_addr + 12, source, DMARC_SOURCE_SIZE) != NULL;
    return inet_ntop(AF_INET6, &six, source, DMARC_SOURCE_SIZE) != NULL;
}

const char *dmarc_domain_read(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    if (length && text[length - 1] == '.')
        length--;
    if (length == 0 || length > DMARC_DOMAIN_MAXIMUM || *text == '.')
        return "";
    char *domain = arena_copy_bytes(arena, text, length);
    for (char *c = domain; *c; c++) {
        bool is_good = (unsigned char)*c < 0x80 &&
                       (isalnum((unsigned char)*c) || strchr("-_.", *c));
        if (!is_good || (*c == '.' && c[1] == '.'))
            return "";
        *c = (char)tolower((unsigned char)*c);
    }
    return domain;
}

static bool is_below(const char *domain, const char *above)
{
    size_t length = strlen(domain);
    size_t above_length = strlen(above);
    return above_length && length > above_length &&
           strcasecmp(domain + length - above_length, above) == 0 &&
           domain[length - above_length - 1] == '.';
}

bool dmarc_is_related(const char *one, const char *other)
{
    return *one && (strcasecmp(one, other) == 0 || is_below(one, other) || is_below(other, one));
}

/* ---- on its way between processes ---- */

void dmarc_report_put(struct string_builder *packet, const struct dmarc_report *report)
{
    size_t count = 0;
    packet_put_bool(packet, report != NULL);
    if (!report)
        return;
    packet_put_string(packet, report->organization);
    packet_put_string(packet, report->contact);
    packet_put_string(packet, report->identity);
    packet_put_string(packet, report->domain);
    packet_put_integer(packet, report->begin_at);
    packet_put_integer(packet, report->end_at);
    packet_put_integer(packet, report->rows_left_out);
    for (const struct dmarc_row *row = report->rows; row; row = row->next)
        count++;
    packet_put_count(packet, count);
    for (const struct dmarc_row *row = report->rows; row; row = row->next) {
        packet_put_string(packet, row->source);
        packet_put_string(packet, row->domain);
        packet_put_integer(packet, row->result);
        packet_put_integer(packet, row->count);
    }
}

/* last: the highest byte that may stand in it. */
static const char *take_line(struct packet *packet, struct arena *arena, unsigned char last)
{
    const char *line = packet_string(packet, arena);
    bool is_good = line && strlen(line) <= DMARC_WORD_MAXIMUM && utf8_is_valid(line, strlen(line));
    for (const char *c = line; is_good && *c; c++)
        is_good = (unsigned char)*c >= ' ' && (unsigned char)*c <= last && *c != 0x7f;
    if (is_good)
        return line;
    packet->is_bad = true;
    return "";
}

static const char *take_word(struct packet *packet, struct arena *arena)
{
    return take_line(packet, arena, '~');
}

static const char *take_domain(struct packet *packet, struct arena *arena)
{
    const char *domain = dmarc_domain_read(arena, take_word(packet, arena));
    if (!*domain)
        packet->is_bad = true;
    return domain;
}

static struct dmarc_row *take_row(struct packet *packet, struct arena *arena)
{
    struct dmarc_row *row = arena_allocate(arena, sizeof *row);
    if (!dmarc_source_read(take_word(packet, arena), row->source))
        packet->is_bad = true;
    row->domain = take_domain(packet, arena);
    row->result = (unsigned)packet_integer_within(packet, 0, DMARC_RESULT_END - 1);
    row->count = packet_integer_within(packet, 1, DMARC_COUNT_MAXIMUM);
    return row;
}

const struct dmarc_report *dmarc_report_take(struct packet *packet, struct arena *arena)
{
    if (!packet_bool(packet))
        return NULL;
    struct dmarc_report *report = arena_allocate(arena, sizeof *report);
    report->organization = take_line(packet, arena, 0xff);
    report->contact = take_word(packet, arena);
    report->identity = take_word(packet, arena);
    report->domain = take_domain(packet, arena);
    report->begin_at = packet_integer_within(packet, 1, INT64_MAX);
    report->end_at = packet_integer_within(packet, report->begin_at, INT64_MAX);
    report->rows_left_out = packet_integer_within(packet, 0, INT64_MAX);
    size_t count = packet_count(packet);
    if (count > DMARC_ROWS_MAXIMUM)
        packet->is_bad = true;
    const struct dmarc_row **next = &report->rows;
    for (; count && !packet->is_bad; count--) {
        struct dmarc_row *row = take_row(packet, arena);
        *next = row;
        next = &row->next;
    }
    return packet->is_bad ? NULL : report;
}
