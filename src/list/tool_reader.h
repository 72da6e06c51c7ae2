/* SPDX-License-Identifier: MIT */
#ifndef LIST_TOOL_READER_H
#define LIST_TOOL_READER_H

#include "base/string_builder.h"
#include "list/csv.h"
#include "list/lines.h"
#include "list/tool.h"

/* Inside list/ only, for the files tool_*.c: what reading the export of one program needs.
 *
 * No program's word that somebody takes part is a consent: a record is confirmed only where the
 * file tells when the person confirmed. Its state is left open otherwise, with what the file does
 * tell as the evidence. */

struct list_tool {
    const char *name;  /* as --from has it */
    const char *title; /* as its makers write it */
    bool is_table;     /* csv reads it, else lines */
    /* Reads what stands before the first record; ERROR_INPUT refuses the file. */
    bool (*begin)(struct list_tool_reader *reader, struct error *error);
    /* Reads the next record into values, all of which are empty before. */
    enum list_result (*next)(struct list_tool_reader *reader, struct error *error);
};

/* Columns of one program beyond those that are keys of ours. */
enum { LIST_TOOL_COLUMNS_OWN = 16, LIST_TOOL_COLUMNS = LIST_KEY_COUNT + LIST_TOOL_COLUMNS_OWN };

/* Of a program that writes a paragraph a person. */
struct list_paragraph {
    char date[32];
    char reception[16];
    long bounce_score;
    bool is_suspended;
};

struct list_tool_reader {
    const struct list_tool *tool;
    struct list_settings settings;
    int64_t line;
    struct string_builder values[LIST_KEY_COUNT];
    struct csv_reader csv;           /* of a program that writes a table */
    int position[LIST_TOOL_COLUMNS]; /* of its columns; -1: no such column */
    struct list_lines lines;         /* of a program that writes lines */
    struct string_builder list;      /* the list whose people these are, where lines name it */
    bool is_left_out;                /* lines that follow are no people to take over */
    bool is_begun;                   /* a person was read */
    struct list_paragraph paragraph;
};

/* The programs. */
extern const struct list_tool list_tool_listmonk;
extern const struct list_tool list_tool_mailchimp;
extern const struct list_tool list_tool_mailman;
extern const struct list_tool list_tool_mlmmj;
extern const struct list_tool list_tool_sympa;

/* ---- tables (tool_table.c) ---- */

enum { LIST_TOOL_NO_USE = -1 }; /* the field of a column that is known and says nothing to us */

struct list_tool_column {
    const char *name;
    int field; /* a list_key, LIST_KEY_COUNT or more for one of the program's own */
};

/* Finds the columns (ended by one without a name) in the header line; what the operator says of a
 * column overrides it. Other columns are named in one note. */
bool list_tool_header_read(struct list_tool_reader *reader, const struct list_tool_column *columns,
                           struct error *error);

/* The next row of the table. */
enum list_result list_tool_row_read(struct list_tool_reader *reader, struct error *error);

/* The present row's cell, "" where there is no such column. */
const char *list_tool_cell(const struct list_tool_reader *reader, int field);

/* ---- lines (tool_lines.c) ---- */

/* ERROR_INPUT where the operator says what columns are. */
bool list_tool_columns_refuse(const struct list_tool_reader *reader, struct error *error);

/* begin and next of programs that write an address a line and nothing else. */
bool list_tool_lines_begin(struct list_tool_reader *reader, struct error *error);
enum list_result list_tool_lines_next(struct list_tool_reader *reader, struct error *error);

/* The next line that is no comment and no header line; it may be empty. */
enum list_result list_tool_line_read(struct list_tool_reader *reader, const char **line,
                                     struct error *error);

/* Takes the address of a line, with a name before or behind it: "a@b.example", "Name
 * <a@b.example>", "a@b.example Name". False (ERROR_INPUT) where none stands there, or several. */
bool list_tool_address_take(struct list_tool_reader *reader, const char *line, struct error *error);

/* ---- the record that is being read (tool_record.c) ---- */

void list_tool_set(struct list_tool_reader *reader, enum list_key key, const char *value);

/* Sets confirmed_at to a time as programs write it, in a form that list/when.h reads: also seconds
 * since 1970, and with the zone's name behind the offset (tool_time.c). A date of zeros is none. */
void list_tool_confirmed_set(struct list_tool_reader *reader, const char *time);

/* Appends to the evidence: first the program's title, then what its parts say, with a comma
 * between. Empty words are left out with what is said of them. */
void list_tool_evidence_add(struct list_tool_reader *reader, const char *what, const char *word);

/* How many octets of a word are shown: a long one is cut, between characters. */
size_t list_tool_shown_length(const char *word);

void list_tool_note(const struct list_tool_reader *reader, int64_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- their lists, our feeds (tool_feeds.c) ---- */

/* Of a file that names no list: everybody in it is on the one that the operator names. Notes where
 * none is named; ERROR_INPUT where there are several. */
bool list_tool_feeds_check(const struct list_tool_reader *reader, struct error *error);

/* The same of a table, which may have a column of lists. */
bool list_tool_lists_check(const struct list_tool_reader *reader, struct error *error);

/* Adds a feed, once. */
void list_tool_feed_add(struct list_tool_reader *reader, const char *feed);

/* Sets the feeds of a record of such a file. */
void list_tool_feeds_set_all(struct list_tool_reader *reader);

/* Sets the feeds of a record that names its lists or tags, a comma between, each in quotes or not.
 * ERROR_INPUT where the operator names lists and the record is on none of them. */
bool list_tool_feeds_set(struct list_tool_reader *reader, const char *names, struct error *error);

#endif
