/* SPDX-License-Identifier: MIT */
#include "list/csv.h"

#include "base/error.h"
#include "base/utf8.h"
#include "list/cell.h"
#include "list/csv_write.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

void csv_reader_init(struct csv_reader *reader, FILE *stream)
{
    static const char special[] = ",;\t\"\r\n";
    memset(reader->is_special, 0, sizeof reader->is_special);
    for (size_t i = 0; i < sizeof special; i++) /* NUL too */
        reader->is_special[(unsigned char)special[i]] = true;
    reader->separator = '\0';
    reader->line = 0;
    reader->next_line = 1;
    reader->field_count = 0;
    string_builder_init(&reader->bytes, CSV_RECORD_MAXIMUM);
    source_init(&reader->source, stream);
}

void csv_reader_release(struct csv_reader *reader)
{
    string_builder_release(&reader->bytes);
}

/* What became of one character. */
enum outcome { OUTCOME_GOES_ON, OUTCOME_RECORD_ENDS };

struct parser {
    struct csv_reader *reader;
    bool in_quotes;
    bool was_quoted;    /* this field, and its closing quote is behind us */
    bool is_broken;     /* text behind a closing quote, or too many fields */
    char behind_quote;  /* where that text begins; NUL: there is none */
    bool has_nul;       /* it would hide what follows it */
    bool has_any;       /* something stood in this record */
    size_t field_start; /* in bytes */
};

static void field_end(struct parser *parser)
{
    struct csv_reader *reader = parser->reader;
    string_builder_append_character(&reader->bytes, '\0');
    if (reader->field_count < CSV_FIELDS_MAXIMUM)
        reader->fields[reader->field_count++] = parser->field_start;
    else
        parser->is_broken = true;
    parser->field_start = reader->bytes.length;
    parser->was_quoted = false;
}

/* Appends what follows in the buffer up to the next special character: one piece instead of many.
 */
static void run_append(struct csv_reader *reader)
{
    struct source *source = &reader->source;
    size_t start = source->at;
    while (source->at < source->length &&
           !reader->is_special[(unsigned char)source->octets[source->at]])
        source->at++;
    string_builder_append_bytes(&reader->bytes, source->octets + start, source->at - start);
}

static void quoted_character(struct parser *parser, int c)
{
    struct csv_reader *reader = parser->reader;
    if (c != '"') {
        if (c == '\n')
            reader->next_line++;
        parser->has_nul = parser->has_nul || c == '\0';
        string_builder_append_character(&reader->bytes, (char)c);
        run_append(reader);
    } else if (source_peek(&reader->source) == '"') {
        (void)source_take(&reader->source);
        string_builder_append_character(&reader->bytes, '"');
    } else {
        parser->in_quotes = false;
        parser->was_quoted = true;
    }
}

static bool is_separator(const struct csv_reader *reader, int c)
{
    return reader->separator ? c == reader->separator : c == ',' || c == ';' || c == '\t';
}

/* From now on the other separators are ordinary characters. */
static void separator_set(struct csv_reader *reader, char separator)
{
    reader->is_special[','] = reader->is_special[';'] = reader->is_special['\t'] = false;
    reader->is_special[(unsigned char)separator] = true;
    reader->separator = separator;
}

static enum outcome plain_character(struct parser *parser, int c)
{
    struct csv_reader *reader = parser->reader;
    if (c == '\n' || c == '\r') {
        if (c == '\r' && source_peek(&reader->source) == '\n')
            (void)source_take(&reader->source);
        reader->next_line++;
        return OUTCOME_RECORD_ENDS;
    }
    parser->has_any = true;
    if (is_separator(reader, c)) {
        if (!reader->separator)
            separator_set(reader, (char)c);
        field_end(parser);
    } else if (c == '"' && reader->bytes.length == parser->field_start && !parser->was_quoted) {
        parser->in_quotes = true;
    } else {
        if (parser->was_quoted && c != ' ' && !parser->behind_quote) {
            parser->is_broken = true;
            parser->behind_quote = (char)c;
        }
        parser->has_nul = parser->has_nul || c == '\0';
        if (!parser->was_quoted) {
            string_builder_append_character(&reader->bytes, (char)c);
            run_append(reader);
        }
    }
    return OUTCOME_GOES_ON;
}

