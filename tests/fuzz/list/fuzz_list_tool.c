/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "base/utf8.h"
#include "list/list.h"
#include "unit/phrases.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Of whoever comes out: lines run on, all is text, and nobody is confirmed without a time. */
static void check_record(const struct list_reader *reader, int64_t before)
{
    const char *state = list_reader_field(reader, LIST_STATE);
    if (list_reader_line(reader) <= before)
        abort();
    for (enum list_key key = 0; key < LIST_KEY_COUNT; key++) {
        const char *value = list_reader_field(reader, key);
        if (!utf8_is_valid(value, strlen(value)))
            abort();
    }
    if (strcmp(state, "confirmed") == 0 && (*list_reader_field(reader, LIST_CONFIRMED_AT) == '\0' ||
                                            *list_reader_field(reader, LIST_EVIDENCE) == '\0'))
        abort();
}

static void read_as(const char *tool, char *bytes, size_t size)
{
    static const struct list_map lists[] = { { "press", "news" }, { "Health", "health" } };
    struct list_settings settings = { .tool = tool, .lists = lists, .list_count = 1 };
    struct error error = { 0 };
    enum list_result result = LIST_END;
    int64_t line = 0;
    FILE *stream = fmemopen(bytes, size, "r");
    if (!stream)
        abort();
    settings.phrases = kept_phrases();
    struct list_reader *reader = list_reader_new(stream, &settings, &error);
    while (reader && (result = list_reader_next(reader, &error)) != LIST_END &&
           result != LIST_FAILED) {
        if (result == LIST_RECORD)
            check_record(reader, line);
        line = list_reader_line(reader);
    }
    list_reader_free(reader);
    (void)fclose(stream);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char *const tools[] = { "listmonk", "mailman", "mailchimp", "mlmmj", "sympa" };
    char *copy = malloc(size ? size : 1);
    if (!copy || size == 0) {
        free(copy);
        return 0;
    }
    memcpy(copy, data, size);
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
        read_as(tools[i], copy, size);
    free(copy);
    return 0;
}
