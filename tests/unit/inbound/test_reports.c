/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "html/html.h"
#include "inbound/notice.h"
#include "inbound/reading.h"
#include "mime/mime.h"
#include "mime_parser/mime_read.h"
#include "unit/files.h"

#include "unit/phrases.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* tests/golden/inbound/reports/: what servers and providers write, in their own forms, and whom
 * each is about. */

enum { LINE_SIZE = 512 };

static struct inbound_settings settings = { .replies = "svar@nordhav.example",
                                            .bounces = "bounce@nordhav.example",
                                            .delimiter = "+",
                                            .from = "presse@nordhav.example" };

static const char *const kinds[] = {
    [KIND_UNKNOWN] = "unknown",     [KIND_BOUNCE] = "bounce",       [KIND_DELAYED] = "delayed",
    [KIND_DELIVERED] = "delivered", [KIND_COMPLAINT] = "complaint", [KIND_AUTOMATIC] = "automatic",
    [KIND_CHALLENGE] = "challenge", [KIND_HUMAN] = "human",         [KIND_REQUEST] = "request",
    [KIND_DMARC] = "dmarc",
};

/* "bounce ida@avisen.example:address", as the table writes it. */
static void describe(const struct inbound_reading *reading, char line[LINE_SIZE])
{
    size_t used = (size_t)snprintf(line, LINE_SIZE, "%s", kinds[reading->kind]);
    for (const struct inbound_recipient *one = reading->recipients; one; one = one->next)
        if (*one->address && used < LINE_SIZE)
            used += (size_t)snprintf(line + used, LINE_SIZE - used, " %s:%s", one->address,
                                     refusal_kind_name(one->kind));
}

static void read_file(const struct inbound_context *context, const char *name, char line[LINE_SIZE])
{
    struct arena arena = { 0 };
    struct string_builder bytes;
    struct error error = { 0 };
    struct inbound_reading reading;
    string_builder_init(&bytes, 0);
    const char *path = arena_format(&arena, TEST_DATA_DIRECTORY "/inbound/reports/%s.eml", name);
    assert_true(file_read(AT_FDCWD, path, &bytes, &error));
    inbound_read(context, &arena, mime_read(&html_reader, &arena, bytes.data, bytes.length),
                 &reading);
    describe(&reading, line);
    string_builder_release(&bytes);
    arena_release(&arena);
}

static void reports_of_many_servers_are_read_as_the_table_says(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct string_builder table;
    struct error error = { 0 };
    struct inbound_context context;
    int wrong = 0;
    int count = 0;
    string_builder_init(&table, 0);
    struct mail_phrases *phrases = shipped_phrases();
    settings.phrases = phrases;
    assert_true(inbound_context_init(&context, &arena, &settings, NULL, &error));
    assert_true(
        file_read(AT_FDCWD, TEST_DATA_DIRECTORY "/inbound/reports/expected", &table, &error));
    char *rest = NULL;
    for (char *row = strtok_r(table.data, "\n", &rest); row; row = strtok_r(NULL, "\n", &rest)) {
        char got[LINE_SIZE];
        char *space = strchr(row, ' ');
        if (*row == '#' || !space)
            continue;
        *space = '\0';
        read_file(&context, row, got);
        count++;
        if (strcmp(got, space + 1) != 0) {
            (void)fprintf(stderr, "%s: got \"%s\", want \"%s\"\n", row, got, space + 1);
            wrong++;
        }
    }
    string_builder_release(&table);
    mail_phrases_free(phrases);
    arena_release(&arena);
    assert_int_equal(count, count_files(TEST_DATA_DIRECTORY "/inbound/reports/*.eml"));
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_of_many_servers_are_read_as_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
