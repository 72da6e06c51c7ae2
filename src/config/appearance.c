/* SPDX-License-Identifier: MIT */
/* Templates and style sheet: the share folder's, and over them the newsroom's own. */
#include "config/languages.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "template/template.h"

#include <string.h>
#include <unistd.h>

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
        /* Those that are shipped are good: tests read each. */
        bool done = appearance->is_newsroom
                        ? template_add(loading->config->templates, *names, bytes, length, &error)
                        : template_add_later(loading->config->templates, *names, bytes, length,
                                             &error);
        if (!done)
            error_list_add_error(loading->problems, &error);
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
    appearance.directory = file_join(loading->arena, loading->share, "templates");
    appearance.shown = appearance.directory;
    read_templates(&appearance);
    read_style(&appearance);
    appearance.is_newsroom = true;
    appearance.directory = file_join(loading->arena, loading->directory, "templates");
    appearance.shown = "templates";
    read_templates(&appearance);
    read_style(&appearance);
    check_partials(loading);
    loading_texts(loading, &appearance.hash);
    hash_final(&appearance.hash, &config->publish.templates_hash);
    config->publish.templates = config->templates;
    config->resources.templates = config->templates;
    config->resources.strings = config->publish.strings;
}
