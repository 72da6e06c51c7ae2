/* SPDX-License-Identifier: MIT */
/* The parent's side of reading texts in a confined process. */
#include "intake/intake.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "intake/problem.h"
#include "intake/reader.h"
#include "intake/reading_limits.h"
#include "intake/reading_packet.h"
#include "locale/language_words.h"
#include "locale/mail_phrases.h"

#include <stdlib.h>
#include <string.h>

/* How many texts of a run get a process each, and how many share one from then on: starting a
 * process costs as much as reading five texts. */
enum { ALONE = 16, TOGETHER = 250 };

/* How far into the text the key "published" is searched for. */
enum { HEAD_SIZE = 1024 };

/* Buffers that grew larger over one text are not kept for the next. */
enum { BUFFER_KEPT = 1024 * 1024 };

/* A text that was sent to the process. */
struct sent_text {
    uint64_t number; /* the begun of its source; 0: the slot is free */
    struct string_builder request;
    struct confined_call call;
};

struct confined_reader {
    struct intake_reader reader; /* must be first: a pointer to it is cast to this struct */
    struct intake_reader_settings settings;
    struct confined *confined; /* NULL: not open */
    struct confined *rich;     /* reads texts with a format of their own, each in a process of its
                                  own; NULL: not open, since none was met */
    bool has_words;            /* whether it was opened with the words of languages */
    bool rich_has_words;       /* the same of rich */
    size_t count;              /* texts read since it was opened */
    size_t shared;             /* texts read by the present process */
    uint64_t last_number;
    const struct intake_source
        *waiting; /* the source that needs a new process, as far as is known */
    struct sent_text sent[INTAKE_TEXTS_AHEAD];
    struct string_builder reply;
};

/* ---- opening ---- */

static void put_words(struct string_builder *setup, const struct language_words *words)
{
    for (int group = 0; group < WORD_GROUP_COUNT; group++) {
        size_t count;
        const struct language_word *list = language_words_list(words, (enum word_group)group,
                                                               &count);
        packet_put_count(setup, count);
        for (size_t i = 0; i < count; i++) {
            packet_put_string(setup, list[i].language);
            packet_put_string(setup, list[i].name);
            packet_put_string(setup, list[i].word);
        }
    }
}

static void close_process(struct confined_reader *reader)
{
    confined_close(reader->confined);
    reader->confined = NULL;
    reader->count = 0;
    reader->shared = 0;
    for (size_t i = 0; i < INTAKE_TEXTS_AHEAD; i++)
        reader->sent[i].number = 0;
}

/* Starts the process of that function; NULL where it cannot be. */
static struct confined *open_process(const struct confined_reader *reader, const char *function,
                                     bool has_words, struct error *error)
{
    struct string_builder setup;
    if (has_words && !language_words_open(reader->settings.words, error))
        return NULL;
    string_builder_init(&setup, 0);
    packet_put_string(&setup, reader->settings.timezone);
    packet_put_string(&setup, reader->settings.language);
    packet_put_string(&setup, reader->settings.publisher);
    packet_put_bool(&setup, has_words);
    if (has_words)
        put_words(&setup, reader->settings.words);
    struct confined *confined = confined_open(function, setup.data, setup.length, error);
    string_builder_release(&setup);
    return confined;
}

static bool reader_open(struct intake_reader *base, bool has_words, struct error *error)
{
    struct confined_reader *reader = (struct confined_reader *)base;
    if (reader->confined && (reader->has_words || !has_words))
        return true;
    close_process(reader);
    reader->confined = open_process(reader, intake_text_confined.name, has_words, error);
    reader->has_words = has_words;
    return reader->confined != NULL;
}

static bool open_rich(struct confined_reader *reader, bool has_words, struct error *error)
{
    if (reader->rich && (reader->rich_has_words || !has_words))
        return true;
    confined_close(reader->rich);
    reader->rich = open_process(reader, intake_rich_text_confined.name, has_words, error);
    reader->rich_has_words = has_words;
    return reader->rich != NULL;
}

static void reader_close(struct intake_reader *base)
{
    struct confined_reader *reader = (struct confined_reader *)base;
    close_process(reader);
    confined_close(reader->rich);
    reader->rich = NULL;
    for (size_t i = 0; i < INTAKE_TEXTS_AHEAD; i++)
        string_builder_release(&reader->sent[i].request);
    string_builder_release(&reader->reply);
}

/* ---- reading ---- */

static bool may_hold_embargo(const struct confined_reader *reader, const char *text)
{
    return language_words_may_hold(reader->settings.words, WORD_GROUP_EMBARGO, text);
}

