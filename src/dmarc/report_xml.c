/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "dmarc/dmarc.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Reporters write XML by hand: letters of no encoding, a "<" in a link, elements of other schemas
 * that are never closed, sections in any order. So the parser recovers, and what counts of an
 * element is its name and the section that began last, not how deep it lies. */

enum {
    TAG_MAXIMUM = 4096, /* octets from "<" to ">": a tag of a million attributes costs hours */
    ELEMENTS_MAXIMUM = 500000,
    ERRORS_MAXIMUM = 200000, /* that the parser recovers from: more are no slip of a program */
    VALUE_MAXIMUM = 1024,
    SIGNATURES_MAXIMUM = 16 /* good ones of a row that are remembered */
};

#define LATEST_AT (INT64_C(253402300799) * 1000) /* year 9999 */

enum section {
    SECTION_NONE,
    SECTION_METADATA,
    SECTION_POLICY,
    SECTION_ROW,
    SECTION_EVALUATED,
    SECTION_IDENTIFIERS,
    SECTION_RESULTS, /* auth_results, outside what is in it */
    SECTION_DKIM,
    SECTION_SPF
};

/* What authenticated, before it is known which domain stands in From. */
struct domains {
    const char *items[SIGNATURES_MAXIMUM];
    size_t count;
};

struct reading {
    struct arena *arena;
    xmlParserCtxtPtr parser;
    struct dmarc_report *report;
    const struct dmarc_row **end;
    size_t rows;
    size_t elements;
    size_t errors;
    enum section section;
    struct string_builder value;
    bool is_feedback;
    bool is_refused;
    const char *prefix; /* of the root; "" */

    /* the row that is being read */
    struct dmarc_row row;
    bool is_in_row;
    bool is_evaluated; /* it says what aligned */
    struct domains signers;
    struct domains senders;
    const char *domain; /* of the result that is being read */
    bool passes;
};

/* ---- values ---- */

/* UTF-8 in one line without white space around it; "" for more than a word may hold. */
static char *value_line(struct reading *reading)
{
    const char *start = reading->value.data + strspn(reading->value.data, " \t\r\n");
    size_t length = strlen(start);
    while (length && strchr(" \t\r\n", start[length - 1]))
        length--;
    if (length > DMARC_WORD_MAXIMUM || string_builder_overflowed(&reading->value))
        length = 0;
    char *line = arena_copy_bytes(reading->arena, start, length);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    return utf8_is_valid(line, length) ? line : arena_copy(reading->arena, "");
}

/* The same in printable ASCII. */
static const char *value_word(struct reading *reading)
{
    char *word = value_line(reading);
    for (char *c = word; *c; c++)
        if ((unsigned char)*c > '~')
            *c = '?';
    return word;
}

static int64_t value_number(struct reading *reading, int64_t most)
{
    const char *word = value_word(reading);
    char *end = NULL;
    long long number = strtoll(word, &end, 10);
    /* "1717200000.0", as floats are written */
    bool is_number = end != word && (*end == '\0' || *end == '.');
    return is_number && number > 0 && number <= most ? number : 0;
}

static bool value_is(struct reading *reading, const char *word)
{
    return strcasecmp(value_word(reading), word) == 0;
}

static const char *value_domain(struct reading *reading)
{
    return dmarc_domain_read(reading->arena, value_word(reading));
}

/* ---- rows ---- */

static bool any_aligned(const struct domains *domains, const char *from)
{
    for (size_t i = 0; i < domains->count; i++)
        if (dmarc_is_related(domains->items[i], from))
            return true;
    return false;
}

static bool any_other(const struct domains *domains, const char *from)
{
    for (size_t i = 0; i < domains->count; i++)
        if (!dmarc_is_related(domains->items[i], from))
            return true;
    return false;
}

