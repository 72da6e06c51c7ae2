/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/explain.h"
#include "cli/share_directory.h"
#include "cli/terminal.h"
#include "config/config.h"
#include "inbound/reading.h"
#include "locale/mail_phrases.h"
#include "mime/mime.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* `collect --explain`: what would be understood of a message, and by which rule. Nothing is
 * recorded, removed or made: not even a key where there is none yet. */
struct explaining {
    struct command_context *context;
    struct inbound_context reading;
    struct token_keys *keys;      /* NULL: no newsroom, or one that mailed nobody yet */
    struct mail_phrases *phrases; /* without a newsroom: those of the share folder */
    const char **names;
    size_t count;
    size_t capacity;
    size_t at;     /* of the next to be read */
    json_t *array; /* NULL: for people */
    size_t unread;
};

/* ---- the newsroom, where there is one ---- */

static bool open_keys(struct explaining *explaining, struct error *error)
{
    const char *path = file_join(explaining->context->arena, explaining->context->directory,
                                 "state");
    int state = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (state < 0)
        return true;
    bool is_there = faccessat(state, "secret.key", F_OK, 0) == 0;
    if (is_there)
        explaining->keys = token_keys_open(state, error);
    (void)close(state);
    return !is_there || explaining->keys;
}

static bool open_phrases(struct explaining *explaining, struct inbound_settings *settings,
                         struct error *error)
{
    struct command_context *context = explaining->context;
    const char *share = context->config ? NULL : share_directory(context->arena, error);
    if (!context->config && !share)
        return false;
    if (share)
        explaining->phrases = config_shipped_phrases(context->arena, share);
    settings->phrases = share ? explaining->phrases : context->config->phrases;
    return mail_phrases_open(settings->phrases, error);
}

/* False: logged; *code says how the command ends. */
static bool open_context(struct explaining *explaining, int *code)
{
    struct command_context *context = explaining->context;
    const char *path = file_join(context->arena, context->directory, "newsroom.yaml");
    struct inbound_settings settings = { .replies = "nobody@newsroom.invalid",
                                         .bounces = "nobody@newsroom.invalid",
                                         .delimiter = "+" };
    struct error error;
    *code = EXIT_UNUSABLE;
    if (access(path, F_OK) == 0) {
        if (!context_open_config(context))
            return false;
        settings.replies = context->config->mail.replies;
        settings.bounces = context->config->message_source.bounces;
        settings.delimiter = context->config->mail.delimiter;
        settings.from = context->config->mail.from_address;
        settings.words = context->config->words;
        if (!open_keys(explaining, &error)) {
            *code = context_fail(context, &error);
            return false;
        }
    }
    if (open_phrases(explaining, &settings, &error) &&
        inbound_context_init(&explaining->reading, context->arena, &settings, explaining->keys,
                             &error))
        return true;
    *code = context_fail(context, &error);
    return false;
}

/* ---- which files ---- */

static void add_name(struct explaining *explaining, const char *name)
{
    ARRAY_GROW(explaining->names, explaining->count, explaining->capacity);
    explaining->names[explaining->count++] = name;
}

