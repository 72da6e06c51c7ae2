/* SPDX-License-Identifier: MIT */
/* The confined process's side of reading texts: the functions "text" and "rich_text". */
#include "intake/intake.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "html/html.h"
#include "intake/embargo.h"
#include "intake/page_charset.h"
#include "intake/problem.h"
#include "intake/reader.h"
#include "intake/reading_limits.h"
#include "intake/reading_packet.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/mail_phrases.h"
#include "mime/mime.h"
#include "rich_text/rich_text.h"

#include <string.h>

/* What is the same for all texts. */
struct text_function {
    struct arena arena;
    const char *language;
    const char *publisher;
    struct language_words *words; /* NULL: none */
    struct locale_context *locale;
    const struct html_reader *html;
    const struct rich_text_reader *rich_text; /* NULL: none is read */
    const struct mime_parser *mime;           /* the same */
};

static bool take_words(struct packet *packet, struct text_function *function)
{
    struct arena arena = { 0 };
    function->words = language_words_new();
    for (int group = 0; group < WORD_GROUP_COUNT; group++) {
        size_t count = packet_count(packet);
        for (size_t i = 0; i < count; i++) {
            const char *language = packet_string(packet, &arena);
            const char *name = packet_string(packet, &arena);
            const char *word = packet_string(packet, &arena);
            if (language && name && word)
                language_words_add(function->words, language, (enum word_group)group, name, word);
        }
        arena_release(&arena);
    }
    return packet_is_good(packet);
}

static void read_source(struct arena *arena, const struct intake_source *source,
                        struct string_builder *reply)
{
    struct intake_problem_list problems;
    struct intake_text text = { .release = NULL };
    intake_problem_list_init(&problems, arena, source->name);
    intake_read_source(arena, source, &text, &problems);
    reading_put_text(reply, source, &text, &problems);
}

static struct intake_source source_of(const struct text_function *function)
{
    return (struct intake_source){ .zone = locale_context_zone(function->locale),
                                   .language = function->language,
                                   .words = function->words,
                                   .locale = function->locale,
                                   .html = function->html,
                                   .rich_text = function->rich_text,
                                   .mime = function->mime,
                                   .publisher = function->publisher };
}

/* Loads now, while files can be opened, what libraries would load on first use: names of
 * languages, transliteration, forms and cases of letters, zones and code pages. */
static void load_all(const struct text_function *function)
{
    struct hash hash;
    static const char markdown[] =
        "---\ntitle: Ældre på Färöerne – Ærø Øl\nlanguage: nb-NO\ntopics: Sundhed & ældre\n"
        "published: 7. juni 2022 kl. 18.57 CET\nembargo: 2099-06-09 06:00 BST\n"
        "contacts: Mette Holm, 55 10 20 30\nimages: a.jpg\n"
        "event:\n  start: tirsdag den 9. juni 2099 kl. 10 dansk tid\n  place: Salen\n---\n"
        "EMBARGO til tirsdag den 9. juni kl. 6.\n\n**E\xcc\x81n** `to` [x](https://nordhav.example/) "
        "<b>&aelig;</b> ﬁ 𝐀\n\n| a | b |\n| - | - |\n| ~~c~~ | d |\n\n1. x\n2. y\n\nwww.nordhav.example\n";
    static const char windows[] = "Bl\xe5"
                                  "b\xe6r og \x93\xd8l\x94\n\nTekst i to afsnit.\n";
    static const char utf16[] = "\xff\xfe"
                                "B\0l\0\xe5\0\n\0\n\0T\0\n";

    static const struct {
        const char *name;
        const char *bytes;
        size_t length;
    } samples[] = { { "x.md", markdown, sizeof markdown - 1 },
                    { "x.txt", markdown, sizeof markdown - 1 },
                    { "x.txt", windows, sizeof windows - 1 },
                    { "x.txt", utf16, sizeof utf16 } };

    hash_bytes("", 0, &hash); /* libsodium asks for random numbers once */
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct arena arena = { 0 };
        struct string_builder reply;
        struct embargo_words words = { 0 };
        struct intake_source source = source_of(function);
        string_builder_init(&reply, READING_REPLY_MAXIMUM);
        source.name = samples[i].name;
        source.bytes = samples[i].bytes;
        source.length = samples[i].length;
        source.now_at = INT64_C(1780308000000);
        source.embargo = i ? &words : NULL;
        read_source(&arena, &source, &reply);
        string_builder_release(&reply);
        arena_release(&arena);
    }
}