/* Where the reporter does not say what aligned, the results alone do, as far as names tell. */
static unsigned result_of(const struct reading *reading, const char *from)
{
    unsigned result = reading->row.result;
    if (!reading->is_evaluated) {
        result |= any_aligned(&reading->signers, from) ? (unsigned)DMARC_DKIM : 0U;
        result |= any_aligned(&reading->senders, from) ? (unsigned)DMARC_SPF : 0U;
    }
    if (!(result & DMARC_DKIM) && any_other(&reading->signers, from))
        result |= DMARC_DKIM_OF_ANOTHER;
    if (!(result & DMARC_SPF) && any_other(&reading->senders, from))
        result |= DMARC_SPF_OF_ANOTHER;
    return result;
}

static void row_end(struct reading *reading)
{
    struct dmarc_row *row = &reading->row;
    const char *from = row->domain && *row->domain ? row->domain : reading->report->domain;
    bool is_whole = reading->is_in_row && *row->source && row->count && *from;
    reading->is_in_row = false;
    if (!is_whole)
        return;
    if (reading->rows == DMARC_ROWS_MAXIMUM) {
        reading->report->rows_left_out++;
        return;
    }
    struct dmarc_row *kept = arena_allocate(reading->arena, sizeof *kept);
    *kept = *row;
    kept->domain = from;
    kept->result = result_of(reading, from);
    *reading->end = kept;
    reading->end = &kept->next;
    reading->rows++;
}

static void row_begin(struct reading *reading)
{
    row_end(reading);
    reading->row = (struct dmarc_row){ .count = 0 };
    reading->is_in_row = true;
    reading->is_evaluated = false;
    reading->signers.count = 0;
    reading->senders.count = 0;
}

static void result_end(struct reading *reading)
{
    struct domains *domains = reading->section == SECTION_DKIM ? &reading->signers
                                                               : &reading->senders;
    if (reading->passes && *reading->domain && domains->count < SIGNATURES_MAXIMUM)
        domains->items[domains->count++] = reading->domain;
    reading->section = SECTION_RESULTS;
}

/* ---- elements that hold a value ---- */

static void take_metadata(struct reading *reading, const char *name)
{
    struct dmarc_report *report = reading->report;
    if (strcmp(name, "org_name") == 0) {
        report->organization = value_line(reading);
    } else if (strcmp(name, "report_id") == 0) {
        report->identity = value_word(reading);
    } else if (strcmp(name, "email") == 0) {
        const char *word = value_word(reading);
        const char *at = strrchr(word, '@');
        report->contact = dmarc_domain_read(reading->arena, at ? at + 1 : "");
    } else if (strcmp(name, "begin") == 0) {
        report->begin_at = value_number(reading, LATEST_AT / 1000) * 1000;
    } else if (strcmp(name, "end") == 0) {
        report->end_at = value_number(reading, LATEST_AT / 1000) * 1000;
    }
}

static void take_row(struct reading *reading, const char *name)
{
    if (strcmp(name, "source_ip") == 0) {
        if (!dmarc_source_read(value_word(reading), reading->row.source))
            reading->row.source[0] = '\0';
    } else if (strcmp(name, "count") == 0) {
        reading->row.count = value_number(reading, DMARC_COUNT_MAXIMUM);
    }
}

static void take_evaluated(struct reading *reading, const char *name)
{
    unsigned *result = &reading->row.result;
    if (strcmp(name, "dkim") == 0 || strcmp(name, "spf") == 0) {
        reading->is_evaluated = reading->is_evaluated || *value_word(reading);
        if (value_is(reading, "pass"))
            *result |= *name == 'd' ? DMARC_DKIM : DMARC_SPF;
    } else if (strcmp(name, "disposition") == 0) {
        if (value_is(reading, "quarantine"))
            *result |= DMARC_QUARANTINED;
        else if (value_is(reading, "reject"))
            *result |= DMARC_REJECTED;
    } else if (strcmp(name, "type") == 0 &&
               (value_is(reading, "forwarded") || value_is(reading, "mailing_list") ||
                value_is(reading, "trusted_forwarder"))) {
        *result |= DMARC_FORWARDED;
    }
}

