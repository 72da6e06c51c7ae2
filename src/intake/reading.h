/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READING_H
#define INTAKE_READING_H

#include <stdbool.h>

struct arena;
struct confined_function;
struct error;
struct intake_mention;
struct intake_problem_list;
struct intake_source;
struct language_words;
struct release;

/* Who reads texts: a confined process, or a replacement in tests. */

/* How many texts may be in the reader at the same time. */
enum { INTAKE_TEXTS_AHEAD = 16 };

/* What was read of a text, in the arena given for it. */
struct intake_text {
    struct release *release; /* NULL: its reader came to no end */
    struct intake_mention *mentions;
};

/* Who reads the texts of releases. Texts are strangers' bytes: the program has them read in a
 * process of its own (intake_reader_new()); tests may put another in its place. */
struct intake_reader {
    /* Starts the reader unless it is started. ERROR_USAGE where texts cannot be read safely,
     * ERROR_SYSTEM. has_words: whether source->words is set in the texts to be read. */
    bool (*open)(struct intake_reader *reader, bool has_words, struct error *error);

    /* Begins to read without waiting, so that the caller can do something else; read() with the
     * same source then waits for the rest. Texts are begun in the order in which they are read.
     * True: it has begun, now or before, and the next one may. The reader must be open. NULL: it
     * cannot. */
    bool (*begin)(struct intake_reader *reader, struct intake_source *source);

    /* intake_read_source() elsewhere, opened where it is not. A text that its reader does not
     * survive is refused, in problems, and text->release is NULL. False for what open() fails
     * with. */
    bool (*read)(struct intake_reader *reader, struct arena *arena,
                 const struct intake_source *source, struct intake_text *text,
                 struct intake_problem_list *problems, struct error *error);

    /* Frees what open() took, at the end of a run. */
    void (*rest)(struct intake_reader *reader);
};

/* What is the same for all texts; all borrowed. A source that is read has the same, or NULL. */
struct intake_reader_settings {
    const char *timezone;
    const char *language;               /* site.language */
    const char *publisher;              /* NULL: unknown */
    const struct language_words *words; /* opened when a text is read that asks for them */
};

/* Reads in a confined process (confined/confined.h), which is started with the first text and ended
 * by rest().
 *
 * What that protects: a text that takes over its reader can open, send and change nothing, and
 * knows no key, no address and no other text than those that are read in the same process after it.
 * Those it could still read, and lie about, their embargo included. So as few as can be are: a
 * process of a run's first texts reads one alone, as nearly every run has no more; later ones, in a
 * great import, share one in small groups; and a text that may speak of an embargo, by its bytes,
 * or whose bytes cannot be looked through, is always the first of a new process. What is left: in
 * one group of a large import a text can falsify those behind it that nothing in their bytes calls
 * embargoed, such as one to come by its date alone. */
struct intake_reader *intake_reader_new(const struct intake_reader_settings *settings);

/* Ends its process. Takes NULL. */
void intake_reader_free(struct intake_reader *reader);

/* The function "text", for cli/ to register. */
extern const struct confined_function intake_text_confined;

#endif
