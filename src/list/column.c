/* SPDX-License-Identifier: MIT */
#include "list/column.h"

#include "base/error.h"
#include "base/nearest.h"
#include "base/printable.h"
#include "list/column_guess.h"
#include "list/column_map.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* What the header line comes to. */
struct header {
    struct list_reader *reader;
    struct string_builder near; /* "status" is called state here, … */
    size_t near_count;
    const char *near_name; /* the first of them */
    const char *near_key;  /* NULL: another column is that already */
    const char *program;   /* that writes such columns, as --from calls it; NULL: many do */
    struct string_builder left_out; /* "Company", "Phone" */
    size_t left_out_count;
};

/* ---- another program's ---- */

static void program_find(struct header *header)
{
    const struct csv_reader *csv = &header->reader->csv;
    for (size_t i = 0; i < csv->field_count && !header->program; i++)
        header->program = column_guess_program(csv_field(csv, i));
}

static void program_append(const struct header *header, struct string_builder *advice)
{
    if (header->program)
        string_builder_append_format(advice, "; if %s wrote the file, give --from %s",
                                     header->program, header->program);
}

/* ---- one column ---- */

/* False where nobody knows the name. */
static bool key_find(const struct header *header, const char *name, int *key)
{
    if (column_map_find(&header->reader->settings, name, key))
        return true;
    *key = column_key(name);
    if (*key < 0 && column_guess_is_address(header->reader->settings.phrases, name))
        *key = LIST_ADDRESS;
    return *key >= 0;
}

static bool key_take(struct header *header, int key, size_t column, struct error *error)
{
    struct list_reader *reader = header->reader;
    if (key == COLUMN_LEFT_OUT)
        return true;
    if (reader->position[key] < 0) {
        reader->position[key] = (int)column;
        return true;
    }
    struct string_builder names;
    const char *first = csv_field(&reader->csv, (size_t)reader->position[key]);
    const char *second = csv_field(&reader->csv, column);
    string_builder_init(&names, 0);
    column_name_append(&names, 0, first);
    string_builder_append(&names, " and ");
    column_name_append(&names, 0, second);
    string_builder_append_format(
        &names, ", columns %d and %zu, are both called %s here; take one of them out%s",
        reader->position[key] + 1, column + 1, list_keys[key],
        column_name_is(first, second) ? "" : ", with --map NAME=none or in the file");
    program_append(header, &names);
    (void)error_set_at(error, ERROR_INPUT, reader->csv.line, "%s", names.data);
    string_builder_release(&names);
    return false;
}

/* key: what the column may be; perhaps another column is that already. */
static void near_add(struct header *header, const char *name, int key)
{
    const struct list_reader *reader = header->reader;
    bool is_taken = reader->position[key] >= 0;
    if (header->near_count == 0) {
        header->near_name = name;
        header->near_key = is_taken ? NULL : list_keys[key];
    }
    column_name_append(&header->near, header->near_count, name);
    if (header->near_count++ >= COLUMN_NAMES_SHOWN)
        return;
    string_builder_append_format(
        &header->near, is_taken ? " may be meant for %s too, beside " : " is called %s here",
        list_keys[key]);
    if (is_taken)
        column_name_append(&header->near, 0,
                           csv_field(&reader->csv, (size_t)reader->position[key]));
}

/* Takes a column whose name is plainly one of ours. One without a name is no column; cells_fit()
 * refuses cells below it. */
static bool column_take(struct header *header, size_t column, struct error *error)
{
    const char *name = csv_field(&header->reader->csv, column);
    int key = COLUMN_LEFT_OUT;
    header->reader->is_unnamed[column] = *name == '\0';
    if (*name == '\0')
        return true;
    header->reader->column_count = column + 1;
    return !key_find(header, name, &key) || key_take(header, key, column, error);
}

/* Judges a column that column_take() did not take: its name is near to one of ours, or it is left
 * out. */
