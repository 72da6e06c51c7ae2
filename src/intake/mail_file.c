/* SPDX-License-Identifier: MIT */
/* A mail as a file (.eml): its subject is the title, its text that of the release, its files are
 * pictures and documents, or the release itself, where the mail only brings it. Of its header the
 * subject alone is used: who wrote to whom is never published, nor is when. */
#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/bare_header.h"
#include "intake/file_kind.h"
#include "intake/layout.h"
#include "intake/left_out.h"
#include "intake/letter.h"
#include "intake/reader.h"
#include "intake/title.h"
#include "locale/language_words.h"
#include "locale/mail_phrases.h"
#include "mime/mime.h"
#include "release/release.h"

#include <string.h>
#include <strings.h>

/* A mail of at most so many words may be no more than a note to a file. */
enum { COVER_WORDS = 60 };

struct mail_file {
    struct intake_reading *reading;
    const struct mime_letter *letter;
    const char *subject;
    struct rich_text *page; /* that its text is, as its sender wrote it; NULL: plain text */
    const char *own;        /* what its sender wrote for readers */
    const char *left_out;   /* what else stands in it */
    const char **names;     /* of its files */
    bool *taken;            /* those that are not attached to the release */
    size_t texts;           /* files that may be the release: */
    const struct mime_leaf *text;
    const char *text_name;
    const char *text_names; /* all of them, for a note */
};

static void refuse(struct intake_reading *reading, enum intake_message_id id, const char *a)
{
    const struct intake_message message = {
        id,
        { intake_value_given(a),
          file_kind_wanted(reading->arena, reading->format_of("x.docx") != NULL) }
    };
    intake_problem_add_message(reading->problems, INTAKE_REFUSED, 0, &message);
    reading->is_unreadable = true;
}

static bool has_words(const char *text)
{
    return left_out_count(text, strlen(text)) > 0;
}

static size_t count_words(const char *text)
{
    size_t count = 0;
    for (const char *at = text; *at;) {
        at += strspn(at, " \t\n");
        count += *at != '\0';
        at += strcspn(at, " \t\n");
    }
    return count;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (const char *at = text; *at; at += strcspn(at, "\n")) {
        at += strspn(at, "\n ");
        count += *at != '\0';
    }
    return count;
}

/* All texts that it shows, one behind the other. */
static const char *shown_text(struct mail_file *mail)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    for (const struct mime_leaf *leaf = mail->letter->leaves; leaf; leaf = leaf->next) {
        if (text.length && leaf->text)
            string_builder_append(&text, "\n\n");
        if (leaf->text)
            string_builder_append(&text, leaf->text);
    }
    const char *shown = arena_copy_bytes(mail->reading->arena, text.data, text.length);
    string_builder_release(&text);
    return shown;
}

/* Whether a file of the mail is a text in a format that releases are written in. */
static bool may_be_release(const struct mail_file *mail, const struct mime_leaf *leaf,
                           const char *name)
{
    const struct intake_format *format = name ? mail->reading->format_of(name) : NULL;
    return format && format->read != eml_read &&
           file_kind_fits(file_kind_of(leaf->bytes, leaf->length), name);
}

static void find_texts(struct mail_file *mail)
{
    size_t i = 0;
    mail->text_names = "";
    for (const struct mime_leaf *leaf = mail->letter->leaves; leaf; leaf = leaf->next, i++) {
        if (!may_be_release(mail, leaf, mail->names[i]))
            continue;
        mail->texts++;
        mail->text = leaf;
        mail->text_name = mail->names[i];
        mail->text_names = arena_format(mail->reading->arena, "%s%s%s", mail->text_names,
                                        *mail->text_names ? ", " : "", mail->names[i]);
    }
}

static bool holds_message(const struct mime_letter *letter)
{
    for (const struct mime_leaf *leaf = letter->leaves; leaf; leaf = leaf->next)
        if (strcmp(leaf->type, "message/rfc822") == 0)
            return true;
    return false;
}

/* ---- the release is a file of it ---- */

