/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/random.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/preview_files.h"
#include "config/config.h"
#include "intake/intake.h"
#include "release/release.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_holds(const struct preview_files *files, const char *name, const char *bytes)
{
    char read_bytes[64] = "";
    struct error error = { 0 };
    const struct release_asset asset = { .file = name };
    int descriptor = files->files.open(files->files.payload, &asset, &error);
    assert_true(descriptor >= 0);
    assert_int_equal(read(descriptor, read_bytes, sizeof read_bytes - 1), strlen(bytes));
    assert_string_equal(read_bytes, bytes);
    (void)close(descriptor);
}

/* A picture within the text is found there, all others beside it, and nothing elsewhere. */
static void pictures_within_a_file_are_shown(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct error error = { 0 };
    char folder[] = "/tmp/preview_files.XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *text = arena_format(&arena, "%s/x.docx", folder);
    const char *beside = arena_format(&arena, "%s/beside.png", folder);
    const char *const written[] = { text, beside };
    for (size_t i = 0; i < 2; i++) {
        FILE *file = fopen(written[i], "we");
        assert_non_null(file);
        assert_true(fputs("beside", file) >= 0);
        assert_int_equal(fclose(file), 0);
    }
    struct intake_part second = { .name = "picture 2.png", .bytes = "two", .length = 3 };
    const struct intake_part first = {
        .name = "picture 1.png", .bytes = "one", .length = 3, .next = &second
    };
    const struct intake_check check = { .parts = &first };
    struct config config = { .releases_path = folder };
    const struct arguments arguments = { .words = &text, .word_count = 1 };
    struct command_context context = { .arena = &arena,
                                       .config = &config,
                                       .arguments = &arguments };
    struct preview_files files;
    assert_true(preview_files_open(&files, &context, &check, &error));
    assert_holds(&files, "picture 1.png", "one");
    assert_holds(&files, "picture 2.png", "two");
    assert_holds(&files, "beside.png", "beside");
    const struct release_asset outside = { .file = "../preview_files" };
    assert_int_equal(files.files.open(files.files.payload, &outside, &error), -1);
    preview_files_close(&files);
    (void)unlink(text);
    (void)unlink(beside);
    (void)rmdir(folder);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(pictures_within_a_file_are_shown) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