static void column_judge(struct header *header, size_t column)
{
    const char *name = csv_field(&header->reader->csv, column);
    int key = COLUMN_LEFT_OUT;
    if (*name == '\0' || key_find(header, name, &key))
        return;
    key = column_guess_key(header->reader->settings.phrases, name);
    if (key >= 0)
        near_add(header, name, key);
    else
        column_name_append(&header->left_out, header->left_out_count++, name);
}

/* ---- the line ---- */

/* Appends the option as it has to be typed in a shell. */
static void map_append(struct string_builder *text, const char *name, const char *meaning)
{
    bool is_word = true;
    for (const char *c = name; *c && is_word; c++)
        is_word = isalnum((unsigned char)*c) || *c == '_' || *c == '-' || *c == '.';
    string_builder_append(text, is_word ? "--map " : "--map \"");
    printable_append(text, name, strlen(name), false);
    string_builder_append_format(text, is_word ? "=%s" : "=%s\"", meaning);
}

static bool near_refuse(const struct header *header, struct error *error)
{
    struct string_builder advice;
    string_builder_init(&advice, 0);
    string_builder_append(&advice,
                          header->near_count == 1 ? "rename the column" : "rename each column");
    if (header->near_key) {
        string_builder_append(&advice, ", or say what it is with ");
        map_append(&advice, header->near_name, header->near_key);
    }
    string_builder_append(&advice, ", or leave it out with ");
    map_append(&advice, header->near_name, COLUMN_MEANING_NONE);
    program_append(header, &advice);
    (void)error_set_at(error, ERROR_INPUT, header->reader->csv.line, "%s" ERROR_ADVICE "%s",
                       header->near.data, advice.data);
    string_builder_release(&advice);
    return false;
}

static bool address_refuse(const struct list_reader *reader, struct error *error)
{
    for (size_t i = 0; i < reader->csv.field_count; i++)
        if (strchr(csv_field(&reader->csv, i), '@'))
            return error_set_at(error, ERROR_INPUT, reader->csv.line,
                                "no column is called address" ERROR_ADVICE "this line is a person "
                                "already: write a line before it that says address");
    return error_set_at(error, ERROR_INPUT, reader->csv.line,
                        "no column is called address" ERROR_ADVICE "the first line names the "
                        "columns");
}

static void left_out_note(const struct header *header)
{
    const struct list_reader *reader = header->reader;
    struct string_builder note;
    if (!header->left_out_count || !reader->settings.note)
        return;
    string_builder_init(&note, 0);
    string_builder_append_format(&note, "%s %s left out; columns that count are called",
                                 header->left_out.data, header->left_out_count == 1 ? "is" : "are");
    for (int key = 0; key < LIST_KEY_COUNT; key++)
        string_builder_append_format(&note, "%s %s", key ? "," : "", list_keys[key]);
    reader->settings.note(reader->settings.payload, reader->csv.line, note.data);
    string_builder_release(&note);
}

/* Some programs put quotes around whole lines that are split already; and databases part columns by
 * bars. */
static bool line_is_split(const struct list_reader *reader, struct error *error)
{
    const char *only = reader->csv.field_count == 1 ? csv_field(&reader->csv, 0) : "";
    if (strpbrk(only, ",;\t"))
        return error_set_at(error, ERROR_INPUT, reader->csv.line,
                            "the whole line stands in quotes, and is one column so" ERROR_ADVICE
                            "save the file anew with a cell for each column, or take the quotes "
                            "away");
    return !strchr(only, '|') ||
           error_set_at(error, ERROR_INPUT, reader->csv.line, CSV_IS_PARTED_BY_BARS);
}

static bool header_check(struct header *header, struct error *error)
{
    struct list_reader *reader = header->reader;
    if (!line_is_split(reader, error))
        return false;
    if (!column_maps_fit(&reader->settings, &reader->csv, error))
        return false;
    program_find(header);
    for (size_t i = 0; i < reader->csv.field_count; i++)
        if (!column_take(header, i, error))
            return false;
    for (size_t i = 0; i < reader->csv.field_count; i++)
        column_judge(header, i);
    if (header->near_count)
        return near_refuse(header, error);
    if (reader->position[LIST_ADDRESS] < 0)
        return address_refuse(reader, error);
    if (reader->settings.list_count && reader->position[LIST_FEEDS] < 0)
        return error_set_at(error, ERROR_INPUT, reader->csv.line,
                            "no column is called feeds, so that --map-list has "
                            "nothing to read" ERROR_ADVICE
                            "--map COLUMN=feeds says which one names the lists");
    left_out_note(header);
    return true;
}

