/* SPDX-License-Identifier: MIT */
/* The texts of each language, templates/languages/LANG/: what pages and mails say (strings.yaml)
 * and what notes say (notes.yaml). The share folder's are read when their language is first asked
 * for, the newsroom's own at once and over them, so that every command reports what is wrong in
 * them. */
#include "config/languages.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/nearest.h"
#include "locale/locale.h"

#include <string.h>
#include <unistd.h>

/* So many texts with other values than ours are named. */
enum { NAMED_MAXIMUM = 3 };

/* How the keys of office.yaml begin: what the press office and the operator are told by mail and by
 * pages of their own. */
static const char *const office_prefixes[] = { "approval_",    "operator_", "page_preview_",
                                               "page_status_", "preview_",  "receipt_",
                                               "status_",      "stop_",     NULL };

/* What a language without a file is written in, and a file without a key. */
static const char fallback_language[] = "en";

/* The file of one kind of texts in every language. */
struct text_kind {
    const char *file;
    bool is_counted;       /* has plurals and types of releases, so that a language may add keys */
    bool has_places;       /* each text must have the values of ours; else `doctor` tells */
    struct strings *texts; /* where they go */
    struct hash_state *hash; /* over the bytes of all files; NULL: they are read when needed */
};

/* A file of the share folder that is read later. */
struct text_file {
    const char *path;
    const char *language;
    const char *bytes; /* NULL: not read yet */
    size_t length;
};

/* ---- keys ---- */

/* Every key that there is, ended by NULL. */
static const char *const *known_keys(struct loading *loading, const struct strings *texts)
{
    struct strings_cursor cursor;
    const char *key;
    const char *text;
    size_t count = 0;
    strings_cursor_open_whole(&cursor, texts, fallback_language);
    while (strings_cursor_next(&cursor, &key, &text))
        count++;
    const char **keys = arena_allocate_array(loading->arena, count + 1, sizeof *keys);
    count = 0;
    strings_cursor_open_whole(&cursor, texts, fallback_language);
    while (strings_cursor_next(&cursor, &key, &text))
        keys[count++] = key;
    return keys;
}

/* A key is new to the fallback language where it names a newsroom's own type, or a plural form that
 * only other languages have. */
static bool key_may_be_new(const struct text_kind *kind, const char *key, struct arena *arena)
{
    const char *dot = strrchr(key, '.');
    if (!kind->is_counted)
        return false;
    if (strncmp(key, "type_", 5) == 0 || strncmp(key, "types_", 6) == 0)
        return true;
    if (!dot)
        return false;
    const char *other = arena_format(arena, "%.*s.other", (int)(dot - key), key);
    return strings_has(kind->texts, fallback_language, other);
}

static bool check_key(struct loading *loading, const struct text_kind *kind, const char *language,
                      const struct yaml_node *entry)
{
    if (strings_has(kind->texts, language, entry->key) ||
        key_may_be_new(kind, entry->key, loading->arena))
        return true;
    loading_unknown_key(loading, entry, known_keys(loading, kind->texts));
    return false;
}

/* The next "{name}" of a text, *length with its braces; NULL: there is none any more. */
static const char *next_place(const char *text, size_t *length)
{
    for (; (text = strchr(text, '{')); text += 2) {
        const char *end = strchr(text, '}');
        *length = end ? (size_t)(end - text) + 1 : 0;
        if (text[1] != '{')
            return end ? text : NULL;
    }
    return NULL;
}

static bool has_place(const char *text, const char *place, size_t length)
{
    size_t other;
    for (; (text = next_place(text, &other)); text += other)
        if (other == length && memcmp(text, place, length) == 0)
            return true;
    return false;
}

/* What we say for the key, whatever the newsroom says; a plural form that English lacks as the one
 * that all languages have. */
static const char *our_text(struct loading *loading, const struct text_kind *kind, const char *key)
{
    const char *dot = strrchr(key, '.');
    const char *ours = strings_get_first(kind->texts, fallback_language, key);
    if (!ours && dot)
        ours = strings_get_first(kind->texts, fallback_language,
                                 arena_format(loading->arena, "%.*s.other", (int)(dot - key), key));
    return ours ? ours : "";
}

