/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "mail/header_text.h"

#include "base/string_builder.h"

#include <string.h>

static void check_subject(const char *value, const char *want)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    header_append_unstructured(&text, "Subject", value);
    assert_string_equal(text.data, want);
    string_builder_release(&text);
}

static void a_subject_is_plain_where_it_can_be_and_encoded_where_it_must(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *input;
        const char *want;
    } table[] = {
        { "plain", "New hospital opens", "Subject: New hospital opens\r\n" },
        { "danish", "Ny akutmodtagelse åbner",
          "Subject: =?utf-8?Q?Ny_akutmodtagelse_=C3=A5bner?=\r\n" },
        { "greek is shorter in base64", "Νέο", "Subject: =?utf-8?B?zp3Orc6/?=\r\n" },
        { "line breaks cannot get in", "Hi\r\nBcc: victim@x.example\n\tX: y",
          "Subject: Hi Bcc: victim@x.example X: y\r\n" },
        { "other line separators",
          "a\u2028b\xC2\x85"
          "c",
          "Subject: a b c\r\n" },
        { "looks encoded", "=?utf-8?Q?x?=", "Subject: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?=\r\n" },
        { "no UTF-8", "a\xFFz", "Subject: =?utf-8?Q?a=EF=BF=BDz?=\r\n" },
        { "empty", "", "Subject:\r\n" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        check_subject(table[i].input, table[i].want);
}

static void check_lines(const char *field)
{
    size_t width = 0;
    for (const char *cursor = field; *cursor; cursor++) {
        width = *cursor == '\n' ? 0 : width + 1;
        assert_true(width <= 77); /* with its CR */
    }
}

static void long_subjects_are_folded_between_characters(void **state)
{
    (void)state;
    static const char *const table[] = {
        "æøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøå",
        "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
        "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct string_builder text;
        string_builder_init(&text, 0);
        header_append_unstructured(&text, "Subject", table[i]);
        check_lines(text.data);
        string_builder_release(&text);
    }
}

static void display_names_are_words_or_quoted_or_encoded(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        const char *want;
    } table[] = {
        { "Region Nordhav", "From: Region Nordhav <presse@nordhav.example>\r\n" },
        { "Nordhav, presse", "From: \"Nordhav, presse\" <presse@nordhav.example>\r\n" },
        { "A \"B\" \\", "From: \"A \\\"B\\\" \\\\\" <presse@nordhav.example>\r\n" },
        { "Ådal", "From: =?utf-8?Q?=C3=85dal?= <presse@nordhav.example>\r\n" },
        { "Ådal <x@y>\r\nBcc: z",
          "From: =?utf-8?Q?=C3=85dal_=3Cx=40y=3E_Bcc=3A_z?= <presse@nordhav.example>\r\n" },
        { NULL, "From: presse@nordhav.example\r\n" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct string_builder text;
        string_builder_init(&text, 0);
        header_append_mailbox(&text, "From", table[i].name, "presse@nordhav.example");
        assert_string_equal(text.data, table[i].want);
        string_builder_release(&text);
    }
}

static void an_address_cannot_end_its_field(void **state)
{
    (void)state;
    struct string_builder text;
    string_builder_init(&text, 0);
    header_append_mailbox(&text, "From", "A", "a@x.example>\r\nBcc: <b@x.example");
    assert_string_equal(text.data, "From: A <a@x.exampleBcc:b@x.example>\r\n");
    string_builder_release(&text);
}

static void parts_stand_on_lines_of_their_own(void **state)
{
    (void)state;
    static const char *const parts[] = { "<https://x.example/u>,", "<mailto:u@x.example\n>" };
    struct string_builder text;
    string_builder_init(&text, 0);
    header_append_parts(&text, "List-Unsubscribe", parts, 2);
    assert_string_equal(text.data,
                        "List-Unsubscribe: <https://x.example/u>,\r\n <mailto:u@x.example>\r\n");
    string_builder_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subject_is_plain_where_it_can_be_and_encoded_where_it_must),
        cmocka_unit_test(long_subjects_are_folded_between_characters),
        cmocka_unit_test(display_names_are_words_or_quoted_or_encoded),
        cmocka_unit_test(an_address_cannot_end_its_field),
        cmocka_unit_test(parts_stand_on_lines_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
