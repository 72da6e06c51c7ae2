/* SPDX-License-Identifier: MIT */
#include "guide/guide_part.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "template/json_value.h"
#include "template/template.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAXIMUM = 2 * 1024 * 1024 };

static const char page_template[] = "page";
static const char fields_template[] = "fields";
static const char generator[] = "<meta name=\"generator\" content=\"";

/* ---- the share folder ---- */

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Calls each entry of a folder by its name, in their order. */
static bool each_entry(struct guide_making *making, const char *folder,
                       bool (*call)(struct guide_making *making, const char *folder,
                                    const char *name, struct error *error),
                       struct error *error)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_shown, alphasort);
    if (count < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "%s", folder);
    bool done = true;
    for (int i = 0; i < count; i++) {
        const char *name = arena_copy(making->arena, entries[i]->d_name);
        free(entries[i]);
        done = done && call(making, folder, name, error);
    }
    free(entries);
    return done;
}

static bool add_template(const struct guide_making *making, const char *name, struct error *error)
{
    struct string_builder text;
    const char *path = arena_format(making->arena, "%s/%s.mustache", making->source, name);
    string_builder_init(&text, TEMPLATE_SOURCE_MAXIMUM);
    bool done = file_read(AT_FDCWD, path, &text, error) &&
                template_add(making->templates, name, text.data, text.length, error);
    string_builder_release(&text);
    return done;
}

/* ---- what is there already ---- */

/* The program that a page of ours names; NULL: it is none, or cannot be read. */
static const char *maker_of(struct arena *arena, const char *path)
{
    struct string_builder text;
    struct error ignored;
    const char *maker = NULL;
    string_builder_init(&text, FILE_MAXIMUM);
    if (file_read(AT_FDCWD, path, &text, &ignored)) {
        const char *mark = strstr(text.data, generator);
        if (mark) {
            mark += strlen(generator);
            maker = arena_copy_bytes(arena, mark, strcspn(mark, "\""));
        }
    }
    string_builder_release(&text);
    return maker && strncmp(maker, "pressroom ", strlen("pressroom ")) == 0 ? maker : NULL;
}

const char *guide_maker(struct arena *arena, const char *directory)
{
    return maker_of(arena, file_join(arena, directory, "guide/index.html"));
}

/* ---- writing ---- */

static const char *target(const struct guide_making *making, const char *name)
{
    return arena_format(making->arena, "%s/guide/%s", making->settings->directory, name);
}

/* Writes a page over one of ours; a file of somebody else's stays. */
static bool write_page(const struct guide_making *making, const char *name, json_t *context,
                       struct error *error)
{
    struct arena *arena = making->arena;
    struct guide_result *result = making->result;
    const char *path = target(making, name);
    if (access(path, F_OK) == 0 && !maker_of(arena, path)) {
        if (!result->kept)
            result->kept = arena_format(arena, "guide/%s", name);
        return true;
    }
    struct string_builder text;
    string_builder_init(&text, FILE_MAXIMUM);
    bool done = template_render(making->templates, page_template, context, TEMPLATE_HTML, &text,
                                error) &&
                file_write_atomic(AT_FDCWD, path, text.data, text.length, 0644, error);
    string_builder_release(&text);
    result->pages += done;
    return done;
}

static json_t *page_context(const struct guide_making *making, const char *language,
                            const char *title, const char *html)
{
    json_t *context = json_object();
    json_set_text(context, "program", making->settings->program);
    json_set_text(context, "language", language);
    json_set_text(context, "title", title);
    json_set_text(context, "content", html);
    json_set_text(context, "home", guide_text(making, "guide_home"));
    json_set_text(context, "fields", guide_text(making, "fields_title"));
    json_set_text(context, "own_language", making->language);
    if (strcmp(making->page_language, making->language) != 0)
        json_set_text(context, "notice", guide_text(making, "guide_english"));
    return context;
}

