/* SPDX-License-Identifier: MIT */
/* What `pressroom init` makes. */
#include "config/languages.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "config/url.h"
#include "locale/locale.h"
#include "yaml/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char templates_readme[] =
    "Only what this newsroom overrides lies here; all else comes with the program.\n"
    "\n"
    "- NAME.mustache takes the place of the program's page or mail of that name.\n"
    "- languages/LANGUAGE/strings.yaml (da, en, sv …) holds single lines, `key: text`, that replace\n"
    "  the program's, and `type_NAME` and `types_NAME` for types of your own; notes.yaml beside it\n"
    "  replaces what notes say. A text that holds `: ` or begins with `{` stands in quotes.\n"
    "- languages/LANGUAGE/words.yaml and mail.yaml add words that are understood, in the groups of\n"
    "  the program's: `header_keys:`, and below it `  title: [headline]`.\n"
    "- style.css takes the place of the style sheet.\n"
    "\n"
    "The program's own, with a README that names every member and key, are in ";

struct making {
    struct arena *arena;
    const char *directory;
    const char *share;
    const char *language;                 /* canonical where it is a language */
    const char *selected;                 /* what its feeds of press releases select */
    const struct shipped_language *texts; /* whose feeds it gets */
    struct error *error;
};

static const char *quoted(struct arena *arena, const char *value)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    yaml_append_quoted(&text, value);
    const char *copy = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return copy;
}

const char *config_likely_from(struct arena *arena, const char *name, const char *url,
                               struct error *error)
{
    struct config_url parsed;
    struct string_builder text;
    struct error reason;
    if (!config_web_url_parse(arena, url, &parsed, &reason)) {
        (void)error_set(error, ERROR_USAGE, "--url %s %s", url, reason.message);
        return NULL;
    }
    if (parsed.is_address || parsed.is_loopback) {
        (void)error_set(error, ERROR_USAGE,
                        "--from is missing" ERROR_ADVICE "write who mails come from, like --from "
                        "\"Region Nordhav <presse@nordhav.example>\"");
        return NULL;
    }
    /* presse.nordhav.example is a host of nordhav.example, where the mailbox is. */
    const char *dot = strchr(parsed.host, '.');
    const char *domain = dot && strchr(dot + 1, '.') ? dot + 1 : parsed.host;
    string_builder_init(&text, 0);
    string_builder_append_character(&text, '"');
    for (const char *at = name; *at; at++) {
        if (*at == '"' || *at == '\\')
            string_builder_append_character(&text, '\\');
        string_builder_append_character(&text, *at);
    }
    string_builder_append_format(&text, "\" <presse@%s>", domain);
    const char *copy = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return copy;
}

/* Finds the language's texts among those that we ship; a language without any starts with English
 * ones. */
static bool choose_language(struct making *making, struct config_new_newsroom *values)
{
    const char *given = values->language ? values->language : "da";
    const char *canonical = language_canonical(making->arena, given);
    struct error_list problems;
    error_list_init(&problems, making->arena, NULL);
    struct loading loading = { .arena = making->arena,
                               .problems = &problems,
                               .share = making->share };
    loading_languages(&loading);
    making->language = canonical ? canonical : given;
    making->texts = shipped_language_find(&loading, making->language);
    values->has_texts = making->texts != NULL;
    making->selected = arena_copy_bytes(making->arena, making->language,
                                        strcspn(making->language, "-"));
    /* Whoever writes nn or no may name the language of a release by the word that means nb. */
    if (making->texts && strcmp(making->texts->tag, making->selected) != 0)
        making->selected = arena_format(making->arena, "%s, %s", making->selected,
                                        making->texts->tag);
    if (!making->texts)
        making->texts = shipped_language_find(&loading, "en");
    if (problems.first)
        return loading_fail_installed(problems.first, making->error);
    return (making->texts && making->texts->timezone) ||
           error_set(making->error, ERROR_SYSTEM,
                     "%s/templates/languages: lacks a language.yaml with a timezone" ERROR_ADVICE
                     "is pressroom completely installed?",
                     making->share);
}

/* newsroom.yaml with the values put in; NULL on failure. */
static const char *compose(const struct making *making, const struct config_new_newsroom *values)
{
    struct arena *arena = making->arena;
    const char *path = file_join(arena, making->share, "templates/newsroom.yaml");
    struct string_builder text;
    string_builder_init(&text, YAML_SIZE_MAXIMUM);
    const char *composed = NULL;
    if (file_read(AT_FDCWD, path, &text, making->error))
        composed = strings_format(
            arena, text.data, "publisher_name", quoted(arena, values->name), "site_url",
            quoted(arena, values->url), "mail_from", quoted(arena, values->from), "language",
            quoted(arena, making->language), "timezone", making->texts->timezone, NULL);
    string_builder_release(&text);
    return composed;
}

/* Reads what was composed as any other newsroom.yaml: what would be refused later is refused now.
 */
