/* SPDX-License-Identifier: MIT */
#include "inbound/bounce.h"

#include "base/arena.h"
#include "inbound/bounce_address.h"
#include "inbound/evidence.h"
#include "inbound/notice.h"
#include "mime/mime.h"

#include <string.h>
#include <strings.h>

/* Reports in a server's own words. Which words are known, bounce_phrases.c says. */

enum {
    FILLERS_MAXIMUM = 6,           /* words between a phrase and the address it announces */
    SILENT_PARAGRAPHS_MAXIMUM = 3, /* behind which a list of recipients has ended */
    CANDIDATES_MAXIMUM = 50
};

struct words {
    struct arena *arena;
    const struct mime_message *message;
    struct notice subject;
    struct notice notice; /* above the message returned */
    const char *end;      /* of it */
    bool is_from_daemon;
    struct recipient_list list;
    const char *rule;
};

static const char *line_end(const char *at, const char *end)
{
    const char *found = memchr(at, '\n', (size_t)(end - at));
    return found ? found : end;
}

/* ---- the message returned ---- */

/* Whether nothing but marks stands before it on its line. */
static bool begins_line(const char *text, size_t at)
{
    for (; at > 0 && text[at - 1] != '\n'; at--)
        if (!strchr(" \t>-=*_#~+.<[(|:", text[at - 1]))
            return false;
    return true;
}

/* Where the words end and the message returned begins. Not in the first line: a report begins with
 * words of its own. */
static size_t find_cut(const struct notice *notice)
{
    for (size_t i = 0; i < notice->hit_count; i++) {
        const struct notice_hit *hit = &notice->hits[i];
        if (hit->phrase->meaning == NOTICE_CUT && begins_line(notice->text, hit->start) &&
            memchr(notice->text, '\n', hit->start))
            return hit->start;
    }
    return notice->length;
}

/* A header that stands in the words below them. */
static const struct mime_field *header_below(struct arena *arena, const char *at)
{
    const struct mime_field *first = NULL;
    const struct mime_field **next = &first;
    struct mime_field *field = NULL;
    const char *end = at + strnlen(at, NOTICE_TEXT_MAXIMUM);
    for (unsigned left = MIME_FIELDS_MAXIMUM; at < end && left; left--) {
        const char *stop = line_end(at, end);
        at += strspn(at, ">");
        size_t name = strcspn(at, ": \t\r\n");
        bool is_empty = stop - at <= 0 || (*at == '\r' && stop - at == 1);
        if (field && (*at == ' ' || *at == '\t') && at < stop) {
            field->value = arena_format(arena, "%s %.*s", field->value, (int)(stop - at - 1),
                                        at + 1);
        } else if (at < stop && name && at[name] == ':') {
            field = arena_allocate(arena, sizeof *field);
            field->name = arena_copy_bytes(arena, at, name);
            const char *value = at + name + 1;
            value += strspn(value, " \t");
            field->value = value < stop ? arena_copy_bytes(arena, value, (size_t)(stop - value))
                                        : "";
            *next = field;
            next = &field->next;
        } else if (is_empty && first && first->next) {
            break;
        } else if (!is_empty) {
            field = NULL;
        }
        at = stop < end ? stop + 1 : end;
    }
    return first;
}

/* ---- whether it is a report at all ---- */

static bool is_from_daemon(const struct mime_message *message)
{
    static const char *const senders[] = {
        "mailer-daemon", "mailerdaemon", "mail-daemon", "postmaster",  "mdaemon",
        "maildelivery",  "mail_service", "bounce",      "mail.daemon", NULL
    };
    const char *from = mime_field(message->fields, "From");
    const char *path = mime_field(message->fields, "Return-Path");
    for (const char *const *sender = senders; *sender; sender++)
        if ((from && strcasestr(from, *sender)) || (path && strcasestr(path, *sender)))
            return true;
    if (!from)
        return message->has_empty_sender;
    return strcasestr(from, "mail delivery") || strcasestr(from, "delivery subsystem") ||
           strcasestr(from, "system administrator") || strstr(from, "<>");
}

/* Whether the subject begins with what reports have there; a person's "Re: Undeliverable" and
 * subjects of the mail returned that are quoted behind a colon do not. */
static bool subject_says(const struct words *words, enum notice_meaning meaning)
{
    const struct notice *subject = &words->subject;
    for (size_t i = 0; i < subject->hit_count; i++) {
        const struct notice_hit *hit = &subject->hits[i];
        if (hit->phrase->meaning != meaning)
            continue;
        const char *colon = memchr(subject->text, ':', hit->start);
        if (words->is_from_daemon || (!colon && hit->start < 40))
            return true;
    }
    return false;
}