static void read_as(struct mail_file *mail, const char *name, const char *bytes, size_t length)
{
    struct intake_reading *reading = mail->reading;
    struct intake_source *source = arena_allocate(reading->arena, sizeof *source);
    *source = *reading->source;
    source->name = name;
    source->bytes = arena_copy_bytes(reading->arena, bytes, length);
    source->length = length;
    reading->source = source;
    reading->format_of(name)->read(reading);
}

static void read_attached(struct mail_file *mail)
{
    struct intake_reading *reading = mail->reading;
    size_t i = 0;
    for (const struct mime_leaf *leaf = mail->letter->leaves; leaf != mail->text; leaf = leaf->next)
        i++;
    mail->taken[i] = true;
    intake_problem_add(reading->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_MAIL_ATTACHED,
                       mail->text_name, NULL);
    if (has_words(mail->own))
        left_out_report(reading, INTAKE_NOTICE, 0, INTAKE_MESSAGE_MAIL_COVER,
                        letter_line_of(reading->arena, mail->own), count_lines(mail->own));
    mail->left_out = arena_format(reading->arena, "%s\n%s\n%s", mail->subject, mail->own,
                                  mail->left_out);
    read_as(mail, mail->text_name, mail->text->bytes, mail->text->length);
    if (reading->release->title)
        left_out_as_mark(reading, mail->subject, strlen(mail->subject));
    else
        reading->release->title = mail->subject;
}

/* ---- the release is its text ---- */

/* Whether fields stand at the top of the text. */
static bool begins_with_fields(struct mail_file *mail)
{
    int line = 0;
    size_t length = 0;
    const char *broken = NULL;
    const char *start = mail->own + strspn(mail->own, " \t\n");
    return bare_header_is_mark(start) ||
           bare_header_find(mail->reading, start, &length, &line, &broken) != BARE_HEADER_NONE;
}

/* How much of a subject says an embargo before the title, "EMBARGO 9. juni kl. 6: Tre nye huse",
 * with what parts the two; 0: it is one or the other. */
static size_t embargo_length(const struct intake_reading *reading, const char *subject)
{
    static const char *const marks[] = { ": ", " – ", " - ", " | ", ") ", "] " };
    const char *type;
    bool has_digit = subject[strcspn(subject, "0123456789")] != '\0';
    if (title_line_of(reading, subject, &type) != TITLE_LINE_EMBARGO)
        return 0;
    for (const char *at = subject; *at; at++)
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            size_t length = strlen(marks[i]);
            if (strncmp(at, marks[i], length) != 0)
                continue;
            size_t before = (size_t)(at - subject) + length;
            const char *left = arena_copy_bytes(reading->arena, subject, before);
            bool is_dated = left[strcspn(left, "0123456789")] != '\0';
            if ((is_dated || !has_digit) && !strchr("0123456789", at[length]) &&
                title_line_of(reading, left, &type) == TITLE_LINE_EMBARGO &&
                title_line_of(reading, at + length, &type) == TITLE_LINE_OTHER)
                return before;
        }
    return 0;
}

/* The subject above the text, as the title, what it says of an embargo above that. */
static void read_below_subject(struct mail_file *mail)
{
    struct intake_reading *reading = mail->reading;
    size_t length = embargo_length(reading, mail->subject);
    const char *embargo = arena_copy_bytes(reading->arena, mail->subject, length);
    const char *title = mail->subject + length;
    if (mail->page) {
        letter_page_begin(reading, mail->page, title, true);
        if (*embargo)
            letter_page_begin(reading, mail->page, embargo, false);
        return;
    }
    mail->own = arena_format(reading->arena, "%s%s%s\n\n%s", embargo, *embargo ? "\n\n" : "", title,
                             mail->own);
}

static void read_own(struct mail_file *mail)
{
    struct intake_reading *reading = mail->reading;
    if (begins_with_fields(mail)) {
        left_out_report(reading, INTAKE_NOTICE, 0, INTAKE_MESSAGE_MAIL_SUBJECT, mail->subject, 1);
        mail->left_out = arena_format(reading->arena, "%s\n%s", mail->subject, mail->left_out);
    } else {
        read_below_subject(mail);
    }
    if (!mail->page) {
        read_as(mail, "x.txt", mail->own, strlen(mail->own));
        return;
    }
    letter_page_take_files(reading, mail->page, mail->letter, mail->names, mail->taken);
    layout_take(reading, mail->page);
}

