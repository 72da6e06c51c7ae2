/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "mail/composition.h"
#include "mail/quoted_printable.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/string_builder.h"

#include <string.h>

#define TOKEN "abcdefghijklmnopqrstuvwxyz234567abcdefgh"

struct fixture {
    struct arena arena;
    struct mail_slots slots;
    struct mail_message message;
    struct mail_values values;
    struct error error;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ 0 };
    struct hash seed;
    hash_bytes("seed", 4, &seed);
    mail_slots_init(&fixture.slots, &seed);
    char(*names)[MAIL_SLOT_NAME_SIZE] = fixture.slots.names;
    struct arena *arena = &fixture.arena;
    fixture.message = (struct mail_message){
        .class = MAIL_CLASS_BULK,
        .from_name = "Region Nordhav",
        .from_address = "presse@nordhav.example",
        .subject = "Ny akutmodtagelse åbner",
        .text = arena_format(arena,
                             "Hej\n\n.dot\nFrom here\ntrailing \n"
                             "https://presse.nordhav.example/unsubscribe/%s\n",
                             names[MAIL_SLOT_UNSUBSCRIBE]),
        .html = arena_format(arena,
                             "<p>Hej æøå</p>\n<a href=\"https://presse.nordhav.example/"
                             "unsubscribe/%s\">x</a> <a href=\"https://presse.nordhav.example/"
                             "preferences/%s\">y</a>\n",
                             names[MAIL_SLOT_UNSUBSCRIBE], names[MAIL_SLOT_PREFERENCES]),
        .is_reply = true,
        .list_id = "presse.nordhav.example",
        .list_name = "Region Nordhav",
        .list_archive = "https://presse.nordhav.example/",
        .unsubscribe_url = arena_format(arena, "https://presse.nordhav.example/unsubscribe/%s",
                                        names[MAIL_SLOT_UNSUBSCRIBE]),
        .unsubscribe_mailto = arena_format(arena, "mailto:svar+unsubscribe-%s@nordhav.example",
                                           names[MAIL_SLOT_UNSUBSCRIBE]),
        .feedback_id = "a:b:c:d",
        .slots = &fixture.slots,
    };
    fixture.values = (struct mail_values){ {
        [MAIL_SLOT_TO] = "anna@avis.example",
        [MAIL_SLOT_DATE] = "Tue, 07 Jun 2022 18:57:25 +0200",
        [MAIL_SLOT_MESSAGE_ID] = "<1.2@nordhav.example>",
        [MAIL_SLOT_IN_REPLY_TO] = "<1.1@nordhav.example>",
        [MAIL_SLOT_UNSUBSCRIBE] = "abcdefghijklmnopqrstuvwxyz234567abcdefgh",
        [MAIL_SLOT_PREFERENCES] = "pppp",
    } };
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

static void check_same_as_built(struct fixture *fixture)
{
    struct string_builder spliced;
    struct string_builder built;
    string_builder_init(&spliced, 0);
    string_builder_init(&built, 0);
    const struct mail_composition *composition = mail_compose(&fixture->arena, &fixture->message,
                                                              &fixture->error);
    assert_non_null(composition);
    assert_true(mail_splice(composition, &fixture->values, &spliced, &fixture->error));
    assert_true(
        mail_build(&fixture->arena, &fixture->message, &fixture->values, &built, &fixture->error));
    assert_string_equal(spliced.data, built.data);
    assert_null(strstr(spliced.data, "slot"));
    string_builder_release(&spliced);
    string_builder_release(&built);
}

static void a_spliced_message_is_the_one_built_for_that_person(void **state)
{
    struct fixture *fixture = *state;
    static const char *const addresses[] = {
        "a@b.example",
        ("a.very.long.local.part.that.is.sixty.four.octets.long.as.allowed@"
         "and-a-domain-that-is-long-too.with-many-labels.of-many-letters.nordhav.example"),
        "jørgen@ådal.example",
        ".@x.example",
    };
    static const char *const tokens[] = { "", "a", "abcdefghijklmnopqrstuvwxyz234567abcdefgh" };
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 3; j++) {
            fixture->values.values[MAIL_SLOT_TO] = addresses[i];
            fixture->values.values[MAIL_SLOT_UNSUBSCRIBE] = tokens[j];
            check_same_as_built(fixture);
        }
}

