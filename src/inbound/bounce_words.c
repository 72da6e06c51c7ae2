/* SPDX-License-Identifier: MIT */
#include "inbound/bounce_words.h"

#include "base/arena.h"
#include "inbound/evidence.h"
#include "locale/mail_phrases.h"
#include "mime/mime.h"

#include <string.h>
#include <strings.h>

/* Reports in a server's own words. Which words are known, the groups “notice…” of
 * templates/languages/LANG/mail.yaml say. */

/* ---- the message returned ---- */

/* Where the words end and the message returned begins. Not in the first line: a report begins with
 * words of its own. */
static size_t find_cut(const struct notice *notice)
{
    for (size_t i = 0; i < notice->hit_count; i++) {
        const struct notice_hit *hit = &notice->hits[i];
        if (hit->phrase->meaning == NOTICE_CUT && words_begin_line(notice->text, hit->start) &&
            memchr(notice->text, '\n', hit->start))
            return hit->start;
    }
    return notice->length;
}

/* ---- whether it is a report at all ---- */

static bool is_from_daemon(const struct mail_phrases *phrases, const struct mime_message *message)
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
    return mail_phrases_hold(phrases, REPORT_SENDER, from) || strstr(from, "<>");
}

static bool begins_subject(const struct notice *subject, const struct notice_hit *hit)
{
    return hit->start < 40 && !memchr(subject->text, ':', hit->start);
}

/* "Ny akutmodtagelse : non remis (delivery failed)": some put it behind that of the mail returned.
 */
static bool ends_subject(const struct notice *subject, const struct notice_hit *hit)
{
    const char *colon = memrchr(subject->text, ':', hit->start);
    return colon && colon > subject->text && colon[-1] == ' ' && hit->end + 1 >= subject->length &&
           subject->text + hit->start - colon < 16;
}

/* Whether the subject begins with what reports have there; a person's "Re: Undeliverable" and
 * subjects of the mail returned that are quoted behind a colon do not. */
static bool subject_says(const struct words *words, enum phrase_meaning meaning)
{
    const struct notice *subject = &words->subject;
    for (size_t i = 0; i < subject->hit_count; i++) {
        const struct notice_hit *hit = &subject->hits[i];
        if (hit->phrase->meaning != meaning)
            continue;
        if (words->is_from_daemon || begins_subject(subject, hit) || ends_subject(subject, hit))
            return true;
    }
    return false;
}

static bool is_report(const struct words *words)
{
    const struct mime_message *message = words->message;
    /* Mailing lists write of deliveries too, so what a list sent is no report. */
    if (!words->is_from_daemon && mime_field(message->fields, "List-Unsubscribe"))
        return false;
    return words->is_from_daemon || message->has_empty_sender ||
           mime_field(message->fields, "X-Failed-Recipients") ||
           subject_says(words, NOTICE_SUBJECT) || subject_says(words, NOTICE_LATE);
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
        evidence_judge(&words->list, notice, one, kind);
    }
}

static bool is_named_report(const struct words *words)
{
    return words->is_from_daemon || subject_says(words, NOTICE_SUBJECT) ||
           subject_says(words, NOTICE_LATE);
}

/* Whether it is a report although it names nobody. */
static bool says_enough(const struct words *words)
{
    bool is_late = subject_says(words, NOTICE_LATE) && notice_says(&words->notice, NOTICE_DELAYED);
    bool is_named = subject_says(words, NOTICE_SUBJECT);
    bool has_failed = notice_says(&words->notice, NOTICE_FAILED);
    if (words->is_from_daemon)
        return is_late || has_failed || is_named;
    /* A shop writes of failed deliveries as well, so more is asked for than those words. */
    return (words->message->has_empty_sender || words->has_original) &&
           (is_late || (has_failed && is_named));
}

static void find_recipients(struct words *words, const struct mime_field *original)
{
    words_take_failed_field(words);
    if (!words->list.first)
        words_take_lists(words, NOTICE_LIST);
    if (!words->list.first)
        words_take_names(words);
    if (!words->list.first && words->is_from_daemon)
        words_take_bracketed(words);
    /* An automatic answer, too, may come from an empty sender and speak of addresses. */
    if (!words->list.first && is_named_report(words))
        words_take_lists(words, NOTICE_ANY_LIST);
    if (!words->list.first && is_named_report(words))
        words_take_anywhere(words, original, says_enough(words));
}

bool bounce_read_words(const struct mail_phrases *phrases, struct arena *arena,
                       const struct mime_message *message, struct bounce *bounce)
{
    const char *text = message->notices ? message->notices : message->text;
    if (!text)
        return false;
    struct words words = { .arena = arena,
                           .message = message,
                           .is_from_daemon = is_from_daemon(phrases, message),
                           .rule = "" };
    notice_read(phrases, arena, message->subject, strlen(message->subject), &words.subject);
    if (!is_report(&words))
        return false;
    notice_read(phrases, arena, text, strnlen(text, NOTICE_TEXT_MAXIMUM), &words.notice);
    words.end = text + find_cut(&words.notice);
    recipient_list_init(&words.list, phrases, arena);
    words_read_parties(&words);
    if (!bounce->original && words.end < text + words.notice.length)
        bounce->original = words_header_below(arena, words.end);
    words.has_original = bounce->original != NULL;
    find_recipients(&words, bounce->original);
    if (!words.list.first && !says_enough(&words))
        return false;
    /* The text names nobody: the return path may say whose mail it was. */
    if (!words.list.first)
        (void)recipient_list_add(&words.list);
    bounce->kind = kind_of(&words);
    bounce->rule = *words.rule ? words.rule : "words";
    bounce->recipients = words.list.first;
    judge_all(&words, bounce->kind);
    return true;
}