/* Whether the publisher's name is put into the text, though ours does not say it
 * (templates/README.md). */
static bool takes_publisher(const char *key)
{
    static const char *const mails[] = { "confirm_title", "digest_title", "mail_why_test",
                                         "test_title",    "test_text",    NULL };
    const char *end = strrchr(key, '_');
    const char *const *mail = mails;
    if (strncmp(key, "notice_", 7) == 0)
        return true;
    if (strncmp(key, "page_", 5) == 0)
        return strcmp(end, "_title") == 0 || strcmp(end, "_text") == 0 || strcmp(end, "_more") == 0;
    while (*mail && strcmp(*mail, key) != 0)
        mail++;
    return *mail != NULL;
}

/* Version 0.1.0 took every text for pages and mails, so that one with other values goes on. */
static void tell_later(struct loading *loading, struct config_own_language *own, const char *key,
                       const char *verb, const char *place, size_t length)
{
    if (own->other_values_count++ < NAMED_MAXIMUM)
        own->other_values = arena_format(
            loading->arena, "%s%s“%s” %s “%.*s”", own->other_values ? own->other_values : "",
            own->other_values ? ", " : "", key, verb, (int)length, place);
}

/* A text that says other values than ours would hide what is wrong, or show "{d}". */
static void check_places(struct loading *loading, const struct text_kind *kind,
                         struct config_own_language *own, const struct yaml_node *entry)
{
    const char *ours = our_text(loading, kind, entry->key);
    const char *dot = strrchr(entry->key, '.');
    bool may_lack = kind->is_counted && dot && strcmp(dot, ".other") != 0; /* "one release" */
    size_t length;
    for (const char *place = ours; (place = next_place(place, &length)); place += length)
        if (may_lack || has_place(entry->text, place, length))
            continue;
        else if (!kind->has_places)
            tell_later(loading, own, entry->key, "lacks", place, length);
        else
            error_list_add(loading->problems, entry->line,
                           "“%s” lacks “%.*s”" ERROR_ADVICE "put it where the value is to stand",
                           entry->key, (int)length, place);
    for (const char *place = entry->text; (place = next_place(place, &length)); place += length)
        if (has_place(ours, place, length) || (kind->is_counted && takes_publisher(entry->key) &&
                                               has_place("{publisher}", place, length)))
            continue;
        else if (!kind->has_places)
            tell_later(loading, own, entry->key, "has", place, length);
        else
            error_list_add(loading->problems, entry->line,
                           "“%s” has no value “%.*s”" ERROR_ADVICE "remove it", entry->key,
                           (int)length, place);
}

/* kind and own NULL: of a file of ours, whose keys need no check. */
static void add_texts(struct loading *loading, const struct text_kind *kind,
                      struct config_own_language *own, struct strings *strings,
                      const char *language, const struct yaml_node *root)
{
    for (const struct yaml_node *entry = root->first; entry; entry = entry->next) {
        bool is_known = !kind || check_key(loading, kind, language, entry);
        if (entry->kind != YAML_SCALAR) {
            error_list_add(loading->problems, entry->line, "“%s” must be a text, not %s",
                           entry->key, yaml_kind_name(entry->kind));
        } else if (is_known && !yaml_is_empty(entry)) {
            if (kind)
                check_places(loading, kind, own, entry);
            strings_add(strings, language, entry->key, entry->text);
        }
    }
}

/* ---- the share folder's ---- */

static bool read_shipped(void *payload, struct strings *strings, struct error *error)
{
    struct text_file *file = payload;
    struct arena arena = { 0 };
    struct error_list problems;
    struct loading loading = { .arena = &arena, .problems = &problems };
    error_list_init(&problems, &arena, file->path);
    const struct yaml_node *root = file->bytes
                                       ? loading_parse_yaml(&loading, file->bytes, file->length)
                                       : loading_read_yaml(&loading, file->path, file->path);
    if (root)
        add_texts(&loading, NULL, NULL, strings, file->language, root);
    bool done = !problems.first || loading_fail_installed(problems.first, error);
    arena_release(&arena);
    return done;
}

