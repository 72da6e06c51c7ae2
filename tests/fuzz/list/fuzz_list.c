/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/error.h"
#include "base/utf8.h"
#include "list/list.h"
#include "locale/zone.h"
#include "unit/phrases.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* Words with one space between, in which no capital is left. */
static void check_words(const char *words)
{
    check(*words != ' ' && strstr(words, "  ") == NULL);
    check(*words == '\0' || words[strlen(words) - 1] != ' ');
    check(strpbrk(words, ",;\tABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL);
}

/* What a record tells is in our words, whatever the file says. */
static void check_record(const struct list_reader *reader)
{
    int64_t at;
    const char *when = list_reader_field(reader, LIST_CONFIRMED_AT);
    for (enum list_key key = 0; key < LIST_KEY_COUNT; key++) {
        const char *value = list_reader_field(reader, key);
        check(utf8_is_valid(value, strlen(value)));
    }
    check(*when == '\0' || instant_parse_rfc3339(when, &at));
    check(strpbrk(list_reader_field(reader, LIST_ADDRESS), "<>") == NULL);
    check(strchr(list_reader_field(reader, LIST_LANGUAGE), '_') == NULL);
    check_words(list_reader_field(reader, LIST_CADENCE));
    check_words(list_reader_field(reader, LIST_FEEDS));
}

static void note(void *payload, int64_t line, const char *text)
{
    size_t *notes = payload;
    check(line > 0 && *text != '\0');
    check(++*notes < 1000);
}

static void read_list(FILE *stream, const struct list_settings *settings)
{
    struct error error = { 0 };
    enum list_result result;
    int64_t line = 0;
    struct list_settings all = *settings;
    all.phrases = kept_phrases();
    struct list_reader *reader = list_reader_new(stream, &all, &error);
    if (!reader) {
        check(error.kind == ERROR_INPUT && error.message[0] != '\0');
        return;
    }
    do {
        error = (struct error){ 0 };
        result = list_reader_next(reader, &error);
        check(list_reader_line(reader) >= line);
        line = list_reader_line(reader);
        const char *address = list_reader_field(reader, LIST_ADDRESS);
        check(utf8_is_valid(address, strlen(address)));
        check(utf8_is_valid(error.message, strlen(error.message)));
        if (result == LIST_RECORD)
            check_record(reader);
        else
            check((result == LIST_END) == (error.kind == ERROR_NONE));
    } while (result == LIST_RECORD || result == LIST_MALFORMED);
    list_reader_free(reader);
}

/* The first octet says what the operator says of the file behind it. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const struct list_map columns[] = { { "status", "state" } };
    static const struct list_map lists[] = { { "press list", "news" }, { "city", "by" } };
    static struct zone *zone;
    size_t notes = 0;
    struct error error;
    if (!zone)
        zone = zone_open("Europe/Copenhagen", &error);
    if (size < 2)
        return 0;
    unsigned choice = data[0];
    struct list_settings settings = {
        .columns = columns,
        .column_count = choice % 2,
        .lists = lists,
        .list_count = choice / 2 % 3,
        .zone = zone,
        .language = choice / 6 % 2 ? "en" : "da",
        .note = note,
        .payload = &notes,
    };
    char *copy = malloc(size - 1);
    if (!copy)
        return 0;
    memcpy(copy, data + 1, size - 1);
    FILE *stream = fmemopen(copy, size - 1, "r");
    check(stream != NULL);
    read_list(stream, &settings);
    (void)fclose(stream);
    free(copy);
    return 0;
}
