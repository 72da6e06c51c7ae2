/* SPDX-License-Identifier: MIT */
#include "list/csv.h"

#include "base/error.h"
#include "base/utf8.h"
#include "list/csv_write.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

void csv_reader_init(struct csv_reader *reader, FILE *stream)
{
    memset(reader, 0, sizeof *reader);
    reader->stream = stream;
    reader->next_line = 1;
    text_init(&reader->bytes, CSV_RECORD_MAXIMUM);
}

void csv_reader_release(struct csv_reader *reader)
{
    text_release(&reader->bytes);
}

/* What became of one character. */
enum outcome { OUTCOME_GOES_ON, OUTCOME_RECORD_ENDS };

struct parser {
    struct csv_reader *reader;
    bool in_quotes;
    bool was_quoted;    /* this field, and its closing quote is behind us */
    bool is_broken;     /* text behind a closing quote, or too many fields */
    bool has_any;       /* something stood in this record */
    size_t field_start; /* in bytes */
};

static void field_end(struct parser *parser)
{
    struct csv_reader *reader = parser->reader;
    text_append_character(&reader->bytes, '\0');
    if (reader->field_count < CSV_FIELDS_MAXIMUM)
        reader->fields[reader->field_count++] = parser->field_start;
    else
        parser->is_broken = true;
    parser->field_start = reader->bytes.length;
    parser->was_quoted = false;
}

static int peek(struct csv_reader *reader)
{
    if (reader->input_at == reader->input_length) {
        reader->input_at = 0;
        reader->input_length = fread(reader->input, 1, sizeof reader->input, reader->stream);
    }
    return reader->input_at < reader->input_length ? (unsigned char)reader->input[reader->input_at]
                                                   : EOF;
}

static int take(struct csv_reader *reader)
{
    int c = peek(reader);
    if (c != EOF)
        reader->input_at++;
    return c;
}

static bool is_special(char c)
{
    return c == ',' || c == ';' || c == '"' || c == '\r' || c == '\n' || c == '\0';
}

/* Appends what follows in the buffer up to the next special character: one piece instead of many.
 */
static void run_append(struct csv_reader *reader)
{
    size_t start = reader->input_at;
    while (reader->input_at < reader->input_length && !is_special(reader->input[reader->input_at]))
        reader->input_at++;
    text_append_bytes(&reader->bytes, reader->input + start, reader->input_at - start);
}

static void quoted_character(struct parser *parser, int c)
{
    struct csv_reader *reader = parser->reader;
    if (c != '"') {
        if (c == '\n')
            reader->next_line++;
        text_append_character(&reader->bytes, (char)c);
        run_append(reader);
    } else if (peek(reader) == '"') {
        (void)take(reader);
        text_append_character(&reader->bytes, '"');
    } else {
        parser->in_quotes = false;
        parser->was_quoted = true;
    }
}

static bool is_separator(const struct csv_reader *reader, int c)
{
    return reader->separator ? c == reader->separator : c == ',' || c == ';';
}

static enum outcome plain_character(struct parser *parser, int c)
{
    struct csv_reader *reader = parser->reader;
    if (c == '\n' || c == '\r') {
        if (c == '\r' && peek(reader) == '\n')
            (void)take(reader);
        reader->next_line++;
        return OUTCOME_RECORD_ENDS;
    }
    parser->has_any = true;
    if (is_separator(reader, c)) {
        reader->separator = (char)c;
        field_end(parser);
    } else if (c == '"' && reader->bytes.length == parser->field_start && !parser->was_quoted) {
        parser->in_quotes = true;
    } else {
        parser->is_broken = parser->is_broken || (parser->was_quoted && c != ' ');
        if (!parser->was_quoted) {
            text_append_character(&reader->bytes, (char)c);
            run_append(reader);
        }
    }
    return OUTCOME_GOES_ON;
}

/* A NUL inside would hide what follows it. */
static bool fields_are_whole(const struct csv_reader *reader)
{
    size_t count = 0;
    for (size_t i = 0; i < reader->bytes.length; i++)
        count += reader->bytes.data[i] == '\0';
    return count == reader->field_count;
}