static enum csv_result record_check(struct parser *parser, bool at_end, struct error *error)
{
    struct csv_reader *reader = parser->reader;
    if (ferror(reader->source.stream)) {
        (void)error_set_at(error, ERROR_SYSTEM, reader->line, "cannot be read");
        return CSV_FAILED;
    }
    if (string_builder_overflowed(&reader->bytes)) {
        (void)error_set_at(error, ERROR_INPUT, reader->line,
                           "more than %d octets before it ends" ERROR_ADVICE "is a quote missing?",
                           CSV_RECORD_MAXIMUM);
        return CSV_FAILED;
    }
    if (parser->in_quotes && at_end) {
        (void)error_set(error, ERROR_INPUT, "a quote is not closed" ERROR_ADVICE "add it");
        return CSV_MALFORMED;
    }
    if (parser->is_broken) {
        if (parser->behind_quote == '<')
            (void)error_set(error, ERROR_INPUT, CSV_NAME_HAS_SEPARATOR);
        else if (parser->behind_quote == '|' && reader->separator == '\0')
            (void)error_set(error, ERROR_INPUT, CSV_IS_PARTED_BY_BARS);
        else
            (void)error_set(error, ERROR_INPUT,
                            "text behind a closing quote, or more than %d columns" ERROR_ADVICE
                            "double a quote that belongs to the text",
                            CSV_FIELDS_MAXIMUM);
        return CSV_MALFORMED;
    }
    if (parser->has_nul) {
        (void)error_set(error, ERROR_INPUT,
                        "a NUL or a broken character" ERROR_ADVICE "write the line anew");
        return CSV_MALFORMED;
    }
    return CSV_RECORD;
}

/* Fields are converted one by one where any is no UTF-8: offsets move. */
static void fields_convert(struct csv_reader *reader)
{
    struct string_builder converted;
    if (utf8_is_valid(reader->bytes.data, reader->bytes.length))
        return;
    string_builder_init(&converted, 4 * (size_t)CSV_RECORD_MAXIMUM);
    for (size_t i = 0; i < reader->field_count; i++) {
        const char *field = reader->bytes.data + reader->fields[i];
        size_t length = strlen(field);
        reader->fields[i] = converted.length;
        if (utf8_is_valid(field, length))
            string_builder_append_bytes(&converted, field, length);
        else
            utf8_append_windows1252(&converted, field, length);
        string_builder_append_character(&converted, '\0');
    }
    string_builder_release(&reader->bytes);
    converted.maximum = CSV_RECORD_MAXIMUM;
    reader->bytes = converted;
}

/* "sep=;" as spreadsheets write it before all else: it is no record. */
static void separator_line_take(struct csv_reader *reader)
{
    static const char separators[] = ",;\t|";
    struct source *source = &reader->source;
    const char *octets = source->octets + source->at;
    size_t length = source->length - source->at;
    size_t quote = length && octets[0] == '"';
    size_t end = quote + strlen("sep=") + 1;
    if (length < end || strncasecmp(octets + quote, "sep=", strlen("sep=")) != 0 ||
        !memchr(separators, octets[end - 1], sizeof separators - 1) ||
        (quote && (length == end || octets[end] != '"')))
        return;
    char separator = octets[end - 1];
    end += quote;
    if (length > end && octets[end] != '\r' && octets[end] != '\n')
        return;
    if (length > end)
        end += length > end + 1 && octets[end] == '\r' && octets[end + 1] == '\n' ? 2 : 1;
    separator_set(reader, separator);
    source->at += end;
    reader->next_line++;
}

static bool is_blank(const struct csv_reader *reader)
{
    for (size_t i = 0; i < reader->field_count; i++)
        if (*csv_field(reader, i))
            return false;
    return true;
}

