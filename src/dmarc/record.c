/* SPDX-License-Identifier: MIT */
#include "dmarc/dmarc.h"

#include "base/arena.h"
#include "base/tag_list.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const policy_names[] = { NULL, "none", "quarantine", "reject" };

const char *dmarc_policy_name(enum dmarc_policy policy)
{
    return policy_names[policy];
}

/* ---- tags (section 4.8) ---- */

static const char spaces[] = " \t";

static bool is_version(char **rest)
{
    struct tag tag;
    return tag_next(rest, spaces, &tag) && strcasecmp(tag.name, "v") == 0 &&
           strcmp(tag.value, "DMARC1") == 0;
}

/* ---- values ---- */

static void take_policy(struct dmarc_record *record, enum dmarc_policy *policy, const char *value)
{
    for (int i = DMARC_POLICY_NONE; i <= DMARC_REJECT; i++)
        if (strcasecmp(value, policy_names[i]) == 0) {
            *policy = (enum dmarc_policy)i;
            return;
        }
    record->faults |= DMARC_BAD_POLICY;
}

/* One letter of several; what is another leaves the default and is a fault. */
static char take_letter(struct dmarc_record *record, const char *value, const char *letters,
                        enum dmarc_fault fault)
{
    char letter = (char)tolower((unsigned char)*value);
    if (letter && value[1] == '\0' && strchr(letters, letter))
        return letter;
    record->faults |= fault;
    return letters[0];
}

/* "a%2Bb@c" (RFC 6068 section 2): hexadecimal pairs decoded, in place. */
static void decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        bool is_pair = *from == '%' && isxdigit((unsigned char)from[1]) &&
                       isxdigit((unsigned char)from[2]);
        if (is_pair) {
            int high = from[1] <= '9' ? from[1] - '0' : (from[1] | 0x20) - 'a' + 10;
            int low = from[2] <= '9' ? from[2] - '0' : (from[2] | 0x20) - 'a' + 10;
            *to++ = (char)(high << 4 | low);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

/* An @ with something on both sides and a dot behind it, because no receiver could report to
 * anything else. */
static bool is_address(const char *text)
{
    const char *at = strrchr(text, '@');
    if (!at || at == text || !strchr(at, '.') || at[1] == '.' || strpbrk(text, " \t<>,"))
        return false;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f)
            return false;
    return true;
}

static void take_reports(struct dmarc_record *record, char *value)
{
    char *uri;
    while ((uri = strsep(&value, ",")) != NULL) {
        uri = tag_trim(uri, spaces);
        char *size = strchr(uri, '!');
        if (size) {
            record->faults |= DMARC_HAS_SIZE;
            *size = '\0';
        }
        char *address = uri + strcspn(uri, ":");
        bool is_mail = *address && strncasecmp(uri, "mailto", 6) == 0 && address == uri + 6;
        if (is_mail) {
            address++;
            address[strcspn(address, "?")] = '\0';
            decode(address);
        }
        if (!is_mail || !is_address(address))
            record->faults |= DMARC_BAD_REPORTS;
        else if (record->report_count < DMARC_REPORTS_MAXIMUM)
            record->reports[record->report_count++] = address;
    }
}

static void take_gone(struct dmarc_record *record, const char *name)
{
    if (strcasecmp(name, "pct") == 0)
        record->faults |= DMARC_HAS_PERCENT;
    else if (strcasecmp(name, "rf") == 0)
        record->faults |= DMARC_HAS_FORMAT;
    else if (strcasecmp(name, "ri") == 0)
        record->faults |= DMARC_HAS_INTERVAL;
}

static void take(struct dmarc_record *record, const struct tag *tag)
{
    const char *name = tag->name;
    if (strcasecmp(name, "p") == 0)
        take_policy(record, &record->policy, tag->value);
    else if (strcasecmp(name, "sp") == 0)
        take_policy(record, &record->subdomains, tag->value);
    else if (strcasecmp(name, "np") == 0)
        take_policy(record, &record->nonexistent, tag->value);
    else if (strcasecmp(name, "t") == 0)
        record->is_testing = take_letter(record, tag->value, "ny", DMARC_BAD_TEST) == 'y';
    else if (strcasecmp(name, "adkim") == 0)
        record->is_strict_dkim = take_letter(record, tag->value, "rs", DMARC_BAD_ALIGNMENT) == 's';
    else if (strcasecmp(name, "aspf") == 0)
        record->is_strict_spf = take_letter(record, tag->value, "rs", DMARC_BAD_ALIGNMENT) == 's';
    else if (strcasecmp(name, "psd") == 0)
        record->suffix = take_letter(record, tag->value, "uyn", DMARC_BAD_SUFFIX);
    else if (strcasecmp(name, "rua") == 0)
        take_reports(record, tag->value);
    else
        take_gone(record, name);
}

bool dmarc_record_read(struct arena *arena, const char *text, struct dmarc_record *record)
{
    struct tag tag;
    char *rest = arena_copy(arena, text);
    bool has_policy = false;
    *record = (struct dmarc_record){ .text = text, .suffix = 'u' };
    if (!is_version(&rest))
        return false;
    while (tag_next(&rest, spaces, &tag)) {
        has_policy = has_policy || strcasecmp(tag.name, "p") == 0;
        take(record, &tag);
    }
    if (!has_policy)
        record->faults |= DMARC_LACKS_POLICY;
    if (record->policy == DMARC_NO_POLICY)
        record->policy = DMARC_POLICY_NONE;
    return true;
}

bool dmarc_record_is_void(const struct dmarc_record *record)
{
    return (record->faults & DMARC_BAD_POLICY) && record->report_count == 0;
}

enum dmarc_policy dmarc_record_policy(const struct dmarc_record *record, bool is_below)
{
    if (record->faults & DMARC_BAD_POLICY)
        return DMARC_POLICY_NONE;
    return is_below && record->subdomains != DMARC_NO_POLICY ? record->subdomains : record->policy;
}
