/* SPDX-License-Identifier: MIT */
#include "base/media_type.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_file_has_the_type_of_its_name(void **state)
{
    (void)state;

    static const struct {
        const char *path;
        const char *name; /* NULL: not known */
        const char *content_type;
        bool is_asset;
    } cases[] = {
        { "feeds/a.atom", MEDIA_TYPE_ATOM, MEDIA_TYPE_ATOM "; charset=utf-8", false },
        { "feeds/a.json", MEDIA_TYPE_JSON_FEED, MEDIA_TYPE_JSON_FEED, false },
        { "releases/2026/a/release.json", "application/json", "application/json", false },
        { "releases/2026/a/data.xml", "application/xml", "application/xml", false },
        { "sitemap.xml", "application/xml", "application/xml; charset=utf-8", false },
        { "a.b/foto.JPG", "image/jpeg", "image/jpeg", true },
        { "tal.csv", "text/csv", "text/csv; charset=utf-8", true },
        { "tegning.svg", "image/svg+xml", "image/svg+xml", false },
        { "a.pdf/none", NULL, NULL, false },
        { "jpg", NULL, NULL, false },
        { "a.", NULL, NULL, false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct media_type *type = media_type_find(cases[i].path);
        assert_int_equal(type != NULL, cases[i].name != NULL);
        if (!type)
            continue;
        assert_string_equal(type->name, cases[i].name);
        assert_string_equal(type->content_type, cases[i].content_type);
        assert_int_equal(type->is_asset, cases[i].is_asset);
    }
}

/* What publish/ makes beside pages and pictures: no server knows the types of all of these. */
static const char *const made[] = { "feeds/x.atom", "feeds/x.rss",   "feeds/x.json",
                                    "x.ics",        "sitemap-x.xml", "x.opml" };

enum { MADE = sizeof made / sizeof made[0] };

static char *file_read(const char *name)
{
    char path[4096];
    size_t length = 0;
    (void)snprintf(path, sizeof path, "%s/packaging/%s", TEST_SOURCE_DIRECTORY, name);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    char *text = calloc(1, 1 << 16);
    assert_non_null(text);
    length = fread(text, 1, (1 << 16) - 1, file);
    assert_in_range(length, 1, (1 << 16) - 2);
    (void)fclose(file);
    return text;
}

/* The word behind the text "before name" up to one of the characters of end. */
static void word_behind(const char *text, const char *before, const char *end, char word[256])
{
    const char *at = strstr(text, before);
    if (!at)
        fail_msg("not there: %s", before);
    at += strlen(before);
    at += strspn(at, " \t\"");
    (void)snprintf(word, 256, "%.*s", (int)strcspn(at, end), at);
}

static void nginx_says_the_same(void **state)
{
    static const char *const places[MADE] = {
        " \\.atom$ ", " \\.rss$ ", " ^/feeds/.*\\.json$ ", " \\.ics$ ", " ^/sitemap[^/]*\\.xml$ ",
        " \\.opml$ "
    };
    (void)state;
    char *text = file_read("nginx.conf");
    char word[256];
    char charset_types[1024];
    const char *types = strstr(text, "charset_types ");
    assert_non_null(types);
    (void)snprintf(charset_types, sizeof charset_types, "%.*s ", (int)strcspn(types, ";"), types);
    for (size_t i = 0; i < MADE; i++) {
        const struct media_type *type = media_type_find(made[i]);
        const char *location = strstr(text, places[i]);
        assert_non_null(type);
        if (!location)
            fail_msg("nginx.conf: no location%s", places[i]);
        word_behind(location, "default_type ", ";", word);
        assert_string_equal(word, type->name);
        (void)snprintf(word, sizeof word, " %s ", type->name);
        bool has_charset = strcmp(type->name, type->content_type) != 0;
        assert_int_equal(strstr(charset_types, word) != NULL, has_charset);
    }
    size_t count = 0;
    for (const char *at = strstr(text, "default_type "); at; at = strstr(at + 1, "default_type "))
        count++;
    assert_int_equal(count, MADE); /* none that is not compared */
    free(text);
}

static void caddy_says_the_same(void **state)
{
    static const char *const places[MADE] = { " path *.atom\n",        " path *.rss\n",
                                              " path /feeds/*.json\n", " path *.ics\n",
                                              " path /sitemap*.xml\n", " path *.opml\n" };
    (void)state;
    char *text = file_read("Caddyfile");
    char word[256];
    for (size_t i = 0; i < MADE; i++) {
        const struct media_type *type = media_type_find(made[i]);
        const char *place = strstr(text, places[i]);
        assert_non_null(type);
        if (!place)
            fail_msg("Caddyfile: no%s", places[i]);
        const char *matcher = place;
        while (*matcher != '@')
            matcher--;
        char header[256];
        (void)snprintf(header, sizeof header, "header %.*s Content-Type ", (int)(place - matcher),
                       matcher);
        word_behind(text, header, "\"\n", word);
        assert_string_equal(word, type->content_type);
    }
    size_t count = 0;
    for (const char *at = strstr(text, " Content-Type "); at; at = strstr(at + 1, " Content-Type "))
        count++;
    assert_int_equal(count, MADE);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_has_the_type_of_its_name),
        cmocka_unit_test(nginx_says_the_same),
        cmocka_unit_test(caddy_says_the_same),
    };

    return cmocka_run_group_tests_name("media_type", tests, NULL, NULL);
}