static enum csv_result record_check(struct parser *parser, bool at_end, struct error *error)
{
    struct csv_reader *reader = parser->reader;
    if (ferror(reader->stream)) {
        (void)error_set(error, ERROR_SYSTEM, "line %" PRId64 ": cannot be read", reader->line);
        return CSV_FAILED;
    }
    if (text_overflowed(&reader->bytes)) {
        (void)error_set(error, ERROR_INPUT,
                        "line %" PRId64 ": more than %d octets before it ends; is a quote missing?",
                        reader->line, CSV_RECORD_MAXIMUM);
        return CSV_FAILED;
    }
    if (parser->in_quotes && at_end) {
        (void)error_set(error, ERROR_INPUT, "a quote is not closed; add it");
        return CSV_MALFORMED;
    }
    if (parser->is_broken) {
        (void)error_set(error, ERROR_INPUT,
                        "text behind a closing quote, or more than %d columns; double a quote that "
                        "belongs to the text",
                        CSV_FIELDS_MAXIMUM);
        return CSV_MALFORMED;
    }
    if (!fields_are_whole(reader)) {
        (void)error_set(error, ERROR_INPUT, "a NUL character; remove it");
        return CSV_MALFORMED;
    }
    return CSV_RECORD;
}

/* Fields are converted one by one where any is no UTF-8: offsets move. */
static void fields_convert(struct csv_reader *reader)
{
    struct text converted;
    if (utf8_is_valid(reader->bytes.data, reader->bytes.length))
        return;
    text_init(&converted, 4 * (size_t)CSV_RECORD_MAXIMUM);
    for (size_t i = 0; i < reader->field_count; i++) {
        const char *field = reader->bytes.data + reader->fields[i];
        size_t length = strlen(field);
        reader->fields[i] = converted.length;
        if (utf8_is_valid(field, length))
            text_append_bytes(&converted, field, length);
        else
            utf8_append_windows1252(&converted, field, length);
        text_append_character(&converted, '\0');
    }
    text_release(&reader->bytes);
    converted.maximum = CSV_RECORD_MAXIMUM;
    reader->bytes = converted;
}

/* A byte order mark as a whole; what only begins like one belongs to the first field. */
static void mark_skip(struct csv_reader *reader)
{
    static const char mark[] = { '\xEF', '\xBB', '\xBF' };
    size_t count = 0;
    while (count < sizeof mark && peek(reader) == (unsigned char)mark[count]) {
        (void)take(reader);
        count++;
    }
    if (count < sizeof mark)
        text_append_bytes(&reader->bytes, mark, count);
}

enum csv_result csv_read(struct csv_reader *reader, struct error *error)
{
    struct parser parser = { .reader = reader };
    enum outcome outcome = OUTCOME_GOES_ON;
    int c = EOF;
    text_clear(&reader->bytes);
    reader->field_count = 0;
    if (reader->next_line == 1)
        mark_skip(reader);
    do {
        reader->line = reader->next_line;
        outcome = OUTCOME_GOES_ON;
        while (outcome == OUTCOME_GOES_ON && !text_overflowed(&reader->bytes) &&
               (c = take(reader)) != EOF) {
            if (parser.in_quotes)
                quoted_character(&parser, c);
            else
                outcome = plain_character(&parser, c);
        }
    } while (outcome == OUTCOME_RECORD_ENDS && !parser.has_any && reader->bytes.length == 0);
    if (c == EOF && !parser.has_any && reader->bytes.length == 0 && !ferror(reader->stream))
        return CSV_END;
    field_end(&parser);
    enum csv_result result = record_check(&parser, c == EOF, error);
    if (result == CSV_RECORD) {
        fields_convert(reader);
        if (reader->separator == '\0')
            reader->separator = ',';
    }
    return result;
}

const char *csv_field(const struct csv_reader *reader, size_t index)
{
    if (index >= reader->field_count)
        return "";
    char *field = reader->bytes.data + reader->fields[index];
    while (isspace((unsigned char)*field))
        field++;
    size_t length = strlen(field);
    while (length && isspace((unsigned char)field[length - 1]))
        field[--length] = '\0';
    return csv_unguarded(field);
}