static bool is_report(const struct words *words)
{
    const struct mime_message *message = words->message;
    return words->is_from_daemon || message->has_empty_sender ||
           mime_field(message->fields, "X-Failed-Recipients") ||
           subject_says(words, NOTICE_SUBJECT) || subject_says(words, NOTICE_LATE);
}

/* ---- recipients ---- */

/* One who is named, and what stands behind the name of why. */
static struct inbound_recipient *take(struct words *words, struct span address)
{
    const char *copy = address_copy(words->arena, address);
    if (recipient_list_find(&words->list, copy))
        return NULL;
    struct inbound_recipient *recipient = recipient_list_add(&words->list);
    if (recipient)
        recipient->address = copy;
    return recipient;
}

static bool is_same(struct span address, const char *other)
{
    return other && strlen(other) == address.length &&
           strncasecmp(address.start, other, address.length) == 0;
}

/* Whom it came to and whom it comes from; not all that a recipient's field may hold: on its way
 * back a report may bring the one with it that it is about. */
static bool is_party(const struct words *words, struct span address)
{
    static const char *const names[] = { "To", "Delivered-To", "From", "Reply-To", NULL };
    for (const char *const *name = names; *name; name++) {
        const char *value = mime_field(words->message->fields, *name);
        const struct mime_address *party = value ? mime_addresses(words->arena, value, 5) : NULL;
        for (; party; party = party->next)
            if (is_same(address, party->address))
                return true;
    }
    return false;
}

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
        (void)take(scan->words, address);
        behind = next;
    }
}

static void take_line(struct list_scan *scan, const char *line, const char *stop)
{
    const char *behind = line;
    unsigned indent = indent_of(line, stop);
    if (scan->has_any && indent > scan->indent)
        return; /* a reason goes on */
    struct span address = address_listed(line, stop, &behind);
    if (!address.length || is_party(scan->words, address) ||
        (scan->has_any && address_is_office(address)))
        return;
    end_reason(scan, line);
    if (!scan->has_any)
        scan->indent = indent;
    scan->has_any = true;
    scan->silence = 0;
    scan->recipient = take(scan->words, address);
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
    while (scan.at < end && scan.silence <= SILENT_PARAGRAPHS_MAXIMUM) {
        const char *stop = line_end(scan.at, end);
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
            begins_line(notice->text, notice->hits[i].start) &&
            notice->text + notice->hits[i].start < words->end)
            return notice->text + notice->hits[i].start;
    return words->end;
}

/* Each line is looked at for the first list that it may belong to, and no other. */
static void take_lists(struct words *words)
{
    const char *done = words->notice.text;
    for (size_t i = 0; i < words->notice.hit_count; i++) {
        const struct notice_hit *hit = &words->notice.hits[i];
        const char *at = words->notice.text + hit->end;
        const char *end = list_end(words, i);
        if (hit->phrase->meaning != NOTICE_LIST || at >= end || at < done)
            continue;
        bool had_any = words->list.first != NULL;
        take_list(words, at, end);
        if (!had_any && words->list.first)
            words->rule = hit->phrase->rule;
        if (words->list.first)
            done = end;
    }
}

/* Names alone on lines, of the domain that reports it. */
static void take_names(struct words *words)
{
    const char *host = words->message->from ? strrchr(words->message->from, '@') : NULL;
    for (size_t i = 0; host && i < words->notice.hit_count; i++) {
        const struct notice_hit *hit = &words->notice.hits[i];
        if (hit->phrase->meaning != NOTICE_NAMES)
            continue;
        const char *at = line_end(words->notice.text + hit->end, words->end);
        while (at < words->end) {
            at += strspn(at, " \t\r\n");
            size_t length = strcspn(at, " \t\r\n@:");
            const char *stop = at + length;
            if (!length || stop > words->end || strchr("@:", *stop) || *at == '-')
                break;
            const char *address = arena_format(words->arena, "%.*s%s", (int)length, at, host);
            words->rule = hit->phrase->rule;
            (void)take(words, (struct span){ address, strlen(address) });
            at = stop;
            if (stop[strspn(stop, " \t\r")] != '\n')
                break;
        }
    }
}

