/* SPDX-License-Identifier: MIT */
/* templates/languages/LANG/words.yaml, and mail.yaml beside it: the share folder's, and added to
 * them the newsroom's own. A newsroom's file can take no word away, so that an embargo that we know
 * stays one, and a bounce. It is read with the rest of the configuration, so that every command
 * reports what is wrong in it; the share folder's only when a text, or a mail, is read. */
#include "config/languages.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "locale/language_words.h"
#include "locale/locale.h"
#include "locale/mail_phrases.h"

#include <string.h>
#include <unistd.h>

enum {
    WORDS_MAXIMUM = 500, /* of one name: more than any language has */
    NAMES_MAXIMUM = 40   /* groups of a file, and names of a group, of which we know all */
};

/* Of one file: its groups, the names of a group (known, ended by NULL; false: any name is taken),
 * and what becomes of a word (false: it is too short). */
struct words_kind {
    const char *file;
    void (*groups)(const char *known[NAMES_MAXIMUM]);
    bool (*names)(const char *group, const char *known[NAMES_MAXIMUM]);
    bool (*add)(void *target, const char *language, const char *group, const char *name,
                const char *word);
};

/* ---- words.yaml ---- */

static void groups_of_words(const char *known[NAMES_MAXIMUM])
{
    _Static_assert((int)WORD_GROUP_COUNT < (int)NAMES_MAXIMUM,
                   "a group more than there is room for");
    for (int i = 0; i < WORD_GROUP_COUNT; i++)
        known[i] = word_group_name((enum word_group)i);
}

static bool names_of_words(const char *group, const char *known[NAMES_MAXIMUM])
{
    enum word_group found;
    const char *const *names = word_group_find(group, &found) ? word_group_names(found) : NULL;
    for (size_t i = 0; names && names[i] && i + 1 < NAMES_MAXIMUM; i++)
        known[i] = names[i];
    return names != NULL;
}

static bool add_word(void *target, const char *language, const char *group, const char *name,
                     const char *word)
{
    enum word_group found;
    if (word_group_find(group, &found))
        language_words_add(target, language, found, name, word);
    return true;
}

static const struct words_kind words_kind = { "words.yaml", groups_of_words, names_of_words,
                                              add_word };

/* ---- mail.yaml ---- */

static void groups_of_phrases(const char *known[NAMES_MAXIMUM])
{
    size_t count = 0;
    for (int i = 0; i < PHRASE_MEANING_COUNT; i++) {
        const char *group = phrase_meaning_group((enum phrase_meaning)i);
        if ((!count || strcmp(known[count - 1], group) != 0) && count + 1 < NAMES_MAXIMUM)
            known[count++] = group;
    }
}

static bool names_of_phrases(const char *group, const char *known[NAMES_MAXIMUM])
{
    size_t count = 0;
    for (int i = 0; i < PHRASE_MEANING_COUNT; i++) {
        enum phrase_meaning meaning = (enum phrase_meaning)i;
        if (strcmp(phrase_meaning_group(meaning), group) != 0)
            continue;
        if (!phrase_meaning_name(meaning))
            return false;
        if (count + 1 < NAMES_MAXIMUM)
            known[count++] = phrase_meaning_name(meaning);
    }
    return true;
}

static bool add_phrase(void *target, const char *language, const char *group, const char *name,
                       const char *word)
{
    (void)language; /* a mail may be in any */
    return mail_phrases_add(target, phrase_meaning_find(group, name), name, word);
}

static const struct words_kind phrases_kind = { "mail.yaml", groups_of_phrases, names_of_phrases,
                                                add_phrase };

/* ---- a file ---- */

struct words_file {
    struct loading *loading;
    const struct words_kind *kind;
    void *target;
    const char *language;
};

static bool is_known(const char *name, const char *const *known)
{
    while (*known && strcmp(*known, name) != 0)
        known++;
    return *known != NULL;
}