static void expect_shipped(struct loading *loading, const struct text_kind *kind,
                           const char *language, const char *path)
{
    struct text_file *file = arena_allocate(loading->arena, sizeof *file);
    *file = (struct text_file){ .path = path, .language = language };
    if (kind->hash) {
        if (!loading_read_bytes(loading, path, path, &file->bytes, &file->length))
            return;
        hash_update_string(kind->hash, language);
        hash_update(kind->hash, file->bytes, file->length);
    }
    strings_read_later(kind->texts, language, read_shipped, file);
}

/* Nothing public says what stands there, so it is in no hash of templates. */
static void expect_office(struct loading *loading, const struct text_kind *kind,
                          const char *language, const char *folder)
{
    const char *path = file_join(loading->arena, folder, "office.yaml");
    if (access(path, F_OK) != 0)
        return;
    struct text_file *file = arena_allocate(loading->arena, sizeof *file);
    *file = (struct text_file){ .path = path, .language = language };
    strings_read_rest_later(kind->texts, language, office_prefixes, read_shipped, file);
}

static void read_all_shipped(struct loading *loading, const struct text_kind *kind)
{
    const char *directory = file_join(loading->arena, loading->share, "templates/languages");
    for (const struct shipped_language *language = loading->languages; language;
         language = language->next) {
        const char *path = arena_format(loading->arena, "%s/%s/%s", directory, language->tag,
                                        kind->file);
        if (access(path, F_OK) == 0)
            expect_shipped(loading, kind, language->tag, path);
        if (kind->hash)
            expect_office(loading, kind, language->tag,
                          arena_format(loading->arena, "%s/%s", directory, language->tag));
        if (language->also)
            strings_also(kind->texts, language->tag, language->also);
    }
}

/* ---- the newsroom's own ---- */

static void check_language(struct loading *loading, const char *language, bool is_file)
{
    const char *canonical = language_canonical(loading->arena, language);
    if (!canonical || strcmp(canonical, language) != 0)
        error_list_add(loading->problems, 0,
                       "the name of the %s is no language" ERROR_ADVICE "name it like %s",
                       is_file ? "file" : "folder",
                       is_file ? "da.yaml or en-GB.yaml" : "da or en-GB");
}

/* is_file: the file is named by its language, not the folder. */
static void read_own(struct loading *loading, const struct text_kind *kind, const char *language,
                     const char *shown, bool is_file)
{
    const char *path = file_join(loading->arena, loading->directory, shown);
    const char *bytes;
    size_t length;
    if (access(path, F_OK) != 0 || !loading_read_bytes(loading, path, shown, &bytes, &length))
        return;
    if (kind->hash) {
        hash_update_string(kind->hash, language);
        hash_update(kind->hash, bytes, length);
    }
    const struct yaml_node *root = loading_parse_yaml(loading, bytes, length);
    check_language(loading, language, is_file);
    if (!root)
        return;
    struct config_own_language *own = arena_allocate(loading->arena, sizeof *own);
    *own = (struct config_own_language){ .tag = language,
                                         .file = shown,
                                         .is_shipped = shipped_language_find(loading, language) !=
                                                       NULL,
                                         .texts = kind->texts,
                                         .next = loading->config->own_languages };
    loading->config->own_languages = own;
    add_texts(loading, kind, own, kind->texts, language, root);
}

/* Of version 0.1.0: templates/strings/LANG.yaml. */
static void read_old(struct loading *loading, const struct text_kind *kind)
{
    const char *directory = file_join(loading->arena, loading->directory, "templates/strings");
    const char *const *names = loading_list(loading, directory, ".yaml");
    for (; *names; names++)
        read_own(loading, kind, *names,
                 arena_format(loading->arena, "templates/strings/%s.yaml", *names), true);
}

static void read_all_own(struct loading *loading, const struct text_kind *kind)
{
    const char *directory = file_join(loading->arena, loading->directory, "templates/languages");
    const char *const *names = loading_list(loading, directory, "");
    for (; *names; names++)
        read_own(loading, kind, *names,
                 arena_format(loading->arena, "templates/languages/%s/%s", *names, kind->file),
                 false);
}