/* "<a@b>:" at the start of a line, as qmail and its heirs write it without any word before. */
static void take_bracketed(struct words *words)
{
    const char *at = words->notice.text;
    while (at < words->end) {
        const char *stop = line_end(at, words->end);
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

/* ---- addresses beside a phrase ---- */

/* Behind words that may stand between a phrase and its address. */
static const char *skip_fillers(const char *at, const char *end)
{
    static const char *const fillers[] = { "user",   "the",     "address",   "recipient", "email",
                                           "e-mail", "to",      "following", "is",        "was",
                                           "for",    "mailbox", "account",   "(s)",       "this",
                                           "die",    "den",     "adresse",   "<",         "domain",
                                           NULL };
    for (unsigned count = 0; count < FILLERS_MAXIMUM; count++) {
        while (at < end && strchr(" \t\r\n:;,.\"'`<([=-*>", *at))
            at++;
        const char *const *filler = fillers;
        size_t length = 0;
        for (; *filler; filler++) {
            length = strlen(*filler);
            if ((size_t)(end - at) > length && strncasecmp(at, *filler, length) == 0 &&
                strchr(" \t\r\n:", at[length]))
                break;
        }
        if (!*filler)
            break;
        at += length;
    }
    return at;
}

static bool is_recipient(const struct words *words, struct span address)
{
    return address.length && !address_is_office(address) && !is_party(words, address);
}

static void take_beside(struct words *words, enum notice_meaning meaning)
{
    for (size_t i = 0; i < words->notice.hit_count; i++) {
        const struct notice_hit *hit = &words->notice.hits[i];
        const char *behind = NULL;
        const char *end = words->notice.text + hit->end;
        if (hit->phrase->meaning != meaning || end > words->end)
            continue;
        struct span address = meaning == NOTICE_SAME
                                  ? address_begins(skip_fillers(end, words->end), words->end,
                                                   &behind)
                                  : address_before(words->notice.text,
                                                   words->notice.text + hit->start);
        if (!is_recipient(words, address))
            continue;
        if (!words->list.first)
            words->rule = hit->phrase->rule;
        (void)take(words, address);
    }
}

/* ---- without any phrase ---- */

static bool is_in_original(const struct words *words, const struct mime_field *original,
                           struct span address)
{
    static const char *const names[] = { "To", "Cc", "Delivered-To", "X-Original-To", NULL };
    for (const char *const *name = names; *name; name++) {
        const char *value = mime_field(original, *name);
        for (const struct mime_address *to = value ? mime_addresses(words->arena, value, 20) : NULL;
             to; to = to->next)
            if (is_same(address, to->address))
                return true;
    }
    return false;
}

/* A server that says all of it in its subject. */
static void take_from_subject(struct words *words)
{
    const char *at = words->message->subject;
    const char *end = at + strlen(at);
    struct span address = address_next(at, end, &at);
    if (words->is_from_daemon && is_recipient(words, address) &&
        !address_next(at, end, &at).length) {
        words->rule = "subject";
        (void)take(words, address);
    }
}

/* The only address there, or the only one that the message returned was for. */
static void take_single(struct words *words, const struct mime_field *original)
{
    struct span only = { NULL, 0 };
    struct span wanted = { NULL, 0 };
    unsigned count = 0;
    unsigned wanted_count = 0;
    const char *at = words->notice.text;
    for (unsigned i = 0; i < CANDIDATES_MAXIMUM && at < words->end; i++) {
        struct span address = address_next(at, words->end, &at);
        if (!address.length)
            break;
        if (!is_recipient(words, address))
            continue;
        if (!count || !is_same(only, address_copy(words->arena, address)))
            count++;
        only = address;
        if (is_in_original(words, original, address) &&
            (!wanted_count || !is_same(wanted, address_copy(words->arena, address)))) {
            wanted = address;
            wanted_count++;
        }
    }
    if (count == 1 || wanted_count == 1) {
        words->rule = "single-address";
        (void)take(words, wanted_count == 1 ? wanted : only);
    }
}

/* Nobody is named: the only one that the message returned was for, where that is no list's. */
static void take_returned(struct words *words, const struct mime_field *original)
{
    static const char *const lists[] = { "List-Post",    "X-BeenThere",       "X-Mailing-List",
                                         "Mailing-List", "X-Mailman-Version", NULL };
    const char *to = mime_field(original, "To");
    const char *precedence = mime_field(original, "Precedence");
    const struct mime_address *address = to ? mime_addresses(words->arena, to, 2) : NULL;
    for (const char *const *name = lists; *name; name++)
        if (mime_field(original, *name))
            return;
    if (!address || address->next || precedence || mime_field(original, "Cc"))
        return;
    const struct span span = { address->address, strlen(address->address) };
    if (is_recipient(words, span)) {
        words->rule = "message-returned";
        (void)take(words, span);
    }
}

/* Exim and those that took it from there. */
static void take_failed_field(struct words *words)
{
    const char *value = mime_field(words->message->fields, "X-Failed-Recipients");
    const struct mime_address *address = value ? mime_addresses(words->arena, value,
                                                                MIME_ADDRESSES_MAXIMUM)
                                               : NULL;
    for (; address; address = address->next) {
        const struct span span = { address->address, strlen(address->address) };
        words->rule = "x-failed-recipients";
        (void)take(words, span);
    }
}

static enum inbound_kind kind_of(const struct words *words)
{
    const struct notice *notice = &words->notice;
    if (subject_says(words, NOTICE_LATE) && !notice_says(notice, NOTICE_FINAL))
        return KIND_DELAYED;
    if (notice_says(notice, NOTICE_DELAYED) && !notice_says(notice, NOTICE_FINAL))
        return KIND_DELAYED;
    if (notice_says(notice, NOTICE_DELIVERED) && !notice_says(notice, NOTICE_FINAL))
        return KIND_DELIVERED;
    return KIND_BOUNCE;
}

/* ---- what is known of each ---- */

static void judge_all(struct words *words, enum inbound_kind kind)
{
    const struct span notice = { words->notice.text, (size_t)(words->end - words->notice.text) };
    const char *action = kind == KIND_BOUNCE    ? "failed"
                         : kind == KIND_DELAYED ? "delayed"
                                                : "delivered";
    for (struct inbound_recipient *one = words->list.first; one; one = one->next) {
        one->action = action;
        evidence_judge(words->arena, notice, words->list.first, one, kind);
    }
}

static void find_recipients(struct words *words, const struct mime_field *original)
{
    take_failed_field(words);
    if (!words->list.first)
        take_lists(words);
    if (!words->list.first)
        take_names(words);
    if (!words->list.first && words->is_from_daemon)
        take_bracketed(words);
    /* An automatic answer, too, may come from an empty sender and speak of addresses. */
    if (!words->is_from_daemon && !subject_says(words, NOTICE_SUBJECT) &&
        !subject_says(words, NOTICE_LATE))
        return;
    if (!words->list.first)
        take_beside(words, NOTICE_SAME);
    if (!words->list.first)
        take_beside(words, NOTICE_BEFORE);
    if (!words->list.first && notice_says(&words->notice, NOTICE_FAILED))
        take_single(words, original);
    if (!words->list.first && notice_says(&words->notice, NOTICE_FAILED))
        take_from_subject(words);
    if (!words->list.first && notice_says(&words->notice, NOTICE_FAILED))
        take_returned(words, original);
}

/* Whether it is a report although it names nobody. */
static bool says_enough(const struct words *words)
{
    bool is_late = subject_says(words, NOTICE_LATE) && notice_says(&words->notice, NOTICE_DELAYED);
    bool is_named = subject_says(words, NOTICE_SUBJECT);
    bool has_failed = notice_says(&words->notice, NOTICE_FAILED);
    return is_late || (has_failed && (words->is_from_daemon || is_named)) ||
           (words->is_from_daemon && is_named);
}

bool bounce_read_words(struct arena *arena, const struct mime_message *message,
                       struct bounce *bounce)
{
    const char *text = message->notices ? message->notices : message->text;
    if (!text)
        return false;
    struct words words = {
        .arena = arena, .message = message, .is_from_daemon = is_from_daemon(message), .rule = ""
    };
    notice_read(arena, message->subject, strlen(message->subject), &words.subject);
    if (!is_report(&words))
        return false;
    notice_read(arena, text, strnlen(text, NOTICE_TEXT_MAXIMUM), &words.notice);
    words.end = text + find_cut(&words.notice);
    recipient_list_init(&words.list, arena);
    if (!bounce->original && words.end < text + words.notice.length)
        bounce->original = header_below(arena, words.end);
    find_recipients(&words, bounce->original);
    if (!words.list.first && !says_enough(&words))
        return false;
    /* One whom nothing names: the return path may. */
    if (!words.list.first)
        (void)recipient_list_add(&words.list);
    bounce->kind = kind_of(&words);
    bounce->rule = *words.rule ? words.rule : "words";
    bounce->recipients = words.list.first;
    judge_all(&words, bounce->kind);
    return true;
}