static bool make_page(struct guide_making *making, const char *folder, const char *name,
                      struct error *error)
{
    const char *title;
    const char *html;
    const char *ending = strrchr(name, '.');
    if (!ending || strcmp(ending, ".md") != 0)
        return true;
    if (!guide_page_read(making, file_join(making->arena, folder, name), &title, &html, error))
        return false;
    json_t *context = page_context(making, making->page_language, title, html);
    json_set_boolean(context, "is_index", strcmp(name, "index.md") == 0);
    bool done = write_page(making,
                           arena_format(making->arena, "%.*s.html", (int)(ending - name), name),
                           context, error);
    json_decref(context);
    return done;
}

static bool make_fields(const struct guide_making *making, struct error *error)
{
    struct string_builder html;
    string_builder_init(&html, FILE_MAXIMUM);
    json_t *fields = guide_fields(making);
    bool done = template_render(making->templates, fields_template, fields, TEMPLATE_HTML, &html,
                                error);
    json_decref(fields);
    if (done) {
        json_t *context = page_context(making, making->language, guide_text(making, "fields_title"),
                                       arena_copy_bytes(making->arena, html.data, html.length));
        json_set_text(context, "notice", NULL);
        json_set_boolean(context, "is_fields", true);
        done = write_page(making, "fields.html", context, error);
        json_decref(context);
    }
    string_builder_release(&html);
    return done;
}

/* ---- templates of releases ---- */

/* One that is there stays: an office may have filled in its own contacts. */
static bool copy_template(struct guide_making *making, const char *folder, const char *name,
                          struct error *error)
{
    struct string_builder text;
    const char *subfolder = strrchr(folder, '/') + 1;
    const char *path = target(making, file_join(making->arena, subfolder, name));
    if (access(path, F_OK) == 0)
        return true;
    string_builder_init(&text, FILE_MAXIMUM);
    bool done = file_read(AT_FDCWD, file_join(making->arena, folder, name), &text, error) &&
                file_write_atomic(AT_FDCWD, path, text.data, text.length, 0644, error);
    string_builder_release(&text);
    making->result->templates += done;
    return done;
}

static bool copy_folder(struct guide_making *making, const char *folder, const char *name,
                        struct error *error)
{
    struct stat status;
    const char *path = file_join(making->arena, folder, name);
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return true;
    return file_make_directories(AT_FDCWD, target(making, name), error) &&
           each_entry(making, path, copy_template, error);
}

/* ---- all of it ---- */

/* Without its region where the texts are for all of the language: "sv" for "sv-FI". */
static const char *language_with_texts(struct arena *arena, const struct guide_settings *settings)
{
    const char *language = settings->language;
    const char *path = arena_format(arena, "%s/templates/languages/%s/guide.yaml",
                                    settings->share_directory, language);
    return access(path, F_OK) == 0 ? language
                                   : arena_copy_bytes(arena, language, strcspn(language, "-"));
}

static bool make_all(struct guide_making *making, struct error *error)
{
    struct arena *arena = making->arena;
    const char *language = making->language;
    const char *own = file_join(arena, making->source, language);
    making->page_language = language;
    if (access(file_join(arena, own, "index.md"), F_OK) != 0)
        making->page_language = "en";
    if (access(own, F_OK) != 0)
        own = file_join(arena, making->source, "en");
    return guide_texts_read(making, error) && add_template(making, page_template, error) &&
           add_template(making, fields_template, error) &&
           file_make_directories(AT_FDCWD, target(making, ""), error) &&
           each_entry(making, own, copy_folder, error) && make_fields(making, error) &&
           each_entry(making, file_join(arena, making->source, making->page_language), make_page,
                      error);
}

bool guide_make(const struct guide_settings *settings, struct arena *arena,
                struct guide_result *result, struct error *error)
{
    *result = (struct guide_result){ 0 };
    struct guide_making making = { .settings = settings,
                                   .arena = arena,
                                   .source = file_join(arena, settings->share_directory,
                                                       "press-officer"),
                                   .language = language_with_texts(arena, settings),
                                   .texts = strings_new("en"),
                                   .templates = template_set_new(),
                                   .result = result };
    bool done = make_all(&making, error);
    template_set_free(making.templates);
    strings_free(making.texts);
    return done;
}
