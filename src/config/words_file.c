/* SPDX-License-Identifier: MIT */
/* templates/languages/LANG/words.yaml: the share folder's, and added to them the newsroom's own. A
 * newsroom's file can take no word away, so that an embargo that we know stays one. It is read with
 * the rest of the configuration, so that every command reports what is wrong in it; the share
 * folder's only when a text is read. */
#include "config/languages.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "locale/language_words.h"
#include "locale/locale.h"

#include <string.h>
#include <unistd.h>

/* More words of one name than any language has. */
enum { WORDS_MAXIMUM = 500 };

/* names NULL: a group in which every name is taken. */
static bool name_is_known(const char *name, const char *const *names)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return !names;
}

struct words_file {
    struct loading *loading;
    struct language_words *words;
    const char *language;
};

static void add_group(const struct words_file *file, enum word_group group,
                      const struct yaml_node *mapping)
{
    struct loading *loading = file->loading;
    const char *const *names = word_group_names(group);
    for (const struct yaml_node *entry = mapping->first; entry; entry = entry->next) {
        const struct yaml_node *word = NULL;
        if (!name_is_known(entry->key, names)) {
            loading_unknown_key(loading, entry, names);
            continue;
        }
        if (entry->kind == YAML_SEQUENCE && entry->count > WORDS_MAXIMUM) {
            error_list_add(loading->problems, entry->line,
                           "more than %d words" ERROR_ADVICE "write fewer", WORDS_MAXIMUM);
            continue;
        }
        if (!yaml_read_list(loading->problems, mapping, entry->key, &word))
            continue;
        for (; word; word = word->next)
            language_words_add(file->words, file->language, group, entry->key, word->text);
    }
}

static void add_words(const struct words_file *file, const struct yaml_node *root)
{
    struct loading *loading = file->loading;
    const char *known[WORD_GROUP_COUNT + 1] = { NULL };
    for (int i = 0; i < WORD_GROUP_COUNT; i++)
        known[i] = word_group_name((enum word_group)i);
    for (const struct yaml_node *entry = root->first; entry; entry = entry->next) {
        enum word_group group;
        if (!word_group_find(entry->key, &group))
            loading_unknown_key(loading, entry, known);
        else if (entry->kind != YAML_MAPPING)
            error_list_add(loading->problems, entry->line, "“%s” must be a mapping, not %s",
                           entry->key, yaml_kind_name(entry->kind));
        else
            add_group(file, group, entry);
    }
}

/* directory: a templates/ folder; shown: how problems call it. */
static void read_languages(struct loading *loading, struct language_words *words,
                           const char *directory, const char *shown)
{
    const char *languages = file_join(loading->arena, directory, "languages");
    const char *const *names = loading_list(loading, languages, "");
    for (; *names; names++) {
        const char *path = arena_format(loading->arena, "%s/%s/words.yaml", languages, *names);
        const char *name = arena_format(loading->arena, "%s/languages/%s/words.yaml", shown,
                                        *names);
        const char *canonical = language_canonical(loading->arena, *names);
        if (access(path, F_OK) != 0)
            continue;
        const struct yaml_node *root = loading_read_yaml(loading, path, name);
        if (!canonical || strcmp(canonical, *names) != 0)
            error_list_add(loading->problems, 0,
                           "the name of the folder is no language" ERROR_ADVICE
                           "name it like da or en-GB");
        else if (root)
            add_words(&(struct words_file){ loading, words, *names }, root);
    }
}

static bool read_shipped(void *payload, struct language_words *words, struct error *error)
{
    const char *templates = payload;
    struct arena arena = { 0 };
    struct error_list problems;
    struct loading loading = { .arena = &arena, .problems = &problems };
    error_list_init(&problems, &arena, templates);
    read_languages(&loading, words, templates, templates);
    bool done = !problems.first || loading_fail_installed(problems.first, error);
    arena_release(&arena);
    return done;
}

void loading_words(struct loading *loading)
{
    loading->config->words = language_words_new();
    language_words_read_later(loading->config->words, read_shipped,
                              file_join(loading->arena, loading->share, "templates"));
    for (const struct shipped_language *language = loading->languages; language;
         language = language->next)
        if (language->also)
            language_words_also(loading->config->words, language->tag, language->also);
    read_languages(loading, loading->config->words,
                   file_join(loading->arena, loading->directory, "templates"), "templates");
}
