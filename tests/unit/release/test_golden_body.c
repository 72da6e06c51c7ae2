/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/golden.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each tests/golden/body/NAME.in.xml is a release's document; beside it stands what the writers
 * make of its body. */
static const char *const names[] = { "all_kinds" };

static const char *file_address(void *payload, const char *file)
{
    if (strncmp(file, "findes-ikke", 11) == 0)
        return NULL;
    return arena_format(payload, "https://presse.nordhav.example/media/0123/%s", file);
}

static bool image_size(void *payload, const char *file, int *width, int *height)
{
    (void)payload;
    (void)file;
    *width = 1200;
    *height = 801;
    return true;
}

static const char *translate(void *payload, const char *key)
{
    (void)payload;
    return strcmp(key, "body_image") == 0 ? "Billede" : "Tabel";
}

static void compare(const char *name, const char *ending, const char *have)
{
    char file[256];
    (void)snprintf(file, sizeof file, "body/%s.%s", name, ending);
    assert_true(golden_is(file, have));
}

static void write_and_compare(const char *name)
{
    struct arena arena = { 0 };
    struct string_builder text;
    struct error error = { 0 };
    char path[512];
    string_builder_init(&text, 0);
    (void)snprintf(path, sizeof path, TEST_DATA_DIRECTORY "/body/%s.in.xml", name);
    assert_true(file_read(AT_FDCWD, path, &text, &error));
    struct release *release = release_read_document(&arena, text.data, text.length, &error);
    if (!release) {
        fail_msg("%s", error.message);
        return;
    }
    const struct body_writer_options page = { .file_address = file_address,
                                              .image_size = image_size,
                                              .translate = translate,
                                              .payload = &arena };
    struct body_writer_options mail = page;
    mail.is_mail = true;
    mail.heading_shift = 1;
    mail.skip_first_paragraph = true;
    string_builder_clear(&text);
    body_write_html(&text, release->body, &page);
    compare(name, "html", text.data);
    string_builder_clear(&text);
    body_write_html(&text, release->body, &mail);
    compare(name, "mail.html", text.data);
    string_builder_clear(&text);
    body_write_text(&text, release->body, &page, 72);
    compare(name, "txt", text.data);
    string_builder_release(&text);
    arena_release(&arena);
}

static void bodies_are_written_as_expected(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        write_and_compare(names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(bodies_are_written_as_expected) };
    return cmocka_run_group_tests_name("golden body", tests, NULL, NULL);
}