/* Whether the bytes, read as they are, may speak of an embargo. Those of UTF-16 hide their words,
 * and behind a NUL nothing is looked at. The key "published", which most headers have, is passed
 * over: by itself it is none of the words. */
static bool may_wait(const struct confined_reader *reader, const char *bytes, size_t length)
{
    static const char key[] = "\npublished:";
    char head[HEAD_SIZE];
    if (length == 0)
        return false;
    if (strlen(bytes) < length || strncmp(bytes, "\xff\xfe", 2) == 0 ||
        strncmp(bytes, "\xfe\xff", 2) == 0)
        return true;
    const char *at = memmem(bytes, length < sizeof head ? length : sizeof head, key,
                            sizeof key - 1);
    if (!at)
        return may_hold_embargo(reader, bytes);
    memcpy(head, bytes, (size_t)(at - bytes));
    head[at - bytes] = '\0';
    return may_hold_embargo(reader, head) || may_hold_embargo(reader, at + sizeof key - 1);
}

/* Whether a new process must read it, for the reasons that intake_reader_new() gives. */
static bool is_first(const struct confined_reader *reader, const struct intake_source *source)
{
    return reader->count < ALONE || reader->shared >= TOGETHER ||
           (source->words && (may_wait(reader, source->bytes, source->length) ||
                              may_wait(reader, source->sidecar_bytes, source->sidecar_length)));
}

static size_t count_sent(const struct confined_reader *reader)
{
    size_t count = 0;
    for (size_t i = 0; i < INTAKE_TEXTS_AHEAD; i++)
        count += reader->sent[i].number != 0;
    return count;
}

static struct sent_text *find_sent(struct confined_reader *reader, uint64_t number)
{
    for (size_t i = 0; i < INTAKE_TEXTS_AHEAD; i++)
        if (reader->sent[i].number == number)
            return &reader->sent[i];
    return NULL;
}

/* Starts a new process. Texts that were sent to the old one are sent again, as if they had not
 * begun. */
static void renew(struct confined_reader *reader)
{
    if (reader->shared > 0)
        confined_renew(reader->confined);
    reader->shared = count_sent(reader);
}

/* Sends a source, in a free slot, which the caller has made sure of. */
static struct sent_text *put_source(struct confined_reader *reader,
                                    const struct intake_source *source)
{
    struct sent_text *sent = reader->sent;
    while (sent->number && sent < reader->sent + INTAKE_TEXTS_AHEAD - 1)
        sent++;
    sent->number = ++reader->last_number;
    string_builder_clear(&sent->request);
    reading_put_source(&sent->request, source);
    sent->call = (struct confined_call){ .request = sent->request.data,
                                         .length = sent->request.length,
                                         .descriptor = -1 };
    reader->count++;
    reader->shared++;
    return sent;
}

static void refuse(struct intake_problem_list *problems, enum confined_end end)
{
    static const enum intake_message_id messages[] = {
        [CONFINED_REPLIED] = INTAKE_MESSAGE_READER_FLOODED,
        [CONFINED_DIED] = INTAKE_MESSAGE_READER_DIED,
        [CONFINED_HUNG] = INTAKE_MESSAGE_READER_HUNG,
        [CONFINED_STARVED] = INTAKE_MESSAGE_READER_STARVED,
        [CONFINED_FLOODED] = INTAKE_MESSAGE_READER_FLOODED,
    };

    intake_problem_add(problems, INTAKE_REFUSED, 0, messages[end], NULL, NULL);
}

static void shrink(struct string_builder *text)
{
    if (text->capacity > BUFFER_KEPT)
        string_builder_release(text);
}

/* A text that needs a new process waits until the present one has finished its texts. */
static bool must_wait(struct confined_reader *reader, const struct intake_source *source,
                      size_t ahead)
{
    if (ahead > 0 && source == reader->waiting)
        return true;
    if (!is_first(reader, source))
        return false;
    reader->waiting = source;
    if (ahead > 0)
        return true;
    renew(reader);
    return false;
}

static bool is_rich(const struct intake_source *source)
{
    const struct intake_format *format = source->format ? source->format
                                                        : intake_format_of(source->name);
    return format && format->is_rich;
}

static bool reader_begin(struct intake_reader *base, struct intake_source *source)
{
    struct confined_reader *reader = (struct confined_reader *)base;
    size_t ahead = count_sent(reader);
    if (is_rich(source)) /* those behind it wait for their turn */
        return false;
    if (source->begun && find_sent(reader, source->begun))
        return true;
    if (!reader->confined || (source->words && !reader->has_words) || ahead == INTAKE_TEXTS_AHEAD ||
        must_wait(reader, source, ahead))
        return false;
    struct sent_text *sent = put_source(reader, source);
    confined_begin(reader->confined, &sent->call);
    if (sent->call.begun) {
        source->begun = sent->number;
        return true;
    }
    sent->number = 0;
    reader->count--;
    reader->shared--;
    return false;
}

