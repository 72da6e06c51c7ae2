/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_MAIL_MAIL_TEST_RESOURCES_H
#define TESTS_UNIT_MAIL_MAIL_TEST_RESOURCES_H

#include "cmocka_all.h"

#include "mail/mail.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "release/release_store.h"
#include "template/template.h"
#include "unit/locale/shipped_strings.h"

#include <fcntl.h>
#include <string.h>

/* What the made-up region makes mails with: the templates and strings that the program is installed
 * with. */
struct test_resources {
    struct arena arena;
    struct newsroom newsroom;
    struct mail_settings settings;
    struct template_set *templates;
    struct strings *strings;
    struct locale_context *locale;
    struct mail_resources resources;
    struct presentation_settings presentation;
};

static inline void test_resources_read_template(struct test_resources *test, const char *name)
{
    struct error error = { 0 };
    const char *path = arena_format(&test->arena, TEST_SOURCE_DIRECTORY "/templates/%s.mustache",
                                    name);
    const char *source = test_read(&test->arena, path, NULL);
    if (!template_add(test->templates, name, source, strlen(source), &error))
        fail_msg("%s", error.message);
}

static inline void test_resources_open(struct test_resources *test)
{
    static const char *const names[] = {
        "mail-head.html",         "mail-contacts.html",   "mail-contacts.text",
        "mail-foot.html",         "mail-foot.text",       "mail-release.html",
        "mail-release.text",      "mail-withdrawal.html", "mail-withdrawal.text",
        "mail-confirmation.html", "mail-notice.html",     "mail-notice.text",
        "mail-confirmation.text", "mail-digest.html",     "mail-digest.text",
        "mail-forward.text",      "mail-receipt.html",    "mail-receipt.text",
    };
    static struct localized_text about_en = {
        "en", "Region Nordhav runs the hospitals in Vesterhavn, Lillesund and Ådal.", NULL
    };
    static const struct localized_text about = {
        "da", "Region Nordhav driver hospitalerne i Vesterhavn, Lillesund og Ådal.", &about_en
    };
    struct error error = { 0 };
    *test = (struct test_resources){ 0 };
    test->newsroom = (struct newsroom){ .name = "Region Nordhav",
                                        .country = "DK",
                                        .about = &about,
                                        .address = "Havnepladsen 1\n9990 Vesterhavn",
                                        .privacy = "https://nordhav.example/privatliv",
                                        .site_url = "https://presse.nordhav.example/",
                                        .endpoint = "https://presse.nordhav.example/",
                                        .tag_authority = "presse.nordhav.example",
                                        .tag_date = "2026-05-01",
                                        .language = "da",
                                        .timezone = "Europe/Copenhagen" };
    test->settings = (struct mail_settings){ .from_name = "Region Nordhav, pressen på Ådal",
                                             .from_address = "presse@nordhav.example",
                                             .replies = "svar@nordhav.example",
                                             .delimiter = "+",
                                             .is_answered = true,
                                             .list_id = "nyheder.presse.nordhav.example" };
    test->templates = template_set_new();
    test->strings = strings_new("en");
    test->locale = locale_context_new("Europe/Copenhagen", &error);
    assert_non_null(test->locale);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        test_resources_read_template(test, names[i]);
    test_strings_add(test->strings, &test->arena, "da");
    test_strings_add(test->strings, &test->arena, "en");
    test->resources = (struct mail_resources){ .newsroom = &test->newsroom,
                                               .settings = &test->settings,
                                               .templates = test->templates,
                                               .strings = test->strings,
                                               .locale = test->locale };
    test->presentation = (struct presentation_settings){ .newsroom = &test->newsroom,
                                                         .strings = test->strings,
                                                         .locale = test->locale,
                                                         .home = test->newsroom.site_url,
                                                         .home_language = "da" };
}

static inline void test_resources_close(struct test_resources *test)
{
    locale_context_free(test->locale);
    strings_free(test->strings);
    template_set_free(test->templates);
    arena_release(&test->arena);
}

static inline struct release *test_release(struct test_resources *test, const char *path)
{
    struct error error = { 0 };
    const char *xml = test_read(&test->arena, path, NULL);
    struct release *release = release_read_document(&test->arena, xml, strlen(xml), &error);
    if (!release)
        fail_msg("%s", error.message);
    return release;
}

static inline struct presentation *test_present(struct test_resources *test,
                                                const struct release_row *row,
                                                const struct release *release)
{
    struct presentation *presentation = arena_allocate(&test->arena, sizeof *presentation);
    presentation_init(presentation, &test->arena, &test->presentation, row, release);
    return presentation;
}

#endif