static bool prepare(const void *setup, size_t length, void **state, struct error *error)
{
    struct packet packet;
    struct text_function *function = memory_allocate(sizeof *function);
    packet_init(&packet, setup, length);
    const char *timezone = packet_string(&packet, &function->arena);
    function->language = packet_string(&packet, &function->arena);
    function->publisher = packet_string(&packet, &function->arena);
    bool is_good = !packet_bool(&packet) || take_words(&packet, function);
    if (!is_good || !packet_is_good(&packet) || !timezone)
        return error_set(error, ERROR_SYSTEM, "what reads texts was told nothing that it knows");
    function->locale = locale_context_new(timezone, error);
    if (!function->locale)
        return false;
    function->html = confined_load("html", HTML_READER_SYMBOL, "libgumbo", HTML_READER_VERSION,
                                   error);
    if (!function->html)
        return false;
    load_all(function);
    *state = function;
    return true;
}

/* Of pages that are no UTF-8. */
static void load_charsets(void)
{
    struct arena arena = { 0 };
    size_t length;
    (void)page_charset_decode(&arena, "\xE6", 1, &length);
    arena_release(&arena);
}

static bool prepare_rich(const void *setup, size_t length, void **state, struct error *error)
{
    if (!prepare(setup, length, state, error))
        return false;
    struct text_function *function = *state;
    function->rich_text = confined_load("rich_text", RICH_TEXT_READER_SYMBOL, "libzip and libxml2",
                                        RICH_TEXT_READER_VERSION, error);
    if (!function->rich_text)
        return false;
    function->rich_text->start(function->html);
    load_charsets();
    function->mime = confined_load("mime_parser", MIME_PARSER_SYMBOL, "GMime", MIME_PARSER_VERSION,
                                   error);
    if (!function->mime)
        return false;
    function->mime->start(function->html);
    return true;
}

static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    const struct text_function *function = state;
    struct arena arena = { 0 };
    struct embargo_words words = { .phrases = NULL };
    struct intake_source source = source_of(function);
    bool has_embargo;
    size_t length;
    const void *request = confined_request(exchange, &length);
    bool done = reading_take_source(request, length, &arena, &source, &has_embargo);
    if (has_embargo)
        source.embargo = &words;
    if (done)
        read_source(&arena, &source, reply);
    else
        (void)error_set(error, ERROR_INPUT, "is no text to be read");
    mail_phrases_free(source.phrases);
    arena_release(&arena);
    return done;
}

const struct confined_function intake_text_confined = {
    .name = "text",
    .limits = { .memory_bytes = (int64_t)READING_MEMORY_MB * 1024 * 1024,
                .cpu_seconds = READING_CPU_SECONDS,
                .wall_seconds = READING_WALL_SECONDS,
                .reply_bytes = READING_REPLY_MAXIMUM },
    .prepare = prepare,
    .answer = answer,
};

const struct confined_function intake_rich_text_confined = {
    .name = "rich_text",
    .limits = { .memory_bytes = (int64_t)RICH_READING_MEMORY_MB * 1024 * 1024,
                .cpu_seconds = RICH_READING_CPU_SECONDS,
                .wall_seconds = RICH_READING_WALL_SECONDS,
                .reply_bytes = READING_REPLY_MAXIMUM },
    .prepare = prepare_rich,
    .answer = answer,
};
