/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "html/html.h"
#include "mime/mime.h"
#include "mime_parser/mime_read.h"

#include <string.h>

/* What a person sees of a message in HTML, as programs write it. */

static const struct mime_message *message_of(struct arena *arena, const char *html)
{
    const char *bytes = arena_format(arena, "Content-Type: text/html; charset=utf-8\n\n%s", html);
    return mime_read(&html_reader, arena, bytes, strlen(bytes));
}

static void pages_become_lines(void **state)
{
    static const struct {
        const char *html;
        const char *text;
    } rows[] = {
        { "<p>Ja</p><p>tak</p>", "Ja\ntak\n" },
        { "Ja<br>tak", "Ja\ntak\n" },
        { "<ul><li>et<li>to</ul>", "et\nto\n" },
        { "<table><tr><td>et</td><td>to</td></tr><tr><td>tre<table><tr><td>fire</table></table>",
          "et to\ntre\nfire\n" },
        /* entities: named, with a number, and as programs leave their end out */
        { "Oui, je confirme &agrave; Fran&ccedil;ois, bient&ocirc;t &laquo;&nbsp;l&rsquo;&eacute;t"
          "&eacute;&nbsp;&raquo;",
          "Oui, je confirme à François, bientôt « l’été »\n" },
        { "Best&#228;tigen &Uuml;ber Stra&szlig;e &euro;&#8364;&#x20AC;",
          "Bestätigen Über Straße €€€\n" },
        { "bekr&aumlfta f&oumlr G&oumlteborg &amp Malm&ouml", "bekräfta för Göteborg & Malmö\n" },
        { "&bogus; & ok", "&bogus; & ok\n" },
        /* what nobody sees */
        { "<head><title>x</title></head><style>p{}</style>Ja<script>nej</script>", "Ja\n" },
        { "<div style='display:none;max-height:0'>Nyt fra os</div><p>Ja</p>", "Ja\n" },
        { "<span hidden>Nyt</span><span STYLE=\"color:red; Display : NONE\">fra os</span>Ja",
          "Ja\n" },
        { "<!--[if mso]><p>nej</p><![endif]--><!--[if !mso]><!--><p>Ja</p><!--<![endif]-->",
          "Ja\n" },
        { "<p class=MsoNormal>Ja<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>", "Ja\n" },
        /* what is quoted */
        { "Ja<div class=gmail_quote><div class=gmail_attr>Den 9. skrev Mads:<br></div>"
          "<blockquote class=gmail_quote>Hej<blockquote>A</blockquote></blockquote></div>",
          "Ja\nDen 9. skrev Mads:\n> Hej\n> A\n" },
        { "Ja<blockquote type=\"cite\"><div>Svar JA</div></blockquote>", "Ja\n> Svar JA\n" },
        { "<blockquote>a</p>b</blockquote>c", "> a\n> b\nc\n" },
    };

    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(message_of(&arena, rows[i].html)->text, rows[i].text);
    arena_release(&arena);
}

static void links_have_their_address_and_quotes_a_mark_each(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    const char *quoted =
        "<blockquote>a<blockquote>b <a class=x href='https://nordhav.example/confirm/"
        "x?a=1&amp;b=2'>her</a></blockquote>";
    assert_string_equal(message_of(&arena, quoted)->links,
                        "> a\n>> b <https://nordhav.example/confirm/x?a=1&b=2> her\n");
    const char *others = "<a href=\"mailto:Unsubscribe@b.example\">a</a> <a>b</a>";
    assert_string_equal(message_of(&arena, others)->links, "a b\n");
    /* No link of ours can stand in it. */
    assert_null(message_of(&arena, "<a href='https://nordhav.example/'>her</a>")->links);
    arena_release(&arena);
}

/* So that no yes on top of what was not read is a plain one. */
static void a_page_that_passes_a_bound_says_so_first(void **state)
{
    struct arena arena = { 0 };
    char html[4000] = "<p>Ja</p>";
    (void)state;
    for (int i = 0; i <= HTML_DEPTH_MAXIMUM; i++)
        strcat(html, "<b>");
    strcat(html, "nej");
    assert_string_equal(message_of(&arena, html)->text, MIME_HTML_CUT "\nJa\n");
    arena_release(&arena);
}

/* An answer without a word is taken for a yes: so is not one whose words nobody sees. */
static void a_page_that_hides_all_its_words_is_not_empty(void **state)
{
    static const char *const hidden[] = {
        "<title>Svar<body><p>Nej</p>",     "<style>p{}<p>Nej</p>",
        "<p style='display:none'>Nej</p>", "<div hidden><p>Nej</p></div>",
        "<select><option>Nej</select>",    "<textarea>Nej</textarea>",
        "<svg><text>Nej</text></svg>",     "<object>Nej</object><p>&nbsp;</p>",
        "<body><noscript>Nej</noscript>",
    };
    static const char *const empty[] = {
        "<head><title>Svar</title><style>p{}</style></head><p>&nbsp;</p><script>x()</script>",
        "<p>\n</p><p style='display:none'>&nbsp;</p><noscript><img src=x></noscript>",
    };

    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        assert_string_equal(message_of(&arena, hidden[i])->text, MIME_HTML_CUT "\n");
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++)
        assert_string_equal(message_of(&arena, empty[i])->text, "");
    assert_string_equal(message_of(&arena, "<p hidden>nyt</p><p>Ja</p>")->text, "Ja\n");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_become_lines),
        cmocka_unit_test(links_have_their_address_and_quotes_a_mark_each),
        cmocka_unit_test(a_page_that_passes_a_bound_says_so_first),
        cmocka_unit_test(a_page_that_hides_all_its_words_is_not_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