static const char *spliced(struct fixture *fixture)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    const struct mail_composition *composition = mail_compose(&fixture->arena, &fixture->message,
                                                              &fixture->error);
    assert_non_null(composition);
    assert_true(mail_splice(composition, &fixture->values, &text, &fixture->error));
    const char *copy = arena_copy_bytes(&fixture->arena, text.data, text.length);
    string_builder_release(&text);
    return copy;
}

static void bulk_mail_has_the_fields_of_the_contract(void **state)
{
    const char *bytes = spliced(*state);
    /* NOLINTNEXTLINE(bugprone-suspicious-missing-comma): one field on two lines */
    static const char *const wanted[] = {
        "From: Region Nordhav <presse@nordhav.example>\r\n",
        "\r\nTo: anna@avis.example\r\n",
        "\r\nSubject: =?utf-8?Q?Ny_akutmodtagelse_=C3=A5bner?=\r\n",
        "\r\nDate: Tue, 07 Jun 2022 18:57:25 +0200\r\n",
        "\r\nMessage-ID: <1.2@nordhav.example>\r\n",
        "\r\nIn-Reply-To: <1.1@nordhav.example>\r\nReferences: <1.1@nordhav.example>\r\n",
        "\r\nList-Id: Region Nordhav <presse.nordhav.example>\r\n",
        "\r\nList-Unsubscribe: <https://presse.nordhav.example/unsubscribe/" TOKEN ">,\r\n"
        " <mailto:svar+unsubscribe-" TOKEN "@nordhav.example>\r\n",
        "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "\r\nList-Archive: <https://presse.nordhav.example/>\r\n",
        "\r\nFeedback-ID: a:b:c:d\r\n",
        "\r\nX-Auto-Response-Suppress: All\r\n",
        "\r\nMIME-Version: 1.0\r\n",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!strstr(bytes, wanted[i]))
            fail_msg("not there: %s\nin: %s", wanted[i], bytes);
    assert_null(strstr(bytes, "Auto-Submitted"));
}

static void without_an_endpoint_there_is_only_mailto(void **state)
{
    struct fixture *fixture = *state;
    fixture->message.unsubscribe_url = NULL;
    const char *bytes = spliced(fixture);
    assert_non_null(strstr(bytes, "\r\nList-Unsubscribe: <mailto:"));
    assert_null(strstr(bytes, "List-Unsubscribe-Post"));
}

static void a_single_mail_says_that_a_machine_wrote_it(void **state)
{
    struct fixture *fixture = *state;
    fixture->message.class = MAIL_CLASS_TRANSACTIONAL;
    const char *bytes = spliced(fixture);
    assert_non_null(strstr(bytes, "\r\nAuto-Submitted: auto-generated\r\n"));
    assert_null(strstr(bytes, "List-"));
}

static void lines_are_short_and_need_no_stuffing(void **state)
{
    struct fixture *fixture = *state;
    fixture->message.subject = "x\r\n.\r\nMAIL FROM:<a@b.example>";
    const char *bytes = spliced(fixture);
    size_t width = 0;
    for (const char *cursor = bytes; *cursor; cursor++) {
        if (*cursor == '\n')
            assert_true(cursor > bytes && cursor[-1] == '\r');
        width = *cursor == '\n' ? 0 : width + 1;
        assert_true(width <= 998);
    }
    assert_null(strstr(bytes, "\n."));
    assert_non_null(strstr(bytes, "\r\n=2Edot\r\n=46rom here\r\ntrailing=20\r\n"));
    assert_non_null(strstr(bytes, "Subject: x . MAIL FROM:<a@b.example>\r\n"));
}

static void the_boundary_is_not_in_a_body_that_holds_it(void **state)
{
    struct fixture *fixture = *state;
    const char *first = spliced(fixture);
    const char *boundary = strstr(first, "boundary=\"") + strlen("boundary=\"");
    char copy[64] = { 0 };
    memcpy(copy, boundary, strcspn(boundary, "\""));
    fixture->message.text = arena_format(&fixture->arena, "--%s\n--%s--\n", copy, copy);
    const char *second = spliced(fixture);
    assert_null(strstr(second, arena_format(&fixture->arena, "\n--%s", copy)));
    assert_string_equal(first, first);
    assert_non_null(strstr(second, "\r\n--=3D_"));
}

static void the_same_content_gives_the_same_bytes(void **state)
{
    struct fixture *fixture = *state;
    assert_string_equal(spliced(fixture), spliced(fixture));
}