/* What its sender wrote for readers, with its links and lists where its program made a page. */
static void find_own(struct mail_file *mail)
{
    struct intake_reading *reading = mail->reading;
    const char *shown = NULL;
    mail->page = letter_page_read(reading, mail->letter);
    if (mail->page) {
        shown = letter_page_lines(reading, mail->page);
        if (!letter_page_keep_own(reading, mail->page))
            mail->page = NULL;
    }
    mail->own = letter_own(reading, mail->page ? shown : shown_text(mail), &mail->left_out);
}

/* An embargo counts wherever the mail speaks of it. */
static void add_left_out(struct mail_file *mail)
{
    struct intake_reading *reading = mail->reading;
    if (!language_words_may_hold(reading->words, WORD_GROUP_EMBARGO, mail->left_out))
        return;
    size_t content = reading->content ? (size_t)(reading->content - reading->text) : 0;
    reading->text = arena_format(reading->arena, "%s\n\n%s", reading->text, mail->left_out);
    reading->content = reading->content ? reading->text + content : NULL;
    reading->length = strlen(reading->text);
}

static void read_mail(struct mail_file *mail)
{
    struct intake_reading *reading = mail->reading;
    bool is_blank = !has_words(mail->own);
    bool is_cover = mail->texts && count_words(mail->own) <= COVER_WORDS;
    if ((is_blank || is_cover) && mail->texts > 1)
        refuse(reading, INTAKE_MESSAGE_MAIL_SEVERAL, mail->text_names);
    else if (is_blank && !mail->texts)
        refuse(reading,
               has_words(mail->left_out) || holds_message(mail->letter)
                   ? INTAKE_MESSAGE_MAIL_FORWARDED
                   : INTAKE_MESSAGE_MAIL_EMPTY,
               NULL);
    else if (is_blank ||
             (is_cover && mail_phrases_hold(reading->source->phrases, QUOTATION_COVER, mail->own)))
        read_attached(mail);
    else if (is_cover)
        refuse(reading, INTAKE_MESSAGE_MAIL_UNCLEAR, mail->text_name);
    else
        read_own(mail);
}

static bool tell_fault(struct intake_reading *reading, enum mime_letter_fault fault)
{
    static const enum intake_message_id messages[] = {
        [MIME_LETTER_NONE] = INTAKE_MESSAGE_MAIL_NONE,
        [MIME_LETTER_REPORT] = INTAKE_MESSAGE_MAIL_REPORT,
        [MIME_LETTER_ENCRYPTED] = INTAKE_MESSAGE_MAIL_ENCRYPTED,
        [MIME_LETTER_TOO_LARGE] = INTAKE_MESSAGE_MAIL_TOO_LARGE,
    };

    if (fault == MIME_LETTER_GOOD)
        return false;
    refuse(reading, messages[fault], NULL);
    return true;
}

void eml_read(struct intake_reading *reading)
{
    const struct intake_source *source = reading->source;
    struct mail_file mail = { .reading = reading };
    size_t count = 0;
    if (!source->mime) { /* another process would have read it */
        refuse(reading, INTAKE_MESSAGE_READER_DIED, NULL);
        return;
    }
    mail.letter = source->mime->read_letter(source->html, reading->arena, source->bytes,
                                            source->length);
    if (tell_fault(reading, mail.letter->fault))
        return;
    for (const struct mime_leaf *leaf = mail.letter->leaves; leaf; leaf = leaf->next)
        count++;
    mail.taken = arena_allocate_array(reading->arena, count + 1, sizeof *mail.taken);
    mail.names = letter_names(reading, mail.letter);
    mail.subject = letter_subject(reading, mail.letter->subject);
    find_own(&mail);
    find_texts(&mail);
    read_mail(&mail);
    reading->source = source;
    if (reading->is_unreadable)
        return;
    letter_take_files(reading, mail.letter, mail.names, mail.taken);
    add_left_out(&mail);
}
