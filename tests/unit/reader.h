/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_READER_H
#define TESTS_UNIT_READER_H

#include "html/html.h"
#include "intake/intake.h"
#include "intake/reader.h"
#include "rich_text/rich_text.h"

/* Reads texts in this process, for tests of what stands around reading. */
static inline bool reader_here_open(struct intake_reader *reader, bool has_words,
                                    struct error *error)
{
    (void)reader;
    (void)has_words;
    (void)error;
    return true;
}

static inline bool reader_here_read(struct intake_reader *reader, struct arena *arena,
                                    const struct intake_source *source, struct intake_text *text,
                                    struct intake_problem_list *problems, struct error *error)
{
    (void)reader;
    (void)error;
    *text = (struct intake_text){ .release = NULL };
    struct intake_source here = *source;
    here.html = &html_reader;
    here.rich_text = &rich_text_reader;
    intake_read_source(arena, &here, text, problems);
    return true;
}

static inline void reader_here_close(struct intake_reader *reader)
{
    (void)reader;
}

static struct intake_reader reader_here = { .open = reader_here_open,
                                            .read = reader_here_read,
                                            .close = reader_here_close };

#endif
