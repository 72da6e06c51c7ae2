/* SPDX-License-Identifier: MIT */
/* Templates, words and style sheet: the share folder's, and over them the newsroom's own. */
#include "config/loading.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/nearest.h"
#include "locale/locale.h"
#include "template/template.h"

#include <string.h>
#include <unistd.h>

/* What a language without a file is written in, and a file without a key. */
static const char fallback_language[] = "en";

struct appearance {
    struct hash_state hash;
    struct loading *loading;
    const char *directory;
    const char *shown; /* how problems call that folder */
    bool is_newsroom;  /* the newsroom's own templates/ are being read */
};

static void read_templates(struct appearance *appearance)
{
    struct loading *loading = appearance->loading;
    const char *const *names = loading_list(loading, appearance->directory, ".mustache");
    for (; *names; names++) {
        const char *bytes;
        size_t length;
        struct error error;
        const char *path = arena_format(loading->arena, "%s/%s.mustache", appearance->directory,
                                        *names);
        const char *shown = arena_format(loading->arena, "%s/%s.mustache", appearance->shown,
                                         *names);
        if (!loading_read_bytes(loading, path, shown, &bytes, &length))
            continue;
        hash_update_string(&appearance->hash, *names);
        hash_update_string(&appearance->hash, bytes);
        if (template_add(loading->config->templates, *names, bytes, length, &error))
            continue;
        error_list_add_error(loading->problems, &error);
    }
}

/* Every key that there is, ended by NULL. */
static const char *const *known_keys(struct loading *loading)
{
    const struct strings *strings = loading->config->publish.strings;
    struct strings_cursor cursor;
    const char *key;
    const char *text;
    size_t count = 0;
    strings_cursor_open(&cursor, strings, fallback_language);
    while (strings_cursor_next(&cursor, &key, &text))
        count++;
    const char **keys = arena_allocate_array(loading->arena, count + 1, sizeof *keys);
    count = 0;
    strings_cursor_open(&cursor, strings, fallback_language);
    while (strings_cursor_next(&cursor, &key, &text))
        keys[count++] = key;
    return keys;
}

/* A key is new to the fallback language where it names a newsroom's own type, or a plural form that
 * only other languages have. */
static bool key_may_be_new(const struct strings *strings, const char *key, struct arena *arena)
{
    const char *dot = strrchr(key, '.');
    if (strncmp(key, "type_", 5) == 0 || strncmp(key, "types_", 6) == 0)
        return true;
    if (!dot)
        return false;
    const char *other = arena_format(arena, "%.*s.other", (int)(dot - key), key);
    return strings_has(strings, fallback_language, other);
}

static void check_key(struct loading *loading, const char *language, const struct yaml_node *entry)
{
    const struct strings *strings = loading->config->publish.strings;
    if (strings_has(strings, language, entry->key) ||
        key_may_be_new(strings, entry->key, loading->arena))
        return;
    const char *nearest = name_nearest(entry->key, known_keys(loading));
    if (nearest)
        error_list_add(loading->problems, entry->key_line,
                       "unknown key “%s”" ERROR_ADVICE "did you mean “%s”?", entry->key, nearest);
    else
        error_list_add(loading->problems, entry->key_line,
                       "unknown key “%s”" ERROR_ADVICE "remove it", entry->key);
}

static void add_strings(struct appearance *appearance, const char *language,
                        const struct yaml_node *root)
{
    struct loading *loading = appearance->loading;
    for (const struct yaml_node *entry = root->first; entry; entry = entry->next) {
        if (appearance->is_newsroom)
            check_key(loading, language, entry);
        if (entry->kind != YAML_SCALAR) {
            error_list_add(loading->problems, entry->line, "“%s” must be a text, not %s",
                           entry->key, yaml_kind_name(entry->kind));
            continue;
        }
        if (yaml_is_empty(entry))
            continue;
        strings_add(loading->config->publish.strings, language, entry->key, entry->text);
        hash_update_string(&appearance->hash, entry->key);
        hash_update_string(&appearance->hash, entry->text);
    }
}

static void read_strings(struct appearance *appearance)
{
    struct loading *loading = appearance->loading;
    const char *directory = file_join(loading->arena, appearance->directory, "strings");
    const char *const *languages = loading_list(loading, directory, ".yaml");
    for (; *languages; languages++) {
        const char *path = arena_format(loading->arena, "%s/%s.yaml", directory, *languages);
        const char *shown = arena_format(loading->arena, "%s/strings/%s.yaml", appearance->shown,
                                         *languages);
        const struct yaml_node *root = loading_read_yaml(loading, path, shown);
        const char *canonical = language_canonical(loading->arena, *languages);
        if (!canonical || strcmp(canonical, *languages) != 0)
            error_list_add(loading->problems, 0,
                           "the name of the file is no language" ERROR_ADVICE
                           "name it like da.yaml or en-GB.yaml");
        hash_update_string(&appearance->hash, *languages);
        if (root)
            add_strings(appearance, *languages, root);
    }
}

static void read_style(struct appearance *appearance)
{
    struct loading *loading = appearance->loading;
    struct publish_settings *publish = &loading->config->publish;
    const char *path = file_join(loading->arena, appearance->directory, "style.css");
    if (appearance->is_newsroom && access(path, F_OK) != 0)
        return;
    (void)loading_read_bytes(loading, path,
                             file_join(loading->arena, appearance->shown, "style.css"),
                             &publish->style, &publish->style_length);
}

static void check_partials(struct loading *loading)
{
    const char *user;
    const char *missing = template_missing_partial(loading->config->templates, &user);
    if (!missing)
        return;
    loading->problems->file = arena_format(loading->arena, "templates/%s.mustache", user);
    error_list_add(loading->problems, 0, "uses “{{>%s}}”, and there is no templates/%s.mustache",
                   missing, missing);
}

void loading_appearance(struct loading *loading)
{
    struct config *config = loading->config;
    struct appearance appearance = { .loading = loading };
    hash_init(&appearance.hash);
    config->templates = template_set_new();
    config->publish.strings = strings_new(fallback_language);
    appearance.directory = file_join(loading->arena, loading->share, "templates");
    appearance.shown = appearance.directory;
    read_templates(&appearance);
    read_strings(&appearance);
    read_style(&appearance);
    appearance.is_newsroom = true;
    appearance.directory = file_join(loading->arena, loading->directory, "templates");
    appearance.shown = "templates";
    read_templates(&appearance);
    read_strings(&appearance);
    read_style(&appearance);
    check_partials(loading);
    hash_final(&appearance.hash, &config->publish.templates_hash);
    config->publish.templates = config->templates;
    config->resources.templates = config->templates;
    config->resources.strings = config->publish.strings;
}