static int is_message_name(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The files of a folder in the order of their names; of a Maildir those in new/ and cur/. */
static void add_folder(struct explaining *explaining, const char *path, bool is_maildir)
{
    struct dirent **entries = NULL;
    struct stat status;
    int count = scandir(path, &entries, is_message_name, alphasort);
    if (count < 0) {
        log_line(LOG_ERROR, "%s: %s", path, strerror(errno));
        explaining->unread++;
    }
    for (int i = 0; i < count; i++) {
        const char *name = file_join(explaining->context->arena, path, entries[i]->d_name);
        bool is_part = is_maildir && (strcmp(entries[i]->d_name, "new") == 0 ||
                                      strcmp(entries[i]->d_name, "cur") == 0);
        if (stat(name, &status) == 0) {
            if (S_ISREG(status.st_mode))
                add_name(explaining, name);
            else if (S_ISDIR(status.st_mode) && is_part)
                add_folder(explaining, name, false);
        }
        free(entries[i]);
    }
    free(entries);
}

static void add_word(struct explaining *explaining, const char *word)
{
    struct stat status;
    if (stat(word, &status) == 0 && S_ISDIR(status.st_mode))
        add_folder(explaining, word, true);
    else
        add_name(explaining, word);
}

/* ---- one message after the other ---- */

/* Reads no more than is analyzed of any message. */
static bool read_start(int file, struct string_builder *bytes)
{
    char buffer[64 * 1024];
    ssize_t count = 1;
    while (count > 0 && bytes->length < MIME_MESSAGE_MAXIMUM) {
        count = read(file, buffer, sizeof buffer);
        if (count > 0)
            string_builder_append_bytes(bytes, buffer, (size_t)count);
        else if (count < 0 && errno == EINTR)
            count = 1;
    }
    return count >= 0;
}

/* A file that cannot be read is logged and counted, and the next one is taken. False: there is no
 * more. */
static bool next_message(struct explaining *explaining, struct string_builder *bytes,
                         const char **name)
{
    *name = NULL;
    while (!*name && explaining->at < explaining->count) {
        const char *path = explaining->names[explaining->at++];
        int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        string_builder_clear(bytes);
        if (file >= 0 && read_start(file, bytes)) {
            *name = path;
        } else {
            log_line(LOG_ERROR, "%s: %s; name a file that holds one message", path,
                     strerror(errno));
            explaining->unread++;
        }
        if (file >= 0)
            (void)close(file);
    }
    return *name != NULL;
}

static void show(struct explaining *explaining, const struct inbound_explanation *explanation)
{
    struct arena arena = { 0 };
    if (!explanation->reading) {
        log_line(LOG_ERROR, "%s: %s", explanation->name, explanation->unread->message);
        explaining->unread++;
    } else if (explaining->array) {
        (void)json_array_append_new(explaining->array,
                                    explain_json(&arena, explanation->name, explanation->reading));
    } else {
        terminal_print("%s", explain_text(&arena, explanation->name, explanation->reading));
    }
    arena_release(&arena);
}

static bool explain_all(struct explaining *explaining, struct error *error)
{
    struct inbound_explainer *explainer = inbound_explainer_new(&explaining->reading);
    struct inbound_explanation explanation;
    struct string_builder bytes;
    const char *name;
    string_builder_init(&bytes, MIME_MESSAGE_MAXIMUM + 64 * 1024);
    for (;;) {
        while (inbound_explainer_has_room(explainer) && next_message(explaining, &bytes, &name))
            inbound_explainer_add(explainer, name, &bytes);
        if (!inbound_explainer_next(explainer, &explanation, error))
            break;
        show(explaining, &explanation);
    }
    string_builder_release(&bytes);
    return inbound_explainer_free(explainer);
}

int collect_explain(struct command_context *context)
{
    struct explaining explaining = { .context = context };
    struct error error;
    int code = EXIT_WELL;
    if (context->arguments->word_count == 0) {
        (void)error_set(&error, ERROR_USAGE, "--explain: name at least one file");
        return context_fail(context, &error);
    }
    if (!open_context(&explaining, &code))
        return code;
    explaining.array = context->json ? json_array() : NULL;
    for (size_t i = 0; i < context->arguments->word_count; i++)
        add_word(&explaining, context->arguments->words[i]);
    bool done = explain_all(&explaining, &error);
    free(explaining.names);
    token_keys_free(explaining.keys);
    mail_phrases_free(explaining.phrases);
    if (done && explaining.array)
        context_print_json(explaining.array);
    else
        json_decref(explaining.array);
    if (!done)
        return context_fail(context, &error);
    return explaining.unread ? EXIT_REFUSED : EXIT_WELL;
}