static void take_result(struct reading *reading, const char *name)
{
    if (strcmp(name, "domain") == 0)
        reading->domain = value_domain(reading);
    else if (strcmp(name, "result") == 0)
        reading->passes = value_is(reading, "pass");
}

static void take(struct reading *reading, const char *name)
{
    switch (reading->section) {
    case SECTION_METADATA:
        take_metadata(reading, name);
        break;
    case SECTION_POLICY:
        if (strcmp(name, "domain") == 0)
            reading->report->domain = value_domain(reading);
        break;
    case SECTION_ROW:
        take_row(reading, name);
        break;
    case SECTION_EVALUATED:
        take_evaluated(reading, name);
        take_row(reading, name); /* some write the count behind it */
        break;
    case SECTION_IDENTIFIERS:
        if (strcmp(name, "header_from") == 0)
            reading->row.domain = value_domain(reading);
        break;
    case SECTION_DKIM:
    case SECTION_SPF:
        take_result(reading, name);
        break;
    case SECTION_NONE:
    case SECTION_RESULTS:
        break;
    }
}

/* ---- the parser's calls ---- */

static bool is_in_results(const struct reading *reading)
{
    return reading->section == SECTION_RESULTS || reading->section == SECTION_DKIM ||
           reading->section == SECTION_SPF;
}

static void section_begin(struct reading *reading, const char *name)
{
    static const struct {
        const char *name;
        enum section section;
    } sections[] = {
        { "report_metadata", SECTION_METADATA },
        { "policy_published", SECTION_POLICY },
        { "record", SECTION_ROW },
        { "row", SECTION_ROW },
        { "policy_evaluated", SECTION_EVALUATED },
        { "identifiers", SECTION_IDENTIFIERS },
        { "auth_results", SECTION_RESULTS },
        { "extension", SECTION_NONE },
    };

    if (strcmp(name, "record") == 0)
        row_begin(reading);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (strcmp(name, sections[i].name) == 0)
            reading->section = sections[i].section;
    if (is_in_results(reading) && (strcmp(name, "dkim") == 0 || strcmp(name, "spf") == 0)) {
        reading->section = *name == 'd' ? SECTION_DKIM : SECTION_SPF;
        reading->domain = "";
        reading->passes = false;
    }
}

static void refuse(struct reading *reading)
{
    reading->is_refused = true;
    xmlStopParser(reading->parser);
}

/* NOLINTNEXTLINE(readability-function-size): libxml2 asks for nine parameters */
static void on_start(void *payload, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces, const xmlChar **list, int attributes, int defaulted,
                     const xmlChar **values)
{
    (void)uri, (void)namespaces, (void)list, (void)attributes, (void)defaulted, (void)values;
    struct reading *reading = payload;
    const char *own = prefix ? (const char *)prefix : "";
    if (!reading->is_feedback && strcmp((const char *)name, "feedback") != 0) {
        refuse(reading);
        return;
    }
    if (!reading->is_feedback)
        reading->prefix = arena_copy(reading->arena, own);
    reading->is_feedback = true;
    if (++reading->elements > ELEMENTS_MAXIMUM)
        refuse(reading);
    string_builder_clear(&reading->value);
    /* What has a prefix of its own is an extension, whatever it is called. */
    if (*own && strcmp(own, reading->prefix) != 0)
        reading->section = SECTION_NONE;
    else
        section_begin(reading, (const char *)name);
}

static void on_end(void *payload, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    (void)prefix, (void)uri;
    struct reading *reading = payload;
    const char *name = (const char *)local;
    bool is_result = (reading->section == SECTION_DKIM && strcmp(name, "dkim") == 0) ||
                     (reading->section == SECTION_SPF && strcmp(name, "spf") == 0);
    if (is_result)
        result_end(reading);
    else if (strcmp(name, "record") == 0)
        row_end(reading);
    else
        take(reading, name);
    string_builder_clear(&reading->value);
}

