/* SPDX-License-Identifier: MIT */
#include "inbound/bounce_words.h"

#include "base/arena.h"
#include "mime/mime.h"

#include <string.h>

enum {
    SILENT_PARAGRAPHS_MAXIMUM = 3, /* behind which a list of recipients has ended */
    SILENT_LINES_MAXIMUM = 40      /* behind which there is none */
};

static unsigned indent_of(const char *line, const char *end)
{
    unsigned indent = 0;
    for (; line < end && (*line == ' ' || *line == '\t'); line++)
        indent += *line == '\t' ? 8 : 1;
    return indent;
}

/* ---- lists ---- */

struct list_scan {
    struct words *words;
    const char *at;
    const char *end;
    unsigned indent; /* of the first that was found */
    bool has_any;
    unsigned silence; /* paragraphs since the last one */
    unsigned lines;   /* that were looked at before the first one */
    struct inbound_recipient *recipient;
    const char *reason; /* of that recipient, to here */
};

static void end_reason(struct list_scan *scan, const char *end)
{
    if (scan->recipient && scan->reason < end)
        scan->recipient->text = arena_copy_bytes(scan->words->arena, scan->reason,
                                                 (size_t)(end - scan->reason));
    scan->recipient = NULL;
}

/* Further ones on the same line: "a@b, c@d". */
static void take_others(struct list_scan *scan, const char *behind, const char *stop)
{
    while (behind < stop && strchr(",; \t>", *behind)) {
        bool is_comma = *behind == ',' || *behind == ';';
        behind++;
        if (!is_comma)
            continue;
        behind += strspn(behind, " \t");
        const char *next = behind;
        struct span address = behind < stop ? address_begins(behind, stop, &next)
                                            : (struct span){ NULL, 0 };
        if (!address.length)
            return;
        (void)words_take(scan->words, address);
        behind = next;
    }
}

static void take_line(struct list_scan *scan, const char *line, const char *stop)
{
    const char *behind = line;
    unsigned indent = indent_of(line, stop);
    if (scan->has_any && indent > scan->indent)
        return; /* deeper than the addresses: the reason of the last one continues */
    struct span address = address_listed(scan->words->list.phrases, line, stop, &behind);
    if (!address.length || words_party(scan->words, address) ||
        (scan->has_any && address_is_role(address)))
        return;
    end_reason(scan, line);
    if (!scan->has_any)
        scan->indent = indent;
    scan->has_any = true;
    scan->silence = 0;
    scan->recipient = words_take(scan->words, address);
    scan->reason = behind;
    take_others(scan, behind, stop);
}

static bool is_blank_line(const char *line, const char *stop)
{
    while (line < stop && strchr(" \t\r", *line))
        line++;
    return line == stop;
}

/* The lines from at to end, until some paragraphs name nobody. */
static void take_list(struct words *words, const char *at, const char *end)
{
    struct list_scan scan = { .words = words, .at = at, .end = end };
    bool was_blank = false;
    while (scan.at < end && scan.silence <= SILENT_PARAGRAPHS_MAXIMUM &&
           (scan.has_any || scan.lines++ < SILENT_LINES_MAXIMUM)) {
        const char *stop = words_line_end(scan.at, end);
        bool is_blank = is_blank_line(scan.at, stop);
        if (was_blank && !is_blank)
            scan.silence++;
        was_blank = is_blank;
        if (!is_blank)
            take_line(&scan, scan.at, stop);
        scan.at = stop < end ? stop + 1 : end;
    }
    end_reason(&scan, scan.at);
}

/* Where the list behind hit ends. */
static const char *list_end(const struct words *words, size_t index)
{
    const struct notice *notice = &words->notice;
    for (size_t i = index + 1; i < notice->hit_count; i++)
        if (notice->hits[i].phrase->meaning == NOTICE_END &&
            words_begin_line(notice->text, notice->hits[i].start) &&
            notice->text + notice->hits[i].start < words->end)
            return notice->text + notice->hits[i].start;
    return words->end;
}

/* Each line is looked at for the first list that it may belong to, and no other. */
void words_take_lists(struct words *words, enum phrase_meaning meaning)
{
    const char *done = words->notice.text;
    for (size_t i = 0; i < words->notice.hit_count; i++) {
        const struct notice_hit *hit = &words->notice.hits[i];
        const char *at = words->notice.text + hit->end;
        const char *end = list_end(words, i);
        if (hit->phrase->meaning != meaning || at >= end || at < done)
            continue;
        bool had_any = words->list.first != NULL;
        take_list(words, at, end);
        if (!had_any && words->list.first)
            words->rule = hit->phrase->rule;
        if (words->list.first)
            done = end;
    }
}

/* The length of a name that stands alone on its line, or before a reason in brackets; 0: of none.
 */
static size_t lone_name(const char *at, const char *end)
{
    size_t length = strcspn(at, " \t\r\n@:");
    const char *rest = at + length + strspn(at + length, " \t\r");
    bool is_alone = rest >= end || *rest == '\n' || *rest == '(';
    return at < end && *at != '-' && is_alone ? length : 0;
}

/* Names on the lines below a phrase, of the domain that reports it. */
static void take_names_below(struct words *words, const struct notice_hit *hit, const char *host)
{
    const char *at = words_line_end(words->notice.text + hit->end, words->end);
    for (;;) {
        at += strspn(at, " \t\r\n");
        size_t length = at < words->end ? lone_name(at, words->end) : 0;
        if (!length)
            return;
        const char *address = arena_format(words->arena, "%.*s%s", (int)length, at, host);
        words->rule = hit->phrase->rule;
        if (!words_take(words, (struct span){ address, strlen(address) }))
            return;
        at = words_line_end(at, words->end);
    }
}

void words_take_names(struct words *words)
{
    const char *host = words->message->from ? strrchr(words->message->from, '@') : NULL;
    for (size_t i = 0; host && i < words->notice.hit_count; i++)
        if (words->notice.hits[i].phrase->meaning == NOTICE_NAMES &&
            words->notice.text + words->notice.hits[i].end < words->end)
            take_names_below(words, &words->notice.hits[i], host);
}

/* "<a@b>:" at the start of a line, as qmail and its heirs write it without any word before. */
void words_take_bracketed(struct words *words)
{
    const char *at = words->notice.text;
    while (at < words->end) {
        const char *stop = words_line_end(at, words->end);
        const char *behind = at;
        struct span address = *at == '<' ? address_begins(at, stop, &behind)
                                         : (struct span){ NULL, 0 };
        if (address.length && behind < stop && *behind == ':') {
            words->rule = "qmail";
            take_list(words, at, words->end);
            return;
        }
        at = stop < words->end ? stop + 1 : words->end;
    }
}
