/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "list/csv.h"
#include "list/csv_write.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* White space at the ends is lost in reading, and behind what may end a cell an apostrophe may have
 * come in. */
static bool is_read_as_written(const char *value)
{
    return strpbrk(value, ";\t\r\n") == NULL && !isspace((unsigned char)*value);
}

/* Each field, written again, must be read as it was, and must begin no cell as a formula does. */
static void check_field(const char *value)
{
    struct string_builder line;
    struct csv_reader reader;
    struct error error = { 0 };
    if (*value == '\0' || !utf8_is_valid(value, strlen(value)))
        return;
    string_builder_init(&line, 0);
    csv_write_field(&line, &csv_form_plain, "x", false);
    csv_write_field(&line, &csv_form_plain, value, true);
    for (const char *c = line.data; *c; c++)
        if (strchr(",;\t\n", *c) && c[1] && strchr("=+-@", c[1]) &&
            !(*c == ',' && c > line.data + 1))
            abort();
    FILE *stream = fmemopen(line.data, line.length, "r");
    if (!stream)
        abort();
    csv_reader_init(&reader, stream);
    enum csv_result result = csv_read(&reader, &error);
    if (result == CSV_RECORD && is_read_as_written(value) &&
        strcmp(csv_field(&reader, 1), value) != 0)
        abort();
    csv_reader_release(&reader);
    (void)fclose(stream);
    string_builder_release(&line);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct csv_reader reader;
    enum csv_result result;
    if (size == 0)
        return 0;
    char *copy = malloc(size);
    if (!copy)
        return 0;
    memcpy(copy, data, size);
    FILE *stream = fmemopen(copy, size, "r");
    if (!stream)
        abort();
    csv_reader_init(&reader, stream);
    do {
        struct error error = { 0 };
        result = csv_read(&reader, &error);
        for (size_t i = 0; result == CSV_RECORD && i <= reader.field_count; i++)
            check_field(csv_field(&reader, i));
    } while (result == CSV_RECORD || result == CSV_MALFORMED);
    csv_reader_release(&reader);
    (void)fclose(stream);
    free(copy);
    return 0;
}