static bool check(const struct making *making, const char *newsroom)
{
    struct config config = { 0 };
    struct error_list problems;
    error_list_init(&problems, making->arena, "newsroom.yaml");
    struct loading loading = { .config = &config,
                               .arena = making->arena,
                               .problems = &problems,
                               .directory = making->directory,
                               .share = making->share };
    const struct yaml_node *root = yaml_parse(making->arena, newsroom, strlen(newsroom), 1,
                                              making->error);
    if (!root)
        return false;
    loading_newsroom(&loading, root);
    locale_context_free(config.publish.locale);
    return !problems.first ||
           error_set(making->error, ERROR_INPUT, "newsroom.yaml would be refused: %s",
                     problems.first->error.message);
}

static bool make_folders(const struct making *making)
{
    static const char *const names[] = { "releases", "feeds", "topics", "templates/languages",
                                         "public",   "state", NULL };
    for (const char *const *name = names; *name; name++) {
        const char *path = file_join(making->arena, making->directory, *name);
        if (!file_make_directories(AT_FDCWD, path, making->error))
            return false;
    }
    /* Keys and addresses lie there: for the owner's eyes alone. */
    const char *state = file_join(making->arena, making->directory, "state");
    if (chmod(state, 0700) != 0)
        return error_set_errno(making->error, ERROR_SYSTEM, errno, "%s", state);
    return true;
}

/* Writes a file that is not there yet; what a person put there before stays. */
static bool write_new(const struct making *making, const char *name, const char *bytes,
                      size_t length)
{
    const char *path = file_join(making->arena, making->directory, name);
    if (access(path, F_OK) == 0)
        return true;
    return file_write_atomic(AT_FDCWD, path, bytes, length, 0644, making->error);
}

/* The feeds of press releases in a language: those of "de-AT" are "de", those of "no" "no, nb". */
static bool copy_feed(const struct making *making, const char *source, const char *target)
{
    struct string_builder text;
    string_builder_init(&text, YAML_SIZE_MAXIMUM);
    bool copied = file_read(AT_FDCWD, source, &text, making->error);
    if (copied) {
        const char *filled = strings_format(making->arena, text.data, "language", making->selected,
                                            NULL);
        copied = write_new(making, target, filled, strlen(filled));
    }
    string_builder_release(&text);
    return copied;
}

static bool copy_feeds(const struct making *making)
{
    struct error_list problems;
    error_list_init(&problems, making->arena, NULL);
    struct loading loading = { .arena = making->arena, .problems = &problems };
    const char *directory = arena_format(making->arena, "%s/feeds/%s", making->share,
                                         making->texts->tag);
    const char *const *names = loading_list(&loading, directory, ".yaml");
    if (!*names)
        return error_set(
            making->error, ERROR_SYSTEM,
            "%s: no feed definitions" ERROR_ADVICE "is pressroom completely installed?", directory);
    for (; *names; names++) {
        const char *source = arena_format(making->arena, "%s/%s.yaml", directory, *names);
        const char *target = arena_format(making->arena, "feeds/%s.yaml", *names);
        if (!copy_feed(making, source, target))
            return false;
    }
    return true;
}

/* Drafts, scheduled, withdrawn: each with a file that says what it is for. */
static bool make_place(const struct making *making, const struct place_words *place)
{
    const char *folder = arena_format(making->arena, "releases/%s", place->name);
    const char *path = file_join(making->arena, making->directory, folder);
    const char *source = arena_format(making->arena, "%s/templates/languages/%s/%s", making->share,
                                      making->texts->tag, place->file);
    struct string_builder text;
    string_builder_init(&text, YAML_SIZE_MAXIMUM);
    bool made = file_make_directories(AT_FDCWD, path, making->error) &&
                file_read(AT_FDCWD, source, &text, making->error) &&
                write_new(making,
                          arena_format(making->arena, "%s/%s", folder, making->texts->readme),
                          text.data, text.length);
    string_builder_release(&text);
    return made;
}

static bool make_places(const struct making *making)
{
    const struct shipped_language *texts = making->texts;
    bool made = true;
    for (size_t i = 0; made && texts->places && texts->readme && i < PLACES; i++)
        made = make_place(making, &texts->places[i]);
    return made;
}

static bool make_all(const struct making *making, const char *newsroom)
{
    const char *readme = arena_format(making->arena, "%s%s/templates.\n", templates_readme,
                                      making->share);
    /* newsroom.yaml last: with it, it is a newsroom; without, init can be run again. */
    return make_folders(making) && make_places(making) && copy_feeds(making) &&
           write_new(making, "templates/README", readme, strlen(readme)) &&
           write_new(making, "newsroom.yaml", newsroom, strlen(newsroom));
}

bool config_make_newsroom(const char *directory, const char *share_directory,
                          struct config_new_newsroom *values, struct error *error)
{
    struct arena arena = { 0 };
    struct making making = {
        .arena = &arena, .directory = directory, .share = share_directory, .error = error
    };
    bool made = false;
    const char *file = file_join(&arena, directory, "newsroom.yaml");
    if (access(file, F_OK) == 0) {
        (void)error_set(error, ERROR_INPUT,
                        "%s: holds a newsroom already" ERROR_ADVICE "choose another folder",
                        directory);
    } else if (choose_language(&making, values)) {
        const char *newsroom = compose(&making, values);
        made = newsroom && check(&making, newsroom) && make_all(&making, newsroom);
    }
    arena_release(&arena);
    return made;
}
