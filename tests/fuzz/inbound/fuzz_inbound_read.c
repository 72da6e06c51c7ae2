/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"
#include "html/html.h"
#include "inbound/reading.h"
#include "locale/language_words.h"
#include "mime/mime.h"
#include "mime_parser/mime_read.h"
#include "unit/phrases.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct language_words *new_words(void)
{
    static const struct {
        const char *name;
        const char *word;
    } rows[] = { { "agree", "ja" },     { "thanks", "tak" },   { "refuse", "nej" },
                 { "leave", "stop" },   { "leave", "afmeld" }, { "please", "venligst" },
                 { "refuse", "aldrig" } };
    struct language_words *words = language_words_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        language_words_add(words, "da", WORD_GROUP_REPLY, rows[i].name, rows[i].word);
    return words;
}

/* At most so many, each with strings of its own, and certain only by a token of ours. */
static void check_recipients(const struct inbound_reading *reading)
{
    unsigned count = 0;
    for (const struct inbound_recipient *one = reading->recipients; one; one = one->next) {
        assert(one->address && one->other && one->text && one->enhanced && one->action);
        assert(utf8_is_valid(one->address, strlen(one->address)));
        assert(utf8_is_valid(one->text, strlen(one->text)));
        assert(strlen(one->text) <= 400);
        assert(!one->is_certain || reading->token.row_id > 0);
        count++;
    }
    assert(count <= MIME_PARTS_MAXIMUM);
}

/* Whatever a stranger writes: nothing has an effect on a person without a token of ours. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct inbound_settings settings = { .replies = "svar@nordhav.example",
                                                .bounces = "bounce@nordhav.example",
                                                .delimiter = "+" };
    if (!settings.words)
        settings.words = new_words();
    settings.phrases = kept_phrases();
    struct arena arena = { 0 };
    struct error error = { 0 };
    struct inbound_context context;
    struct inbound_reading reading;
    struct token_keys *keys = token_keys_fixed(9);
    if (!inbound_context_init(&context, &arena, &settings, keys, &error))
        return 1;
    inbound_read(&context, &arena, mime_read(&html_reader, &arena, (const char *)data, size),
                 &reading);
    bool wants_token = reading.effect != INBOUND_NOT_OURS && reading.effect != INBOUND_AUTOMATIC &&
                       reading.effect != INBOUND_ASKED && reading.effect != INBOUND_CHALLENGE &&
                       reading.effect != INBOUND_REPORTED && reading.effect != INBOUND_DMARC &&
                       reading.known_by < KNOWN_BY_REPORT;
    assert(!wants_token || reading.token.row_id > 0);
    check_recipients(&reading);
    assert(reading.effect != INBOUND_ASKED || reading.from);
    assert(reading.own_text != NULL);
    token_keys_free(keys);
    arena_release(&arena);
    return 0;
}