/* A file by a name that nothing reads would be left out in silence. */
static void check_file_names(struct loading *loading, const char *folder, const char *shown)
{
    static const char *const known[] = { "strings", "notes", "words", "mail", NULL };
    const char *const *names = loading_list(loading, folder, ".yaml");
    for (; *names; names++) {
        const char *const *name = known;
        while (*name && strcmp(*name, *names) != 0)
            name++;
        if (*name)
            continue;
        const char *nearest = name_nearest(*names, known);
        loading->problems->file = arena_format(loading->arena, "%s/%s.yaml", shown, *names);
        error_list_add(
            loading->problems, 0, "a language has no such file" ERROR_ADVICE "name it %s.yaml%s",
            nearest ? nearest : "strings", nearest ? "" : ", notes.yaml, words.yaml or mail.yaml");
    }
}

static void check_folders(struct loading *loading)
{
    static const char shown[] = "templates/languages";
    const char *directory = file_join(loading->arena, loading->directory, shown);
    const char *const *names = loading_list(loading, directory, "");
    for (; *names; names++) {
        const char *folder = file_join(loading->arena, directory, *names);
        const char *dot = strrchr(*names, '.');
        if (access(file_join(loading->arena, folder, "."), F_OK) == 0) {
            check_file_names(loading, folder, file_join(loading->arena, shown, *names));
        } else if (dot && strcmp(dot, ".yaml") == 0) {
            loading->problems->file = file_join(loading->arena, shown, *names);
            error_list_add(loading->problems, 0,
                           "a language has a folder" ERROR_ADVICE "name it %.*s/strings.yaml",
                           (int)(dot - *names), *names);
        }
    }
}

void loading_texts(struct loading *loading, struct hash_state *hash)
{
    struct config *config = loading->config;
    config->publish.strings = strings_new(fallback_language);
    config->notes = strings_new(fallback_language);
    const struct text_kind strings = {
        .file = "strings.yaml", .is_counted = true, .texts = config->publish.strings, .hash = hash
    };
    const struct text_kind notes = { .file = "notes.yaml",
                                     .has_places = true,
                                     .texts = config->notes };
    read_all_shipped(loading, &strings);
    read_all_shipped(loading, &notes);
    if (!strings_has_language(config->publish.strings, fallback_language)) {
        loading->problems->file = file_join(loading->arena, loading->share, "templates/languages");
        error_list_add(loading->problems, 0,
                       "has no %s/strings.yaml" ERROR_ADVICE "is pressroom completely installed?",
                       fallback_language);
        return;
    }
    read_old(loading, &strings);
    read_all_own(loading, &strings);
    read_all_own(loading, &notes);
    check_folders(loading);
}

/* ---- language.yaml ---- */

static const struct {
    enum release_place place;
    const char *name;
    const char *file;
} place_keys[PLACES] = {
    { RELEASE_PLACE_DRAFTS, "drafts", "places/drafts.txt" },
    { RELEASE_PLACE_SCHEDULED, "scheduled", "places/scheduled.txt" },
    { RELEASE_PLACE_WITHDRAWN, "withdrawn", "places/withdrawn.txt" },
};

static void read_places(struct loading *loading, struct shipped_language *language,
                        const struct yaml_node *root)
{
    static const char *const keys[] = { "drafts", "scheduled", "withdrawn", "readme", NULL };
    const struct yaml_node *mapping = NULL;
    if (!yaml_read_mapping(loading->problems, root, "places", &mapping) || !mapping)
        return;
    struct place_words *places = arena_allocate_array(loading->arena, PLACES, sizeof *places);
    yaml_check_keys(loading->problems, mapping, keys, NULL);
    (void)yaml_read_line(loading->problems, mapping, "readme", &language->readme);
    language->places = places;
    for (size_t i = 0; i < PLACES; i++) {
        places[i] = (struct place_words){ .place = place_keys[i].place,
                                          .file = place_keys[i].file };
        if (!yaml_read_line(loading->problems, mapping, place_keys[i].name, &places[i].name))
            language->places = NULL;
    }
}

/* ---- spelling ---- */

#define DICTIONARIES "/usr/share/hunspell/" /* where Debian's are, and most systems' */