static enum csv_result record_read(struct csv_reader *reader, struct error *error)
{
    struct parser parser = { .reader = reader };
    enum outcome outcome = OUTCOME_GOES_ON;
    int c = EOF;
    string_builder_clear(&reader->bytes);
    reader->field_count = 0;
    reader->line = reader->next_line;
    while (outcome == OUTCOME_GOES_ON && !string_builder_overflowed(&reader->bytes) &&
           (c = source_take(&reader->source)) != EOF) {
        if (parser.in_quotes)
            quoted_character(&parser, c);
        else
            outcome = plain_character(&parser, c);
    }
    if (c == EOF && !parser.has_any && !ferror(reader->source.stream))
        return CSV_END;
    field_end(&parser);
    enum csv_result result = record_check(&parser, c == EOF, error);
    /* Of a malformed record too, because list_reader_next() takes what can be read of it. */
    if (result == CSV_RECORD || result == CSV_MALFORMED)
        fields_convert(reader);
    return result;
}

enum csv_result csv_read(struct csv_reader *reader, struct error *error)
{
    enum csv_result result;
    if (reader->source.kind == SOURCE_WORKBOOK) {
        (void)error_set(error, ERROR_INPUT,
                        "this is a spreadsheet's own file" ERROR_ADVICE
                        "save it as CSV (UTF-8) there, and give "
                        "that");
        return CSV_FAILED;
    }
    if (reader->next_line == 1)
        separator_line_take(reader);
    do
        result = record_read(reader, error);
    while (result == CSV_RECORD && is_blank(reader));
    if (result == CSV_RECORD && reader->separator == '\0')
        separator_set(reader, ',');
    return result;
}

const char *csv_field(const struct csv_reader *reader, size_t index)
{
    if (index >= reader->field_count)
        return "";
    size_t end = index + 1 < reader->field_count ? reader->fields[index + 1] : reader->bytes.length;
    char *cell = reader->bytes.data + reader->fields[index];
    /* Most cells need no trimming, which their first and last character show at once. */
    if (*cell == '\0' || (cell_shows(*cell) && cell_shows(reader->bytes.data[end - 2]))) {
        return *cell == '\'' ? csv_unguarded(cell) : cell;
    }
    return csv_unguarded(cell_trim(cell));
}

/* ---- a quote that is missing ---- */

static bool cell_is_address(const char *cell, size_t length)
{
    const char *at = memchr(cell, '@', length);
    const char *bracket = memchr(cell, '<', length);
    while (length && strchr(" \t\r", cell[length - 1]))
        length--;
    while (length && *cell == ' ') {
        cell++;
        length--;
    }
    return at && (bracket || !memchr(cell, ' ', length));
}

/* line: up to its end. Where the quotes end in the column in which they began, as many cells stand
 * before it; a text that has an address and a comma has fewer. */
static bool line_is_record(const struct csv_reader *reader, size_t column, size_t cells_before,
                           const char *line, size_t length)
{
    const char *end = line + length;
    size_t separators = 0;
    for (size_t i = 0; i < length; i++)
        separators += line[i] == reader->separator;
    if (separators == 0 || separators < cells_before)
        return false;
    for (;; column--) {
        const char *next = memchr(line, reader->separator, (size_t)(end - line));
        size_t cell = (size_t)((next ? next : end) - line);
        if (column == 0)
            return cell_is_address(line, cell);
        if (!next)
            return false;
        line = next + 1;
    }
}

bool csv_holds_record(const struct csv_reader *reader, size_t column)
{
    if (reader->next_line - reader->line < 2)
        return false;
    for (size_t i = 0; i < reader->field_count; i++) {
        const char *line = strchr(csv_field(reader, i), '\n');
        while (line) {
            const char *next = strchr(++line, '\n');
            if (line_is_record(reader, column, i, line,
                               next ? (size_t)(next - line) : strlen(line)))
                return true;
            line = next;
        }
    }
    return false;
}
