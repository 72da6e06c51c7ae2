/* SPDX-License-Identifier: MIT */
/* The list of fields says something of every field that a header may have, in every language. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "intake/field_list.h"
#include "yaml/yaml.h"

#include <fcntl.h>
#include <string.h>

static const char *const languages[] = { "da", "de", "en", "nb", "sv", NULL };

static const struct yaml_node *read_texts(struct arena *arena, const char *language)
{
    struct string_builder bytes;
    struct error error;
    const char *path = arena_format(
        arena, TEST_SOURCE_DIRECTORY "/templates/languages/%s/guide.yaml", language);
    string_builder_init(&bytes, YAML_SIZE_MAXIMUM);
    assert_true(file_read(AT_FDCWD, path, &bytes, &error));
    const struct yaml_node *root = yaml_parse(arena, bytes.data, bytes.length, 1, &error);
    string_builder_release(&bytes);
    assert_non_null(root);
    return root;
}

static void assert_there(const struct yaml_node *texts, const char *language, const char *key)
{
    if (!yaml_get(texts, key))
        fail_msg("templates/languages/%s/guide.yaml lacks “%s”", language, key);
}

static void every_field_has_a_sentence_and_an_example(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    size_t count;
    const struct intake_field_entry *fields = intake_field_list(&arena, &count);
    assert_true(count > 0);
    for (const char *const *language = languages; *language; language++) {
        const struct yaml_node *texts = read_texts(&arena, *language);
        for (size_t i = 0; i < count; i++) {
            const char *name = fields[i].parent
                                   ? arena_format(&arena, "%s_%s", fields[i].parent, fields[i].name)
                                   : fields[i].name;
            assert_there(texts, *language, arena_format(&arena, "field_%s", name));
            assert_there(texts, *language, arena_format(&arena, "example_%s", name));
        }
    }
    arena_release(&arena);
}

static void every_field_says_what_is_written_in_it(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    size_t count;
    const struct intake_field_entry *fields = intake_field_list(&arena, &count);
    for (size_t i = 0; i < count; i++)
        if (fields[i].kind == INTAKE_FIELD_KIND_UNKNOWN)
            fail_msg("intake/field_list.c has no row for “%s”", fields[i].name);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_a_sentence_and_an_example),
        cmocka_unit_test(every_field_says_what_is_written_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