static void add_list(const struct words_file *file, const char *group,
                     const struct yaml_node *mapping, const struct yaml_node *entry)
{
    struct error_list *problems = file->loading->problems;
    const struct yaml_node *word = NULL;
    if (entry->kind == YAML_SEQUENCE && entry->count > WORDS_MAXIMUM)
        error_list_add(problems, entry->line, "more than %d words" ERROR_ADVICE "write fewer",
                       WORDS_MAXIMUM);
    else if (yaml_read_list(problems, mapping, entry->key, &word))
        for (; word; word = word->next)
            if (!file->kind->add(file->target, file->language, group, entry->key, word->text))
                error_list_add(problems, word->line,
                               "“%s” is too short" ERROR_ADVICE "write three letters or more",
                               word->text);
}

static void add_group(const struct words_file *file, const struct yaml_node *mapping)
{
    const char *known[NAMES_MAXIMUM] = { NULL };
    bool has_names = file->kind->names(mapping->key, known);
    for (const struct yaml_node *entry = mapping->first; entry; entry = entry->next)
        if (has_names && !is_known(entry->key, known))
            loading_unknown_key(file->loading, entry, known);
        else
            add_list(file, mapping->key, mapping, entry);
}

static void add_groups(const struct words_file *file, const struct yaml_node *root)
{
    const char *known[NAMES_MAXIMUM] = { NULL };
    file->kind->groups(known);
    for (const struct yaml_node *entry = root->first; entry; entry = entry->next)
        if (!is_known(entry->key, known))
            loading_unknown_key(file->loading, entry, known);
        else if (entry->kind != YAML_MAPPING)
            error_list_add(file->loading->problems, entry->line, "“%s” must be a mapping, not %s",
                           entry->key, yaml_kind_name(entry->kind));
        else
            add_group(file, entry);
}

/* directory: a templates/ folder; shown: how problems call it. */
static void read_languages(struct loading *loading, const struct words_kind *kind, void *target,
                           const char *directory, const char *shown)
{
    const char *languages = file_join(loading->arena, directory, "languages");
    const char *const *names = loading_list(loading, languages, "");
    for (; *names; names++) {
        const char *path = arena_format(loading->arena, "%s/%s/%s", languages, *names, kind->file);
        const char *name = arena_format(loading->arena, "%s/languages/%s/%s", shown, *names,
                                        kind->file);
        const char *canonical = language_canonical(loading->arena, *names);
        if (access(path, F_OK) != 0)
            continue;
        const struct yaml_node *root = loading_read_yaml(loading, path, name);
        if (!canonical || strcmp(canonical, *names) != 0)
            error_list_add(loading->problems, 0,
                           "the name of the folder is no language" ERROR_ADVICE
                           "name it like da or en-GB");
        else if (root)
            add_groups(&(struct words_file){ loading, kind, target, *names }, root);
    }
}

static bool read_shipped(const struct words_kind *kind, void *target, const char *templates,
                         struct error *error)
{
    struct arena arena = { 0 };
    struct error_list problems;
    struct loading loading = { .arena = &arena, .problems = &problems };
    error_list_init(&problems, &arena, templates);
    read_languages(&loading, kind, target, templates, templates);
    bool done = !problems.first || loading_fail_installed(problems.first, error);
    arena_release(&arena);
    return done;
}

static bool read_shipped_words(void *payload, struct language_words *words, struct error *error)
{
    return read_shipped(&words_kind, words, payload, error);
}

static bool read_shipped_phrases(void *payload, struct mail_phrases *phrases, struct error *error)
{
    return read_shipped(&phrases_kind, phrases, payload, error);
}

struct mail_phrases *config_shipped_phrases(struct arena *arena, const char *share_directory)
{
    struct mail_phrases *phrases = mail_phrases_new();
    mail_phrases_read_later(phrases, read_shipped_phrases,
                            file_join(arena, share_directory, "templates"));
    return phrases;
}

void loading_words(struct loading *loading)
{
    struct config *config = loading->config;
    char *own = file_join(loading->arena, loading->directory, "templates");
    config->words = language_words_new();
    language_words_read_later(config->words, read_shipped_words,
                              file_join(loading->arena, loading->share, "templates"));
    for (const struct shipped_language *language = loading->languages; language;
         language = language->next)
        if (language->also)
            language_words_also(config->words, language->tag, language->also);
    read_languages(loading, &words_kind, config->words, own, "templates");
    config->phrases = config_shipped_phrases(loading->arena, loading->share);
    read_languages(loading, &phrases_kind, config->phrases, own, "templates");
}
