/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/bare_address.h"
#include "release/body.h"

#include <string.h>

/* What is linked stands in braces; the target follows where it is not the words. */
static const char *shown(struct arena *arena, const struct body_node *node)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    for (node = node->first_child; node; node = node->next) {
        if (node->kind != BODY_LINK) {
            string_builder_append(&text, node->text);
            continue;
        }
        const char *words = body_plain_text(arena, node);
        string_builder_append_format(&text, "{%s", words);
        if (strcmp(words, node->target) != 0)
            string_builder_append_format(&text, " %s", node->target);
        string_builder_append_character(&text, '}');
        assert_true(body_target_is_allowed(node->target));
    }
    const char *result = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return result;
}

struct row {
    const char *input;
    const char *want;
};

static void check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena = { 0 };
        struct body_node *paragraph = body_append(&arena, body_new(&arena), BODY_PARAGRAPH);
        bare_address_append(&arena, paragraph, rows[i].input, strlen(rows[i].input));
        assert_string_equal(shown(&arena, paragraph), rows[i].want);
        assert_string_equal(body_plain_text(&arena, paragraph), rows[i].input);
        arena_release(&arena);
    }
}

static void a_web_address_ends_where_its_sentence_goes_on(void **state)
{
    static const struct row rows[] = {
        { "Se https://nordhav.example/side.", "Se {https://nordhav.example/side}." },
        { "https://nordhav.example, og", "{https://nordhav.example}, og" },
        { "Er det https://nordhav.example/a?b=c?!", "Er det {https://nordhav.example/a?b=c}?!" },
        { "HTTPS://Nordhav.example/A: nu", "{HTTPS://Nordhav.example/A}: nu" },
        { "(se https://nordhav.example/a_(b))", "(se {https://nordhav.example/a_(b)})" },
        { "(https://nordhav.example/a)og", "({https://nordhav.example/a})og" },
        { "[https://nordhav.example/?n[id]=2]", "[{https://nordhav.example/?n[id]=2}]" },
        { "”https://nordhav.example/side” nu", "”{https://nordhav.example/side}” nu" },
        { "»https://nordhav.example/side« nu", "»{https://nordhav.example/side}« nu" },
        { "\"https://nordhav.example/side\" nu", "\"{https://nordhav.example/side}\" nu" },
        { "'https://nordhav.example/o'nu", "'{https://nordhav.example/o}'nu" },
        { "https://nordhav.example/o'brien", "{https://nordhav.example/o'brien}" },
        { "’https://nordhav.example/side’ nu", "’{https://nordhav.example/side}’ nu" },
        { "https://nordhav.example/c… nu", "{https://nordhav.example/c}… nu" },
        { "https://nordhav.example/c–nu", "{https://nordhav.example/c}–nu" },
        { "https://nordhav.example/a-b — nu", "{https://nordhav.example/a-b} — nu" },
        { "<https://nordhav.example/>", "<{https://nordhav.example/}>" },
        { "https://nordhav.example:8080/x", "{https://nordhav.example:8080/x}" },
        { "https://nordhav.example:nu", "{https://nordhav.example}:nu" },
        { "https://rødhavn.example/æ/ø?å", "{https://rødhavn.example/æ/ø?å}" },
        { "http://localhost/x", "{http://localhost/x}" },
        { "?q=https://nordhav.example/?q=*ord* og", "?q={https://nordhav.example/?q=*ord}* og" },
        { "https://nordhav.example/?a=1&b=2; c", "{https://nordhav.example/?a=1&b=2}; c" },
        { "https://nordhav.example/a\xc2\xa0nu", "{https://nordhav.example/a}\xc2\xa0nu" },
        { "https://a.example https://b.example", "{https://a.example} {https://b.example}" },
    };
    (void)state;
    check(rows, sizeof rows / sizeof rows[0]);
}

static void what_only_resembles_a_web_address_stays_text(void **state)
{
    static const struct row rows[] = {
        { "http:// og https://", "http:// og https://" },
        { "xhttps://nordhav.example", "xhttps://nordhav.example" },
        { "ftp://nordhav.example/x", "ftp://nordhav.example/x" },
        { "https://bank.example@evil.example/x", "https://bank.example@evil.example/x" },
        { "https://bank.example:80@evil.example", "https://bank.example:80@evil.example" },
        { "https://me:word@evil.example/", "https://me:word@evil.example/" },
        { "https://…", "https://…" },
        { "www. og www.", "www. og www." },
        { "awww.nordhav.example", "awww.nordhav.example" },
        { "ftp://www.nordhav.example", "ftp://www.nordhav.example" },
        { "javascript:alert(1)", "javascript:alert(1)" },
    };
    (void)state;
    check(rows, sizeof rows / sizeof rows[0]);
}

