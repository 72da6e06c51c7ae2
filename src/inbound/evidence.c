/* SPDX-License-Identifier: MIT */
#include "inbound/evidence.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "inbound/bounce.h"
#include "locale/mail_phrases.h"
#include "net/refusal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { EVIDENCE_MAXIMUM = 4000 /* octets that are weighed */ };

static const char *line_end(const char *at, const char *end)
{
    const char *found = memchr(at, '\n', (size_t)(end - at));
    return found ? found + 1 : end;
}

/* Lines about the message and the dialogue, not about the failure: phrases like "mail from" in them
 * would be taken for its reason. */
static bool is_silent(const struct mail_phrases *phrases, const char *line, const char *end)
{
    static const char *const starts[] = {
        "mail from", "from:", "to:", "cc:",        "subject:",     "date:",  "ehlo",
        "helo",      "250",   "220", "message-id", "arrival-date", "sender", "original sender",
        NULL
    };
    while (line < end && strchr(" \t><-*", *line))
        line++;
    for (const char *const *start = starts; *start; start++) {
        size_t length = strlen(*start);
        if ((size_t)(end - line) >= length && strncasecmp(line, *start, length) == 0)
            return true;
    }
    const struct phrase *phrase = mail_phrases_begin(phrases, REPORT_SILENT, NULL, line);
    return phrase && phrase->length <= (size_t)(end - line);
}

static bool names(const char *line, const char *end, const char *address)
{
    size_t length = strlen(address);
    const char *at = line;
    while (length && (at = memchr(at, '@', (size_t)(end - at))) != NULL) {
        size_t local = strcspn(address, "@");
        const char *start = at - local;
        if ((size_t)(at - line) >= local && (size_t)(end - start) >= length &&
            strncasecmp(start, address, length) == 0)
            return true;
        at++;
    }
    return false;
}

static bool names_another(const char *line, const char *end, const struct inbound_recipient *all,
                          const struct inbound_recipient *one)
{
    for (; all; all = all->next)
        if (all != one && names(line, end, all->address))
            return true;
    return false;
}

/* The lines that name it, each with those behind it until another is named or a line is empty. */
static void append_lines(struct string_builder *text, const struct recipient_list *list,
                         struct span notice, const struct inbound_recipient *one)
{
    const char *end = notice.start + notice.length;
    bool is_about = false;
    for (const char *at = notice.start; at < end && !string_builder_overflowed(text);) {
        const char *stop = line_end(at, end);
        if (names(at, stop, one->address))
            is_about = true;
        else if (stop - at < 3 || (is_about && names_another(at, stop, list->first, one)))
            is_about = false;
        if (is_about && !is_silent(list->phrases, at, stop))
            string_builder_append_bytes(text, at, (size_t)(stop - at));
        at = stop;
    }
}

static void append_all(struct string_builder *text, const struct mail_phrases *phrases,
                       struct span notice)
{
    const char *end = notice.start + notice.length;
    for (const char *at = notice.start; at < end && !string_builder_overflowed(text);) {
        const char *stop = line_end(at, end);
        if (!is_silent(phrases, at, stop))
            string_builder_append_bytes(text, at, (size_t)(stop - at));
        at = stop;
    }
}

static bool has_code(const char *text)
{
    struct enhanced_status status;
    size_t length;
    return words_code(text) || enhanced_status_find(text, &status, &length);
}

/* The line that a person wants to see: what was said behind the name, else the first with a code.
 */
static const char *reason_line(struct arena *arena, const char *reason, const char *evidence)
{
    size_t marks = strspn(reason, " \t\r\n:;,.>)\"'-");
    if (strlen(reason + marks) > 5)
        return words_line(arena, reason + marks, strlen(reason + marks));
    const char *end = evidence + strlen(evidence);
    for (const char *at = evidence; at < end;) {
        const char *stop = line_end(at, end);
        const char *line = arena_copy_bytes(arena, at, (size_t)(stop - at));
        if (has_code(line))
            return words_line(arena, line, strlen(line));
        at = stop;
    }
    return words_line(arena, evidence, strlen(evidence));
}

static bool is_blank(const char *reason)
{
    return !reason[strspn(reason, " \t\r\n:;,.>)\"'-")];
}

/* Some servers list several recipients and give one reason behind the last: it is that of all
 * before it without words of their own. */
static const char *shared_reason(const struct inbound_recipient *one)
{
    const struct inbound_recipient *next = one;
    while (next && is_blank(next->text))
        next = next->next;
    return next ? next->text : "";
}

/* Gives the recipient the reason of the one before it in the list. */
static void judge_as_before(const struct inbound_recipient *all, struct inbound_recipient *one)
{
    const struct inbound_recipient *before = all;
    while (before && before->next != one)
        before = before->next;
    if (!before)
        return;
    one->kind = before->kind;
    one->cause = before->cause;
    one->code = before->code;
    one->enhanced = before->enhanced;
    one->text = before->text;
}

void evidence_judge(const struct recipient_list *list, struct span notice,
                    struct inbound_recipient *one, enum inbound_kind kind)
{
    const struct mail_phrases *phrases = list->phrases;
    const struct inbound_recipient *all = list->first;
    struct arena *arena = list->arena;
    struct string_builder text;
    const char *reason = one->text;
    string_builder_init(&text, EVIDENCE_MAXIMUM);
    append_all(&text, phrases, (struct span){ reason, strlen(reason) });
    if (!has_code(text.data) && *one->address)
        append_lines(&text, list, notice, one);
    bool is_silent_one = is_blank(reason) && !has_code(text.data);
    if (is_silent_one && one->next)
        append_all(&text, phrases, (struct span){ shared_reason(one), strlen(shared_reason(one)) });
    /* With one recipient, the whole text is about it. */
    if (!has_code(text.data) && all == one && !one->next) {
        string_builder_clear(&text);
        append_all(&text, phrases, notice);
    }
    const char *evidence = arena_copy_bytes(arena, text.data, text.length);
    one->text = reason_line(arena, reason, evidence);
    recipient_judge(list, one, evidence, kind);
    if (is_silent_one && all != one && !one->next)
        judge_as_before(all, one);
    string_builder_release(&text);
}
