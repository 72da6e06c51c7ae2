/* SPDX-License-Identifier: MIT */
#include "intake/note.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "intake/drop_parts.h"
#include "intake/intake.h"
#include "locale/locale.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first line of every note: only what begins with it is ours to replace or remove. */
#define MARK "-- pressroom --\n"

enum { NOTE_MAXIMUM = 256 * 1024 };

/* Where the problem is, and what. */
static const char *compose_line(const struct intake_wording *wording, const char *file,
                                const struct intake_problem *problem, struct arena *arena)
{
    bool is_elsewhere = strcmp(problem->file, file) != 0;
    const char *text = intake_message_show(&problem->message, wording, arena);
    enum intake_message_id id = !is_elsewhere   ? INTAKE_MESSAGE_AT_LINE
                                : problem->line ? INTAKE_MESSAGE_AT_FILE_LINE
                                                : INTAKE_MESSAGE_AT_FILE;
    if (!is_elsewhere && !problem->line)
        return text;
    return strings_format(arena, intake_message_pattern(id, wording), "file", problem->file, "line",
                          arena_format(arena, "%d", problem->line), "text", text, NULL);
}

const char *note_lines(const struct intake_wording *wording, const char *file,
                       const struct intake_problem_list *problems, enum intake_severity least,
                       enum intake_severity most, struct arena *arena)
{
    const char *lines = NULL;
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next) {
        if (problem->severity < least || problem->severity > most)
            continue;
        const char *line = compose_line(wording, file, problem, arena);
        lines = lines ? arena_format(arena, "%s\n%s", lines, line) : line;
    }
    return lines ? lines : "";
}

/* Each line indented. */
static void append_lines(struct string_builder *text, const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        string_builder_append_format(text, "  %.*s\n", (int)length, lines);
        lines += length + (lines[length] != '\0');
    }
}

enum note_frame note_frame_of(enum intake_severity severity)
{
    return severity == INTAKE_REFUSED   ? NOTE_REFUSED
           : severity == INTAKE_WARNING ? NOTE_WARNING
                                        : NOTE_NOTICE;
}

static void compose(struct string_builder *text, const struct intake_wording *wording,
                    const struct note *note)
{
    static const enum intake_message_id begins[] = {
        [NOTE_NOTICE] = INTAKE_MESSAGE_FILE_NOTICE,   [NOTE_WARNING] = INTAKE_MESSAGE_FILE_WARNING,
        [NOTE_REFUSED] = INTAKE_MESSAGE_FILE_REFUSED, [NOTE_GONE] = INTAKE_MESSAGE_FILE_GONE,
        [NOTE_STRAY] = INTAKE_MESSAGE_FILE_STRAY,     [NOTE_MANY] = INTAKE_MESSAGE_FILE_MANY
    };

    static const enum intake_message_id ends[] = { [NOTE_NOTICE] = INTAKE_MESSAGE_FILE_NOTICE_END,
                                                   [NOTE_WARNING] = INTAKE_MESSAGE_FILE_WARNING_END,
                                                   [NOTE_REFUSED] = INTAKE_MESSAGE_FILE_REFUSED_END,
                                                   [NOTE_GONE] = INTAKE_MESSAGE_FILE_GONE_END,
                                                   [NOTE_STRAY] = INTAKE_MESSAGE_FILE_STRAY_END,
                                                   [NOTE_MANY] = INTAKE_MESSAGE_FILE_MANY_END };
    struct arena arena = { 0 };
    string_builder_append(text, MARK);
    string_builder_append_format(
        text, "%s\n\n",
        strings_format(&arena, intake_message_pattern(begins[note->frame], wording), "file",
                       note->file, NULL));
    append_lines(text, note->words);
    string_builder_append_format(text, "\n%s\n",
                                 intake_message_pattern(ends[note->frame], wording));
    arena_release(&arena);
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
    return file_open_directory_beneath(directory, slash ? folder : ".");
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

bool note_write(const struct intake_settings *settings, const struct note *note,
                struct error *error)
{
    const struct intake_wording wording = intake_wording_of(settings, settings->language);
    struct string_builder text;
    struct string_builder present;
    const char *name;
    bool done = true;
    int folder = open_folder(settings->releases_directory, note->path, &name);
    if (folder < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "%s/%s", settings->releases_name,
                               note->path);
    string_builder_init(&text, NOTE_MAXIMUM);
    string_builder_init(&present, NOTE_MAXIMUM);
    compose(&text, &wording, note);
    enum note_state state = probe(folder, name, &present);
    if (state == NOTE_FOREIGN)
        done = error_set(error, ERROR_INPUT,
                         "%s/%s: is not one of pressroom's notes and is left alone" ERROR_ADVICE
                         "remove it",
                         settings->releases_name, note->path);
    else if (state == NOTE_ABSENT || strcmp(text.data, present.data) != 0)
        done = file_put_new(&(struct file_place){ .from = settings->state_directory,
                                                  .temporary = ".pressroom-note.tmp",
                                                  .folder = folder,
                                                  .name = name,
                                                  .fault = "ingest-note" },
                            text.data, text.length) ||
               error_set_errno(error, ERROR_SYSTEM, errno, "%s/%s", settings->releases_name,
                               note->path);
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

bool note_is_owed(const struct intake_settings *settings, const char *path,
                  const struct error *error)
{
    return error->kind == ERROR_SYSTEM && strlen(drop_base_name(path)) <= NAME_MAX &&
           faccessat(settings->releases_directory, ".", W_OK, AT_EACCESS) == 0;
}
