/* SPDX-License-Identifier: MIT */
#include "intake/note.h"

#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "intake/drop_directory.h"
#include "intake/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first line of every note: only what begins with it is ours to replace or remove. */
#define MARK "-- pressroom --\n"

enum { NOTE_MAXIMUM = 256 * 1024 };

/* The sentences around the problems. */
struct frame {
    const char *refused;
    const char *refused_end;
    const char *warning;
    const char *warning_end;
    const char *notice;
    const char *notice_end;
    const char *line;
};

static const struct frame english = {
    "has not been taken in. Something must be put right first:",
    "Correct it and save. pressroom then tries again by itself, and this note goes away.\n"
    "If an earlier text of it is public, that stays as it is until then.",
    "has been taken in, but something in it was left out or has no effect:",
    "Is that as you meant it, nothing more needs to be done. This note goes away when the file is\n"
    "changed and all is well; you may delete it.",
    "has been taken in. Please note:",
    "Nothing more needs to be done if that is right. You may delete this note.",
    "line"
};

static const struct frame danish = {
    "er ikke taget ind. Der er noget, der skal rettes først:",
    "Ret det, og gem filen. Så prøver pressroom igen af sig selv, og denne besked forsvinder.\n"
    "Er en tidligere tekst allerede offentlig, bliver den stående uændret så længe.",
    "er taget ind, men noget i den er udeladt eller uden virkning:",
    "Er det, som det skal være, skal der ikke gøres mere. Beskeden forsvinder, når filen er ændret\n"
    "og alt er i orden; den må gerne slettes.",
    "er taget ind. Bemærk:",
    "Er det rigtigt, skal der ikke gøres mere. Beskeden må gerne slettes.",
    "linje"
};

static void compose(struct string_builder *text, const struct drop_entry *entry,
                    const struct intake_problem_list *problems)
{
    const struct frame *frame = intake_message_is_danish(problems->language) ? &danish : &english;
    const char *file = entry->text ? entry->text : entry->path;
    enum intake_severity least = problems->refused ? INTAKE_REFUSED : INTAKE_NOTICE;
    const char *begin = problems->refused    ? frame->refused
                        : problems->warnings ? frame->warning
                                             : frame->notice;
    const char *end = problems->refused    ? frame->refused_end
                      : problems->warnings ? frame->warning_end
                                           : frame->notice_end;
    string_builder_append(text, MARK);
    string_builder_append_format(text, "“%s” %s\n\n", file, begin);
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next) {
        if (problem->severity < least)
            continue;
        string_builder_append(text, "  ");
        if (strcmp(problem->file, file) != 0)
            string_builder_append_format(text, "%s%s", problem->file, problem->line ? ", " : ": ");
        if (problem->line)
            string_builder_append_format(text, "%s %d: ", frame->line, problem->line);
        string_builder_append_format(text, "%s\n", problem->note);
    }
    string_builder_append_format(text, "\n%s\n", end);
}

/* The folder that a path of the drop directory lies in, and its name there. -1 on failure. */
static int open_folder(int directory, const char *path, const char **name)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    *name = slash ? slash + 1 : path;
    if (length >= sizeof folder)
        return -1;
    memcpy(folder, path, length);
    folder[length] = '\0';
    return openat(directory, slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

enum note_state { NOTE_ABSENT, NOTE_OURS, NOTE_FOREIGN };

/* What is at that name; the text of a note of ours goes into *text. */
static enum note_state probe(int folder, const char *name, struct string_builder *text)
{
    struct stat status;
    struct error ignored;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return NOTE_ABSENT;
    if (!file_read_beneath(folder, name, text, &ignored) ||
        strncmp(text->data, MARK, strlen(MARK)) != 0)
        return NOTE_FOREIGN;
    return NOTE_OURS;
}

static bool write_new(int directory, const char *name, const struct string_builder *text)
{
    (void)unlinkat(directory, name, 0);
    int file = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0)
        return false;
    bool done = file_write_all(file, text->data, text->length);
    int saved = errno;
    bool closed = close(file) == 0;
    errno = done ? errno : saved;
    return done && closed;
}

/* Writes the note in state/ and renames it into place; where that is another file system, under a
 * hidden name in the folder. */
static bool put(int state, int folder, const char *name, const struct string_builder *text)
{
    static const char *const temporary = ".pressroom-note.tmp";
    if (write_new(state, temporary, text)) {
        fault_point("ingest-note");
        if (renameat(state, temporary, folder, name) == 0)
            return true;
        int saved = errno;
        (void)unlinkat(state, temporary, 0);
        errno = saved;
        if (saved != EXDEV)
            return false;
        if (write_new(folder, temporary, text) && renameat(folder, temporary, folder, name) == 0)
            return true;
        saved = errno;
        (void)unlinkat(folder, temporary, 0);
        errno = saved;
    }
    return false;
}

bool note_write(const struct intake_settings *settings, const struct drop_entry *entry,
                const struct intake_problem_list *problems, struct error *error)
{
    struct string_builder text;
    struct string_builder present;
    const char *name;
    bool done = true;
    int folder = open_folder(settings->releases_directory, entry->note, &name);
    if (folder < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "%s/%s", settings->releases_name,
                               entry->note);
    string_builder_init(&text, NOTE_MAXIMUM);
    string_builder_init(&present, NOTE_MAXIMUM);
    compose(&text, entry, problems);
    enum note_state state = probe(folder, name, &present);
    if (state == NOTE_FOREIGN)
        done = error_set(error, ERROR_INPUT,
                         "%s/%s: is not one of pressroom's notes and is left alone" ERROR_ADVICE
                         "remove it",
                         settings->releases_name, entry->note);
    else if (state == NOTE_ABSENT || strcmp(text.data, present.data) != 0)
        done = put(settings->state_directory, folder, name, &text) ||
               error_set_errno(error, ERROR_SYSTEM, errno, "%s/%s", settings->releases_name,
                               entry->note);
    string_builder_release(&text);
    string_builder_release(&present);
    (void)close(folder);
    return done;
}

bool note_remove(const struct intake_settings *settings, const char *path, struct error *error)
{
    struct string_builder present;
    const char *name;
    int folder = open_folder(settings->releases_directory, path, &name);
    if (folder < 0)
        return true; /* the folder is gone, and so is its note */
    string_builder_init(&present, NOTE_MAXIMUM);
    bool done = probe(folder, name, &present) != NOTE_OURS || unlinkat(folder, name, 0) == 0 ||
                error_set_errno(error, ERROR_SYSTEM, errno, "%s/%s", settings->releases_name, path);
    string_builder_release(&present);
    (void)close(folder);
    return done;
}
