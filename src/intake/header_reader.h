/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HEADER_READER_H
#define INTAKE_HEADER_READER_H

#include "intake/header.h"
#include "intake/header_key.h"
#include "intake/problem.h"

/* Inside intake/ only: what header.c and header_flow.c share. */

struct header_line {
    const char *text; /* behind its indentation */
    size_t length;    /* without white space at its end */
    int indent;       /* columns */
    int number;       /* in its file */
};

/* The key of a line, and what stands behind it. */
struct header_written_key {
    const char *written;
    struct header_key key;
    const char *value;
    size_t value_length;
};

/* A key that is no field. It is reported when all is read, because only then the language of the
 * header is known. */
struct header_unknown_key {
    const char *written;
    int line;
    const char *const *names; /* that it could be */
    struct header_key key;
    struct header_unknown_key *next;
};

struct header_reader {
    struct intake_reading *reading;
    const char *end; /* of all bytes */
    struct header_line *lines;
    size_t count;
    size_t next;
    struct header_unknown_key *unknown_keys;
    size_t unknown_key_count;
};

/* ---- lines (header_line.c) ---- */

/* False where there are too many. */
bool header_split_lines(struct header_reader *reader, const char *bytes, size_t length, int number);

/* A sidecar may begin and end as a document of YAML does: passes over the marks. */
void header_drop_marks(struct header_reader *reader);

bool header_is_comment(const struct header_line *line);

/* The next line that says something; NULL at the end. */
struct header_line *header_peek(struct header_reader *reader);

/* Passes over what is further in than column. */
void header_skip_deeper(struct header_reader *reader, int column);

/* "- " and what word processors make of it: how far behind it the item begins; 0: it is no item. */
size_t header_item_mark(const struct header_line *line);

void header_refuse(struct header_reader *reader, int line, enum intake_message_id id, const char *a,
                   const char *b, const char *c);

/* A whole line, or more, cannot be understood. */
void header_refuse_lines(struct header_reader *reader, int line, enum intake_message_id id,
                         const char *a);

void header_refuse_line(struct header_reader *reader, const struct header_line *line);

/* The same of a line without a key; where it begins with one, its colon is missing. */
void header_refuse_keyless(struct header_reader *reader, const char *const *names,
                           const struct header_line *line);

/* ---- keys (header_entry.c) ---- */

/* The key of a line: before its first colon that white space follows, or before any where that is a
 * field ("title:x"). False: the line has none. */
bool header_split_key(const struct header_reader *reader, const char *const *names,
                      const struct header_line *line, struct header_written_key *result);

/* Whether a line below a key begins a field rather than a text. names NULL: there are none. */
bool header_begins_field(const struct header_reader *reader, const char *const *names,
                         const struct header_line *line);

/* The entry for a written key of the mapping, hung into it; NULL where it is no field, is passed
 * over or stands there already: its value is then to be skipped. */
struct header_node *header_entry(struct header_reader *reader, struct header_node *mapping,
                                 const char *const *names, const char *written, int line);

struct header_node *header_append(struct header_reader *reader, struct header_node *parent,
                                  int line);

/* Refuses the keys that were no fields, in the language of those that are. */
void header_report_unknown_keys(struct header_reader *reader, const struct header_node *root);

/* ---- brackets (header_flow.c) ---- */

/* A value in brackets at text, which stands in the line reader->next - 1 and goes on below it
 * shown: how its field is called there; parent: our name of it, NULL for the whole
 * header. */
void header_read_flow(struct header_reader *reader, struct header_node *node, const char *shown,
                      const char *parent, const char *text);

#endif
