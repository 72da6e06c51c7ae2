/* SPDX-License-Identifier: MIT */
/* templates/languages/LANG/words.yaml: the share folder's, and added to them the newsroom's own.
 * What a newsroom writes there can take no word away: an embargo that we know stays one. */
#include "config/loading.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/nearest.h"
#include "locale/language.h"
#include "locale/language_words.h"

#include <string.h>
#include <unistd.h>

/* More words of one name than any language has. */
enum { WORDS_MAXIMUM = 500 };

static void unknown(struct loading *loading, const struct yaml_node *entry,
                    const char *const *known)
{
    const char *nearest = name_nearest(entry->key, known);
    if (nearest)
        problem_add(loading->problems, entry->key_line, "unknown key “%s”; did you mean “%s”?",
                    entry->key, nearest);
    else
        problem_add(loading->problems, entry->key_line, "unknown key “%s”; remove it", entry->key);
}

static bool name_is_known(const char *name, const char *const *names)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return !names;
}

static void add_group(struct loading *loading, const char *language, enum word_group group,
                      const struct yaml_node *mapping)
{
    const char *const *names = word_group_names(group);
    for (const struct yaml_node *entry = mapping->first; entry; entry = entry->next) {
        const struct yaml_node *word = NULL;
        if (!name_is_known(entry->key, names)) {
            unknown(loading, entry, names);
            continue;
        }
        if (entry->kind == YAML_SEQUENCE && entry->count > WORDS_MAXIMUM) {
            problem_add(loading->problems, entry->line, "more than %d words; write fewer",
                        WORDS_MAXIMUM);
            continue;
        }
        if (!yaml_read_list(loading->problems, mapping, entry->key, &word))
            continue;
        for (; word; word = word->next)
            language_words_add(loading->config->words, language, group, entry->key, word->text);
    }
}

static void add_words(struct loading *loading, const char *language, const struct yaml_node *root)
{
    const char *known[WORD_GROUP_COUNT + 1] = { NULL };
    for (int i = 0; i < WORD_GROUP_COUNT; i++)
        known[i] = word_group_name((enum word_group)i);
    for (const struct yaml_node *entry = root->first; entry; entry = entry->next) {
        enum word_group group;
        if (!word_group_find(entry->key, &group))
            unknown(loading, entry, known);
        else if (entry->kind != YAML_MAPPING)
            problem_add(loading->problems, entry->line, "“%s” must be a mapping, not %s",
                        entry->key, yaml_kind_name(entry->kind));
        else
            add_group(loading, language, group, entry);
    }
}

/* directory: a templates/ folder; shown: how problems call it. */
static void read_languages(struct loading *loading, const char *directory, const char *shown)
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
            problem_add(loading->problems, 0,
                        "the name of the folder is no language; name it like da or en-GB");
        else if (root)
            add_words(loading, *names, root);
    }
}

void loading_words(struct loading *loading)
{
    const char *share = file_join(loading->arena, loading->share, "templates");
    loading->config->words = language_words_new();
    read_languages(loading, share, share);
    read_languages(loading, file_join(loading->arena, loading->directory, "templates"),
                   "templates");
}