/* The entries of a list, each behind prefix, ended by NULL; NULL: there is no such list. */
static const char *const *read_names(struct loading *loading, const struct yaml_node *mapping,
                                     const char *key, const char *prefix)
{
    const struct yaml_node *item = NULL;
    if (!yaml_read_list(loading->problems, mapping, key, &item) || !item)
        return NULL;
    size_t count = 0;
    for (const struct yaml_node *next = item; next; next = next->next)
        count++;
    const char **names = arena_allocate_array(loading->arena, count + 1, sizeof *names);
    count = 0;
    for (; item; item = item->next)
        names[count++] = arena_format(loading->arena, "%s%s", prefix, item->text);
    return names;
}

static void read_spelling(struct loading *loading, const struct yaml_node *root)
{
    static const char *const keys[] = { "package", "joints", "part", "dictionaries", NULL };
    const struct yaml_node *mapping = NULL;
    const struct yaml_node *tags = NULL;
    const char *package = NULL;
    int64_t letters = 0;
    if (!yaml_read_mapping(loading->problems, root, "spelling", &mapping) || !mapping)
        return;
    yaml_check_keys(loading->problems, mapping, keys, NULL);
    (void)yaml_read_line(loading->problems, mapping, "package", &package);
    (void)yaml_read_integer(loading->problems, mapping, "part", 1, 60, &letters);
    const char *const *joints = read_names(loading, mapping, "joints", "");
    if (!yaml_read_mapping(loading->problems, mapping, "dictionaries", &tags) || !tags)
        return;
    for (const struct yaml_node *tag = tags->first; tag; tag = tag->next) {
        const char *const *paths = read_names(loading, tags, tag->key, DICTIONARIES);
        if (!paths)
            continue;
        struct proofreading_dictionary *dictionary = arena_allocate(loading->arena,
                                                                    sizeof *dictionary);
        *dictionary = (struct proofreading_dictionary){ .language = tag->key,
                                                        .paths = paths,
                                                        .part_letters = (int)letters,
                                                        .joints = joints,
                                                        .package = package,
                                                        .next = loading->dictionaries };
        loading->dictionaries = dictionary;
    }
}

static void read_language_file(struct loading *loading, struct shipped_language *language,
                               const char *path)
{
    static const char *const keys[] = { "country", "timezone", "also", "places", "spelling", NULL };
    const struct yaml_node *root = loading_read_yaml(loading, path, path);
    if (!root)
        return;
    yaml_check_keys(loading->problems, root, keys, NULL);
    (void)yaml_read_line(loading->problems, root, "country", &language->country);
    (void)yaml_read_line(loading->problems, root, "timezone", &language->timezone);
    read_places(loading, language, root);
    read_spelling(loading, root);
    language->also = read_names(loading, root, "also", "");
}

void loading_languages(struct loading *loading)
{
    const char *directory = file_join(loading->arena, loading->share, "templates/languages");
    const char *const *names = loading_list(loading, directory, "");
    struct shipped_language **link = &loading->languages;
    const char *file = loading->problems->file;
    for (; *names; names++) {
        const char *path = arena_format(loading->arena, "%s/%s/language.yaml", directory, *names);
        if (access(path, F_OK) != 0)
            continue;
        struct shipped_language *language = arena_allocate(loading->arena, sizeof *language);
        language->tag = *names;
        read_language_file(loading, language, path);
        *link = language;
        link = &language->next;
    }
    loading->problems->file = file;
}

static bool is_read_as(const struct shipped_language *language, const char *tag, size_t length)
{
    if (strncmp(language->tag, tag, length) == 0 && language->tag[length] == '\0')
        return true;
    for (const char *const *also = language->also; also && *also; also++)
        if (strncmp(*also, tag, length) == 0 && (*also)[length] == '\0')
            return true;
    return false;
}

const struct shipped_language *shipped_language_find(const struct loading *loading, const char *tag)
{
    const size_t lengths[] = { strlen(tag), strcspn(tag, "-") };
    for (size_t i = 0; i < 2; i++)
        for (const struct shipped_language *language = loading->languages; language;
             language = language->next)
            if (is_read_as(language, tag, lengths[i]))
                return language;
    return NULL;
}