static void addresses_that_begin_with_www_are_linked(void **state)
{
    static const struct row rows[] = {
        { "Se www.nordhav.example.", "Se {www.nordhav.example https://www.nordhav.example}." },
        { "WWW.NORDHAV.EXAMPLE", "{WWW.NORDHAV.EXAMPLE https://WWW.NORDHAV.EXAMPLE}" },
        { "(www.nordhav.example/a)", "({www.nordhav.example/a https://www.nordhav.example/a})" },
        { "på www.rødhavn.example", "på {www.rødhavn.example https://www.rødhavn.example}" },
    };
    (void)state;
    check(rows, sizeof rows / sizeof rows[0]);
}

static void mail_addresses_are_linked(void **state)
{
    static const struct row rows[] = {
        { "Skriv til presse@nordhav.example.",
          "Skriv til {presse@nordhav.example mailto:presse@nordhav.example}." },
        { "(a.b-c_d+e@nordhav.example)",
          "({a.b-c_d+e@nordhav.example mailto:a.b-c_d+e@nordhav.example})" },
        { "mailto:a@nordhav.example", "mailto:{a@nordhav.example mailto:a@nordhav.example}" },
        { "søren@rødhavn.example", "{søren@rødhavn.example mailto:søren@rødhavn.example}" },
        { "»a@nordhav.example«", "»{a@nordhav.example mailto:a@nordhav.example}«" },
        { "a@b.example, c@d.example",
          "{a@b.example mailto:a@b.example}, {c@d.example mailto:c@d.example}" },
        { "-a@nordhav.example", "-{a@nordhav.example mailto:a@nordhav.example}" },
        { "3 stk. @ 10.50 kr.", "3 stk. @ 10.50 kr." },
        { "3@10.50", "3@10.50" },
        { "o'brien@nordhav.example", "o'brien@nordhav.example" },
        { "a@b@nordhav.example", "a@b@nordhav.example" },
        { "git@host", "git@host" },
        { "@nordhav.example", "@nordhav.example" },
        { "a@nordhav.example-", "a@nordhav.example-" },
        { "a@nordhav..example", "a@nordhav..example" },
    };
    (void)state;
    check(rows, sizeof rows / sizeof rows[0]);
}

static void markdown_reads_escapes_and_entities_as_characters(void **state)
{
    static const struct {
        const char *input;
        size_t length;
    } rows[] = {
        { "https://a.example/x\\_y z", 22 },  { "https://a.example/?b=1&amp;c=2 d", 30 },
        { "https://a.example/x&quot;y", 19 }, { "https://a.example/x&raquo; y", 19 },
        { "https://a.example/x&copy=1", 26 }, { "https://a.example/?q=*a* b", 23 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(bare_address_web_length(rows[i].input, strlen(rows[i].input), 0, true),
                         rows[i].length);
}

/* Each piece begins what could be an address and is none, or ends at once: every look ahead that
 * goes over the whole rest would take minutes here. */
static void hostile_texts_take_linear_time(void **state)
{
    static const char *const pieces[] = {
        "http://a!",  "www.a!",  "https://a@", "a@",   "a@b.c@",      "http://",         "www.",
        "https://a:", "_www.a_", "http://a/(", "a.a@", "https://a?[", "-www.a-b\xc3\xa6"
    };
    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct arena arena = { 0 };
        struct string_builder text;
        string_builder_init(&text, 0);
        while (text.length < 300000)
            string_builder_append(&text, pieces[i]);
        struct body_node *paragraph = body_append(&arena, body_new(&arena), BODY_PARAGRAPH);
        bare_address_append(&arena, paragraph, text.data, text.length);
        assert_int_equal(strlen(body_plain_text(&arena, paragraph)), text.length);
        string_builder_release(&text);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_web_address_ends_where_its_sentence_goes_on),
        cmocka_unit_test(what_only_resembles_a_web_address_stays_text),
        cmocka_unit_test(addresses_that_begin_with_www_are_linked),
        cmocka_unit_test(mail_addresses_are_linked),
        cmocka_unit_test(markdown_reads_escapes_and_entities_as_characters),
        cmocka_unit_test(hostile_texts_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