static void on_text(void *payload, const xmlChar *bytes, int length)
{
    struct reading *reading = payload;
    if (length > 0)
        string_builder_append_bytes(&reading->value, bytes, (size_t)length);
}

/* No report has a document type: it would be there for its entities. */
static void on_document_type(void *payload, const xmlChar *name, const xmlChar *external,
                             const xmlChar *system)
{
    (void)name, (void)external, (void)system;
    refuse(payload);
}

static void on_error(void *payload, xmlErrorPtr error)
{
    struct reading *reading = payload;
    (void)error;
    if (++reading->errors == ERRORS_MAXIMUM)
        refuse(reading);
}

/* ---- the document ---- */

static bool has_long_tag(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    for (const char *at = memchr(bytes, '<', length); at;
         at = memchr(at, '<', (size_t)(end - at))) {
        const char *close = memchr(at, '>', (size_t)(end - at));
        size_t tag = close ? (size_t)(close - at) : (size_t)(end - at);
        if (tag > TAG_MAXIMUM)
            return true;
        if (!close)
            return false;
        at = close;
    }
    return false;
}

/* A report that was cut on its way would be counted in part, and never whole. */
static bool is_closed(const char *bytes, size_t length)
{
    const char *last = memrchr(bytes, '<', length);
    size_t left = last ? length - (size_t)(last - bytes) : 0;
    return left > 2 && last[1] == '/' && memmem(last, left, "feedback", strlen("feedback"));
}

/* UTF-8 whatever its declaration says: all that is taken of it is ASCII. */
static void parse(struct reading *reading, const char *bytes, size_t length)
{
    xmlSAXHandler calls = { .initialized = XML_SAX2_MAGIC,
                            .startElementNs = on_start,
                            .endElementNs = on_end,
                            .characters = on_text,
                            .cdataBlock = on_text,
                            .internalSubset = on_document_type,
                            .serror = on_error };
    const int options = XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC |
                        XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    reading->parser = xmlCreatePushParserCtxt(&calls, reading, NULL, 0, NULL);
    if (!reading->parser) {
        reading->is_refused = true;
        return;
    }
    (void)xmlCtxtUseOptions(reading->parser, options);
    (void)xmlParseChunk(reading->parser, bytes, (int)length, 1);
    xmlFreeParserCtxt(reading->parser);
}

static bool is_whole(const struct dmarc_report *report)
{
    return *report->domain && report->begin_at;
}

static const struct dmarc_report *read_xml(struct arena *arena, const char *bytes, size_t length)
{
    struct string_builder clean;
    struct dmarc_report *report = arena_allocate(arena, sizeof *report);
    struct reading reading = { .arena = arena, .report = report, .end = &report->rows };
    *report = (struct dmarc_report){
        .organization = "", .contact = "", .identity = "", .domain = ""
    };
    if (length > DMARC_INFLATED_MAXIMUM || has_long_tag(bytes, length) || !is_closed(bytes, length))
        return NULL;
    string_builder_init(&clean, (size_t)4 * DMARC_INFLATED_MAXIMUM);
    string_builder_init(&reading.value, VALUE_MAXIMUM);
    if (utf8_is_valid(bytes, length))
        utf8_append_clean(&clean, bytes, length);
    else
        utf8_append_windows1252(&clean, bytes, length);
    parse(&reading, clean.data, clean.length);
    row_end(&reading);
    if (report->end_at < report->begin_at)
        report->end_at = report->begin_at;
    string_builder_release(&reading.value);
    string_builder_release(&clean);
    return !reading.is_refused && is_whole(report) ? report : NULL;
}

const struct dmarc_report *dmarc_report_read(struct arena *arena, const void *bytes, size_t length)
{
    size_t inflated = 0;
    if (!dmarc_report_is_likely(bytes, length))
        return NULL;
    char *xml = dmarc_inflate(bytes, length, &inflated);
    const struct dmarc_report *report = xml ? read_xml(arena, xml, inflated) : NULL;
    free(xml);
    return report;
}