static void values_that_could_end_a_field_are_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct mail_composition *composition = mail_compose(&fixture->arena, &fixture->message,
                                                              &fixture->error);

    static const struct {
        enum mail_slot slot;
        const char *value;
    } table[] = {
        { MAIL_SLOT_TO, "a@b.example\r\nBcc: c@d.example" },
        { MAIL_SLOT_MESSAGE_ID, "<a\n>" },
        { MAIL_SLOT_UNSUBSCRIBE, ".x" },
        { MAIL_SLOT_UNSUBSCRIBE, "a\"b" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct mail_values values = fixture->values;
        struct error error = { 0 };
        struct string_builder text;
        string_builder_init(&text, 0);
        values.values[table[i].slot] = table[i].value;
        assert_false(mail_splice(composition, &values, &text, &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        string_builder_release(&text);
    }
}

static void a_message_without_sender_or_too_large_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->message.from_address = "";
    assert_null(mail_compose(&fixture->arena, &fixture->message, &fixture->error));
    assert_int_equal(fixture->error.kind, ERROR_INPUT);
    fixture->message.from_address = "a@b.example";
    char *large = arena_allocate(&fixture->arena, MAIL_SIZE_MAXIMUM + 2);
    memset(large, 'x', MAIL_SIZE_MAXIMUM + 1);
    fixture->message.text = large;
    assert_null(mail_compose(&fixture->arena, &fixture->message, &fixture->error));
}

static void a_full_buffer_is_an_error_of_that_person(void **state)
{
    struct fixture *fixture = *state;
    const struct mail_composition *composition = mail_compose(&fixture->arena, &fixture->message,
                                                              &fixture->error);
    struct string_builder text;
    string_builder_init(&text, 100);
    assert_false(mail_splice(composition, &fixture->values, &text, &fixture->error));
    string_builder_release(&text);
}

static void quoted_printable_is_as_rfc_2045_says(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *input;
        const char *want;
    } table[] = {
        { "plain", "abc\n", "abc\r\n" },
        { "all line ends", "a\r\nb\rc\n", "a\r\nb\r\nc\r\n" },
        { "white space at the end", "a \nb\t\nc ", "a=20\r\nb=09\r\nc=20" },
        { "two spaces at the end", "a  \n", "a =20\r\n" },
        { "equals sign", "a=b", "a=3Db" },
        { "76 columns fit",
          "1234567890123456789012345678901234567890123456789012345678901234567890123456",
          "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n6" },
        { "a character stays whole",
          "12345678901234567890123456789012345678901234567890123456789012345678901é",
          "12345678901234567890123456789012345678901234567890123456789012345678901=\r\n=C3=A9" },
        { "a dot after a soft break",
          "123456789012345678901234567890123456789012345678901234567890123456789012345.",
          "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n=2E" },
        { "no UTF-8", "\xFF", "=FF" },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct string_builder text;
        string_builder_init(&text, 0);
        quoted_printable_append(&text, table[i].input, NULL, NULL);
        assert_string_equal(text.data, table[i].want);
        string_builder_release(&text);
    }
}

static void slots_stand_alone_between_soft_breaks(void **state)
{
    struct fixture *fixture = *state;
    const char *name = fixture->slots.names[MAIL_SLOT_CONFIRM];
    struct string_builder text;
    string_builder_init(&text, 0);
    quoted_printable_append(&text,
                            arena_format(&fixture->arena, "x/%s y\n%s\nz%s", name, name, name),
                            &fixture->slots, NULL);
    assert_string_equal(
        text.data,
        arena_format(&fixture->arena, "x/=\r\n%s=\r\n y\r\n%s\r\nz=\r\n%s", name, name, name));
    string_builder_release(&text);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_spliced_message_is_the_one_built_for_that_person),
        TEST(bulk_mail_has_the_fields_of_the_contract),
        TEST(without_an_endpoint_there_is_only_mailto),
        TEST(a_single_mail_says_that_a_machine_wrote_it),
        TEST(lines_are_short_and_need_no_stuffing),
        TEST(the_boundary_is_not_in_a_body_that_holds_it),
        TEST(the_same_content_gives_the_same_bytes),
        TEST(values_that_could_end_a_field_are_refused),
        TEST(a_message_without_sender_or_too_large_is_refused),
        TEST(a_full_buffer_is_an_error_of_that_person),
        cmocka_unit_test(quoted_printable_is_as_rfc_2045_says),
        TEST(slots_stand_alone_between_soft_breaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