bool columns_read(struct list_reader *reader, struct error *error)
{
    struct header header = { .reader = reader };
    if (!column_maps_check(&reader->settings, error))
        return false;
    enum csv_result result = csv_read(&reader->csv, error);
    if (result == CSV_END)
        return error_set(error, ERROR_INPUT,
                         "the file is empty" ERROR_ADVICE
                         "its first line names the columns, address first");
    if (result == CSV_MALFORMED)
        return error_prefix(error, "line %" PRId64, reader->csv.line);
    if (result == CSV_FAILED)
        return false;
    reader->header_line = reader->csv.line;
    string_builder_init(&header.near, 0);
    string_builder_init(&header.left_out, 0);
    bool done = header_check(&header, error);
    string_builder_release(&header.near);
    string_builder_release(&header.left_out);
    return done;
}

/* ---- records ---- */

static const char *separator_name(const struct csv_reader *csv)
{
    return csv->separator == ','   ? "a comma"
           : csv->separator == ';' ? "a semicolon"
                                   : "a separator";
}

/* "Berg, Anna <anna@example.org>" in two cells. */
static bool name_is_parted(const struct list_reader *reader)
{
    size_t column = (size_t)reader->position[LIST_ADDRESS];
    if (strchr(csv_field(&reader->csv, column), '@'))
        return false;
    while (++column < reader->csv.field_count) {
        const char *bracket = strchr(csv_field(&reader->csv, column), '<');
        if (bracket && strchr(bracket, '@') && bracket[strlen(bracket) - 1] == '>')
            return true;
    }
    return false;
}

/* Refuses a cell that stands under no column, because it was meant to be read, or a comma that is
 * not in quotes has moved it there from another one. */
static bool cells_fit(const struct list_reader *reader, struct error *error)
{
    for (size_t i = 0; i < reader->csv.field_count; i++) {
        const char *cell = i >= reader->column_count || reader->is_unnamed[i]
                               ? csv_field(&reader->csv, i)
                               : "";
        if (*cell && name_is_parted(reader))
            return error_set(error, ERROR_INPUT, CSV_NAME_HAS_SEPARATOR);
        if (*cell)
            return error_set(error, ERROR_INPUT,
                             "\"%.40s\" stands under no column" ERROR_ADVICE
                             "name the column in line %" PRId64
                             ", or put quotes around text that has %s in it",
                             cell, reader->header_line, separator_name(&reader->csv));
    }
    return true;
}

bool record_is_alone(const struct csv_reader *csv, int column, struct error *error)
{
    return !csv_holds_record(csv, (size_t)column) ||
           error_set(error, ERROR_INPUT,
                     "a quote is missing, or one too many: what stands up to line %" PRId64
                     " is one line so, with other people's in it",
                     csv->next_line - 1);
}

enum list_result record_read(struct list_reader *reader, struct error *error)
{
    enum csv_result result = csv_read(&reader->csv, error);
    bool has_cells = result == CSV_RECORD || result == CSV_MALFORMED;
    for (int key = 0; key < LIST_KEY_COUNT && has_cells; key++)
        if (reader->position[key] >= 0)
            reader->raw[key] = csv_field(&reader->csv, (size_t)reader->position[key]);
    switch (result) {
    case CSV_RECORD:
        return record_is_alone(&reader->csv, reader->position[LIST_ADDRESS], error) &&
                       cells_fit(reader, error)
                   ? LIST_RECORD
                   : LIST_MALFORMED;
    case CSV_END:
        return LIST_END;
    case CSV_MALFORMED:
        return LIST_MALFORMED;
    case CSV_FAILED:
        break;
    }
    return LIST_FAILED;
}