/* The slot of the source. One that was never sent is sent now, before any other that has begun. */
static struct sent_text *sent_of(struct confined_reader *reader, const struct intake_source *source)
{
    struct sent_text *sent = source->begun ? find_sent(reader, source->begun) : NULL;
    if (sent)
        return sent;
    if (count_sent(reader) == INTAKE_TEXTS_AHEAD)
        for (size_t i = 0; i < INTAKE_TEXTS_AHEAD; i++)
            reader->sent[i].number = 0;
    if (count_sent(reader) > 0 || is_first(reader, source))
        renew(reader);
    return put_source(reader, source);
}

/* What a call brought: the text, or a refusal. False for what is wrong with the machine. */
static bool take_reply(struct confined_reader *reader, const struct intake_source *source,
                       const struct confined_call *call, bool done, const struct error *why,
                       struct arena *arena, struct intake_text *text,
                       struct intake_problem_list *problems)
{
    problems->file = source->name;
    const struct intake_problem_list before = *problems;
    if (!done && (why->kind == ERROR_USAGE || why->kind == ERROR_SYSTEM))
        return false;
    if (!done) {
        refuse(problems, call->end);
    } else if (!reading_take_text(reader->reply.data, reader->reply.length, arena, source, text,
                                  problems)) {
        *problems = before; /* nothing of an invalid reply is used */
        *text = (struct intake_text){ .release = NULL };
        refuse(problems, CONFINED_FLOODED);
    }
    return true;
}

/* How mail programs quote goes with mails alone. */
static bool put_rich(const struct confined_reader *reader, const struct intake_source *given,
                     struct string_builder *request, struct error *error)
{
    struct intake_source source = *given;
    const struct intake_format *format = source.format ? source.format
                                                       : intake_format_of(source.name);
    source.phrases = format->read == eml_read ? reader->settings.phrases : NULL;
    if (!mail_phrases_open(source.phrases, error))
        return false;
    reading_put_source(request, &source);
    return true;
}

/* Each in a process of its own, which reads no other text. */
static bool read_rich(struct confined_reader *reader, struct arena *arena,
                      const struct intake_source *source, struct intake_text *text,
                      struct intake_problem_list *problems, struct error *error)
{
    struct string_builder request;
    struct error why = { 0 };
    string_builder_init(&request, 0);
    if (!open_rich(reader, source->words != NULL, error) ||
        !put_rich(reader, source, &request, error)) {
        string_builder_release(&request);
        return false;
    }
    struct confined_call call = { .request = request.data,
                                  .length = request.length,
                                  .descriptor = -1 };
    bool done = confined_call(reader->rich, &call, &reader->reply, &why);
    confined_renew(reader->rich);
    bool is_taken = take_reply(reader, source, &call, done, &why, arena, text, problems);
    if (!is_taken)
        *error = why;
    string_builder_release(&request);
    shrink(&reader->reply);
    return is_taken;
}

static bool reader_read(struct intake_reader *base, struct arena *arena,
                        const struct intake_source *source, struct intake_text *text,
                        struct intake_problem_list *problems, struct error *error)
{
    struct confined_reader *reader = (struct confined_reader *)base;
    struct error why = { 0 };
    *text = (struct intake_text){ .release = NULL };
    if (is_rich(source))
        return read_rich(reader, arena, source, text, problems, error);
    if (!reader_open(base, source->words != NULL, error))
        return false;
    struct sent_text *sent = sent_of(reader, source);
    bool done = confined_call(reader->confined, &sent->call, &reader->reply, &why);
    sent->number = 0;
    if (!take_reply(reader, source, &sent->call, done, &why, arena, text, problems)) {
        *error = why;
        return false;
    }
    if (!done)
        reader->shared = count_sent(reader); /* the text that it died of is not sent again */
    else if (!text->release)
        renew(reader);
    shrink(&sent->request);
    shrink(&reader->reply);
    return true;
}

struct intake_reader *intake_reader_new(const struct intake_reader_settings *settings)
{
    struct confined_reader *reader = memory_allocate(sizeof *reader);
    reader->reader = (struct intake_reader){ reader_open, reader_begin, reader_read, reader_close };
    reader->settings = *settings;
    for (size_t i = 0; i < INTAKE_TEXTS_AHEAD; i++)
        string_builder_init(&reader->sent[i].request, 0);
    string_builder_init(&reader->reply, (size_t)READING_REPLY_MAXIMUM + 1);
    return &reader->reader;
}

void intake_reader_free(struct intake_reader *base)
{
    if (!base)
        return;
    reader_close(base);
    free(base);
}
