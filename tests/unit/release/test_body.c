/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "release/body.h"

#include <stdio.h>
#include <string.h>

static const char *file_address(void *payload, const char *file)
{
    (void)payload;
    static char address[256];
    if (strcmp(file, "gone.pdf") == 0)
        return NULL;
    (void)snprintf(address, sizeof address, "https://presse.nordhav.example/media/%s", file);
    return address;
}

static const struct body_writer_options options = { .file_address = file_address };

static void append(struct arena *arena, struct body_node *node, const char *string)
{
    body_append_text(arena, node, string, strlen(string));
}

static void targets_are_allowed_by_a_short_list(void **state)
{
    (void)state;

    static const struct {
        const char *target;
        bool allowed;
    } table[] = {
        { "https://www.nordhav.example/nyt?side=2#top", true },
        { "HTTP://nordhav.example", true },
        { "http://[2001:db8::1]:8080/", true },
        { "https://blåbær.example/å", true },
        { "mailto:presse@nordhav.example", true },
        { "tel:+4551149496", true },
        { "billede 1.jpg", true },
        { "bilag/rapport.pdf", true },
        { "a..b.pdf", true },
        { "", false },
        { "javascript:alert(1)", false },
        { "JaVaScRiPt:alert(1)", false },
        { " javascript:alert(1)", false },
        { "java\tscript:alert(1)", false },
        { "java\nscript:alert(1)", false },
        { "\x01javascript:alert(1)", false },
        { "data:text/html,<script>", false },
        { "vbscript:x", false },
        { "file:///etc/passwd", false },
        { "//evil.example/", false },
        { "/etc/passwd", false },
        { "\\\\evil.example\\x", false },
        { "https:\\\\evil.example", false },
        { "https:///x", false },
        { "https://", false },
        { "https://:80/", false },
        { "https://bank.example@evil.example/", false },
        { "https://evil.example\\@bank.example/", false },
        { "https://a b.example/", false },
        { "https://a.example/\x7f", false },
        { "https://a.example/\xe2\x80\xae", false },
        { "https://a.example/\xc2\xa0", false },
        { "https://a.example/\xff", false },
        { "mailto:", false },
        { "tel:", false },
        { "tel:<script>1", false },
        { "..", false },
        { "../state/secret.key", false },
        { "a/../../b", false },
        { "./a.pdf", false },
        { "a//b", false },
        { "a/", false },
        { " a.pdf", false },
        { "a.pdf ", false },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (body_target_is_allowed(table[i].target) != table[i].allowed)
            fail_msg("%s", table[i].target);
    assert_false(body_target_is_allowed(NULL));
    assert_false(body_target_is_file(NULL));
}

/* Advice to write https is for those who have not written it. */
static void what_is_wrong_with_an_address_is_known(void **state)
{
    (void)state;

    static const struct {
        const char *target;
        enum body_target_fault fault;
    } table[] = {
        { "https://nordhav.example/", BODY_TARGET_ALLOWED },
        { "bilag.pdf", BODY_TARGET_ALLOWED },
        { "ftp://nordhav.example/", BODY_TARGET_SCHEME },
        { "/nyheder/", BODY_TARGET_SCHEME },
        { "https:/nordhav.example/", BODY_TARGET_SCHEME },
        { "HTTPS://nord hav.example/", BODY_TARGET_CHARACTER },
        { "https://nordhav.example/\xc2\xad", BODY_TARGET_CHARACTER },
        { "https://nord<hav.example/", BODY_TARGET_CHARACTER },
        { "tel:51-ring-nu", BODY_TARGET_CHARACTER },
        { "http://presse@nordhav.example/", BODY_TARGET_USER },
        { "https:///nyheder/", BODY_TARGET_NOWHERE },
        { "http://:80/", BODY_TARGET_NOWHERE },
        { "mailto:", BODY_TARGET_NOWHERE },
        { "tel:+", BODY_TARGET_NOWHERE },
        { NULL, BODY_TARGET_SCHEME },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (body_target_fault(table[i].target) != table[i].fault)
            fail_msg("%s", table[i].target);
}

static void text_in_pieces_is_one_clean_text(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct body_node *document = body_new(&arena);
    struct body_node *paragraph = body_append(&arena, document, BODY_PARAGRAPH);
    append(&arena, paragraph, "Første\x01 \x1d");
    append(&arena, paragraph, "og\xef\xbf\xbf ");
    append(&arena, paragraph, "\xff");
    append(&arena, paragraph, "anden del af den samme tekst");
    assert_ptr_equal(paragraph->first_child, paragraph->last_child);
    assert_string_equal(paragraph->first_child->text, "Første og anden del af den samme tekst");
    struct body_node *given = body_append(&arena, document, BODY_TEXT);
    given->text = "fast";
    append(&arena, document, " og løs");
    assert_string_equal(given->text, "fast og løs");
    arena_release(&arena);
}

/* What is left out of any text, wherever it stands, and what only looks like it. */
static void words_are_cleaned_whatever_stands_around_them(void **state)
{
    static const struct {
        const char *given;
        const char *kept;
        const char *plain;
    } cases[] = {
        { "Nordhav", "Nordhav", "Nordhav" },
        { "Nye \u201ehuse\u201c \u2013 p\u00e5 \u00f8en\n",
          "Nye \u201ehuse\u201c \u2013 p\u00e5 \u00f8en\n",
          "Nye \u201ehuse\u201c \u2013 p\u00e5 \u00f8en" },
        { "Nord\u00adhav", "Nordhav", "Nordhav" },
        { "\u200b\u202eNord\u2066hav\ufeff", "Nordhav", "Nordhav" },
        { "Nord\x01hav\x7f \xc3(", "Nordhav (", "Nordhav (" },
        { "a\u200db", "ab", "ab" },
        { "\U0001F468\u200d\U0001F469", "\U0001F468\u200d\U0001F469",
          "\U0001F468\u200d\U0001F469" },
        { "\u2028 to\u2029tre \u00a0 fire", "\u2028 to\u2029tre \u00a0 fire",
          "to tre \u00a0 fire" },
    };

    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct body_node *document = body_new(&arena);
        body_append_text(&arena, body_append(&arena, document, BODY_PARAGRAPH), cases[i].given,
                         strlen(cases[i].given));
        assert_string_equal(document->first_child->first_child->text, cases[i].kept);
        assert_string_equal(body_plain_text(&arena, document), cases[i].plain);
    }
    arena_release(&arena);
}

static void plain_text_is_one_line(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct body_node *document = body_new(&arena);
    assert_null(body_first_paragraph(document));
    assert_string_equal(body_plain_text(&arena, NULL), "");
    append(&arena, body_append(&arena, document, BODY_PARAGRAPH), " \n ");
    append(&arena, body_append(&arena, document, BODY_HEADING), "Over\n skrift ");
    struct body_node *paragraph = body_append(&arena, document, BODY_PARAGRAPH);
    append(&arena, paragraph, "  en");
    append(&arena, body_append(&arena, paragraph, BODY_STRONG), "fed");
    body_append(&arena, paragraph, BODY_BREAK);
    append(&arena, paragraph, "linje  mere ");
    body_append(&arena, paragraph, BODY_IMAGE)->text = "alt";
    assert_string_equal(body_plain_text(&arena, document), "Over skrift enfed linje mere");
    assert_ptr_equal(body_first_paragraph(document), paragraph);
    assert_int_equal(body_depth(paragraph->first_child), 2);
    arena_release(&arena);
}

/* A paragraph of everything that somebody would try. */
static struct body_node *make_hostile(struct arena *arena)
{
    struct body_node *document = body_new(arena);
    struct body_node *paragraph = body_append(arena, document, BODY_PARAGRAPH);
    append(arena, paragraph, "<script>alert('x')</script> & ]]> &amp;");
    struct body_node *link = body_append(arena, paragraph, BODY_LINK);
    link->target = "javascript:alert(1)";
    append(arena, link, "klik");
    link = body_append(arena, paragraph, BODY_LINK);
    link->target = "https://nordhav.example/\"onmouseover=\"alert(1)<>'&x=1#a#b%zz";
    append(arena, link, "her");
    struct body_node *inner = body_append(arena, link, BODY_LINK);
    inner->target = "https://evil.example/";
    append(arena, inner, "inde");
    struct body_node *image = body_append(arena, paragraph, BODY_IMAGE);
    image->target = "a\"b.jpg";
    image->text = "\" onerror=\"alert(1)\x01\x0b\xff";
    image = body_append(arena, paragraph, BODY_IMAGE);
    image->target = "data:image/svg+xml,<svg/>";
    image->text = "svg";
    struct body_node *direct = body_append(arena, paragraph, BODY_TEXT);
    direct->text = "styre\x02tegn\x7f";
    return document;
}

static void nothing_hostile_comes_through_html(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_html(&text, make_hostile(&arena), &options);
    assert_string_equal(
        text.data,
        "<p>&lt;script&gt;alert('x')&lt;/script&gt; &amp; ]]&gt; &amp;amp;klik"
        "<a href=\"https://nordhav.example/%22onmouseover=%22alert(1)%3C%3E'&amp;x=1#a%23b%25zz\">"
        "herinde</a><img src=\"https://presse.nordhav.example/media/a%22b.jpg\" "
        "alt=\"&quot; onerror=&quot;alert(1)\"/>styretegn</p>\n");
    string_builder_release(&text);
    arena_release(&arena);
}

static void nothing_hostile_comes_through_text(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_text(&text, make_hostile(&arena), &options, 72);
    assert_string_equal(
        text.data, "<script>alert('x')</script> & ]]> &amp;klikherinde[\" onerror=\"alert(1)\n]"
                   "styretegn\n"
                   "<https://nordhav.example/%22onmouseover=%22alert(1)%3C%3E'&x=1#a%23b%25zz>"
                   "\n");
    string_builder_release(&text);
    arena_release(&arena);
}

static void what_stands_in_the_wrong_place_is_unwrapped(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct body_node *document = body_new(&arena);
    struct body_node *paragraph = body_append(&arena, document, BODY_PARAGRAPH);
    append(&arena, paragraph, "a");
    append(&arena, body_append(&arena, paragraph, BODY_PARAGRAPH), "b");
    struct body_node *list = body_append(&arena, document, BODY_LIST);
    append(&arena, list, "lost");
    append(&arena, body_append(&arena, list, BODY_ITEM), "c");
    append(&arena, body_append(&arena, document, BODY_CELL), "d");
    body_append(&arena, document, BODY_HEADING)->level = 2;
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_html(&text, document, &options);
    assert_string_equal(text.data, "<p>ab</p>\n<ul>\n<li>c</li>\n</ul>\nd");
    string_builder_clear(&text);
    body_write_text(&text, document, &options, 72);
    assert_string_equal(text.data, "a b\n\n- c\n\nd\n");
    string_builder_release(&text);
    arena_release(&arena);
}

static void a_link_to_a_heading_leads_to_the_page_that_has_it(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct string_builder text;
    struct body_node *document = body_new(&arena);
    struct body_node *link = body_append(&arena, body_append(&arena, document, BODY_PARAGRAPH),
                                         BODY_LINK);
    link->target = "#1";
    append(&arena, link, "nedenfor");
    struct body_node *heading = body_append(&arena, document, BODY_HEADING);
    heading->level = 2;
    heading->target = "#1";
    append(&arena, heading, "Planen");

    struct body_writer_options page = { .page_address = "https://nordhav.example/a/",
                                        .has_anchors = true };
    string_builder_init(&text, 0);
    body_write_html(&text, document, &page);
    assert_string_equal(text.data,
                        "<p><a href=\"https://nordhav.example/a/#heading-1\">nedenfor</a></p>\n"
                        "<h2 id=\"heading-1\">Planen</h2>\n");
    page.has_anchors = false; /* a feed may stand beside another text */
    string_builder_clear(&text);
    body_write_html(&text, document, &page);
    assert_non_null(strstr(text.data, "#heading-1"));
    assert_non_null(strstr(text.data, "<h2>Planen</h2>"));
    string_builder_clear(&text);
    body_write_html(&text, document, &options);
    assert_string_equal(text.data, "<p>nedenfor</p>\n<h2>Planen</h2>\n");
    string_builder_clear(&text);
    body_write_text(&text, document, &options, 72);
    assert_null(strstr(text.data, "#"));
    string_builder_release(&text);
    arena_release(&arena);
}

static void no_line_of_text_is_too_long_for_mail(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct body_node *document = body_new(&arena);
    struct body_node *node = document;
    for (int i = 0; i < 18; i++)
        node = body_append(&arena, body_append(&arena, node, BODY_LIST), BODY_ITEM);
    for (int i = 0; i < 3000; i++)
        append(&arena, node, "å");
    append(&arena, node, " slut");
    struct body_node *preformatted = body_append(&arena, document, BODY_PREFORMATTED);
    for (int i = 0; i < 1000; i++)
        append(&arena, preformatted, "x 日");
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_text(&text, document, &options, 72);
    size_t letters = 0;
    for (const char *line = text.data; *line;) {
        size_t length = strcspn(line, "\n");
        assert_in_range(length, 0, 998);
        for (size_t i = 0; i + 1 < length; i++)
            letters += memcmp(line + i, "å", 2) == 0;
        line += length + 1;
    }
    assert_int_equal(letters, 3000);
    string_builder_release(&text);
    arena_release(&arena);
}

static void an_address_stays_whole_however_long(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct body_node *document = body_new(&arena);
    struct body_node *paragraph = body_append(&arena, document, BODY_PARAGRAPH);
    struct body_node *link = body_append(&arena, paragraph, BODY_LINK);
    char target[1500] = "https://nordhav.example/";
    memset(target + strlen(target), 'a', sizeof target - strlen(target) - 1);
    target[sizeof target - 1] = '\0';
    link->target = target;
    append(&arena, link, "læs mere");
    struct body_node *mail = body_append(&arena, paragraph, BODY_LINK);
    mail->target = "mailto:presse@nordhav.example";
    append(&arena, mail, " presse@nordhav.example");
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_text(&text, document, &options, 72);
    char want[1600];
    (void)snprintf(want, sizeof want, "læs mere presse@nordhav.example\n<%s>\n", target);
    assert_string_equal(text.data, want);
    string_builder_release(&text);
    arena_release(&arena);
}

static void say(void *payload, const char *file, struct body_image_words *words)
{
    (void)payload;
    bool has_words = strcmp(file, "tavs.jpg") != 0;
    *words = (struct body_image_words){ .caption = has_words ? "Den nye <kaj>" : NULL,
                                        .credit = has_words ? "Foto: Ida Lund" : NULL };
}

static struct body_node *append_image(struct arena *arena, struct body_node *parent,
                                      const char *file, const char *alternative)
{
    struct body_node *image = body_append(arena, parent, BODY_IMAGE);
    image->target = file;
    image->text = alternative;
    return image;
}

static void append_figure(struct arena *arena, struct body_node *document, const char *file,
                          const char *alternative, const char *caption)
{
    struct body_node *figure = body_append(arena, document, BODY_FIGURE);
    append_image(arena, figure, file, alternative);
    if (caption)
        append(arena, body_append(arena, figure, BODY_CAPTION), caption);
}

static const char *any_address(void *payload, const char *file)
{
    (void)payload;
    return strcmp(file, "borte.jpg") == 0 ? NULL : file;
}

static void what_is_said_of_a_picture_stands_with_it_once(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct body_node *document = body_new(&arena);
    const struct body_writer_options saying = { .file_address = any_address, .image_words = say };
    append_figure(&arena, document, "kaj.jpg", "Kajen", NULL);
    append_figure(&arena, document, "kaj.jpg", "", "Den nye <kaj>");
    append_figure(&arena, document, "kaj.jpg", "Kajen", "Set fra nord");
    append_figure(&arena, document, "tavs.jpg", "Tavs", NULL);
    append_figure(&arena, document, "borte.jpg", "Borte", "Om det");
    struct body_node *paragraph = body_append(&arena, document, BODY_PARAGRAPH);
    append(&arena, paragraph, "Se ");
    append_image(&arena, paragraph, "kaj.jpg", "Kajen");
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_html(&text, document, &saying);
    assert_string_equal(
        text.data,
        "<figure><img src=\"kaj.jpg\" alt=\"Kajen\"/><figcaption>Den nye &lt;kaj&gt;<br/>"
        "Foto: Ida Lund</figcaption>\n</figure>\n"
        "<figure><img src=\"kaj.jpg\" alt=\"\"/><figcaption>Den nye &lt;kaj&gt;<br/>"
        "Foto: Ida Lund</figcaption>\n</figure>\n"
        "<figure><img src=\"kaj.jpg\" alt=\"Kajen\"/><figcaption>Set fra nord<br/>"
        "Den nye &lt;kaj&gt;<br/>Foto: Ida Lund</figcaption>\n</figure>\n"
        "<figure><img src=\"tavs.jpg\" alt=\"Tavs\"/></figure>\n"
        "<p>Se <img src=\"kaj.jpg\" alt=\"Kajen\"/> (Den nye &lt;kaj&gt; · Foto: Ida Lund)</p>\n");
    string_builder_clear(&text);
    body_write_text(&text, document, &saying, 72);
    assert_string_equal(text.data, "[Kajen]\nDen nye <kaj>\nFoto: Ida Lund\n\n"
                                   "Den nye <kaj>\nFoto: Ida Lund\n\n"
                                   "[Kajen]\nSet fra nord\nDen nye <kaj>\nFoto: Ida Lund\n\n"
                                   "[Tavs]\n\n"
                                   "Se [Kajen] (Den nye <kaj> · Foto: Ida Lund)\n");
    assert_true(body_has_image(document, "kaj.jpg"));
    assert_false(body_has_image(document, "nord.jpg"));
    assert_false(body_has_image(NULL, "kaj.jpg"));
    string_builder_release(&text);
    arena_release(&arena);
}

/* "ikon.png" is shown as it is, all others in a smaller form. */
static void original_words(void *payload, const char *file, struct body_image_words *words)
{
    say(payload, file, words);
    words->original_address = strcmp(file, "ikon.png") == 0 ? file : "https://a.example/fuld.jpg";
    words->original_label = "Hent <den>";
    words->original_text = "JPEG, 1 MB";
    words->is_original = strcmp(file, "ikon.png") == 0;
    if (words->is_original)
        words->caption = words->credit = NULL;
}

static const char *widths(void *payload, const char *file)
{
    (void)payload;
    return strcmp(file, "ikon.png") == 0 ? NULL : "a-640.jpg 640w, a-1200.jpg 1200w";
}

static void a_picture_s_original_is_offered_below_it(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct body_node *document = body_new(&arena);
    struct body_writer_options page = { .file_address = any_address,
                                        .image_words = original_words,
                                        .image_srcset = widths,
                                        .image_sizes = "100vw",
                                        .has_anchors = true };
    append_figure(&arena, document, "tavs.jpg", "Tavs", NULL);
    append_figure(&arena, document, "kaj.jpg", "Kajen", NULL);
    append_figure(&arena, document, "ikon.png", "Ikon", NULL);
    struct body_node *paragraph = body_append(&arena, document, BODY_PARAGRAPH);
    append_image(&arena, paragraph, "ikon.png", "Ikon");
    append_image(&arena, paragraph, "tavs.jpg", "Tavs");
    struct body_node *link = body_append(&arena, paragraph, BODY_LINK);
    link->target = "https://b.example/";
    append_image(&arena, link, "tavs.jpg", "Tavs");
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_html(&text, document, &page);
    assert_string_equal(
        text.data,
        "<figure><img src=\"tavs.jpg\" alt=\"Tavs\" srcset=\"a-640.jpg 640w, a-1200.jpg 1200w\""
        " sizes=\"100vw\"/><figcaption><a class=\"download\" href=\"https://a.example/fuld.jpg\""
        " download=\"\">Hent &lt;den&gt; <span class=\"size\">(JPEG, 1 MB)</span></a>"
        "</figcaption>\n</figure>\n"
        "<figure><img src=\"kaj.jpg\" alt=\"Kajen\" srcset=\"a-640.jpg 640w, a-1200.jpg 1200w\""
        " sizes=\"100vw\"/><figcaption>Den nye &lt;kaj&gt;<br/>Foto: Ida Lund<br/>"
        "<a class=\"download\" href=\"https://a.example/fuld.jpg\" download=\"\">Hent &lt;den&gt;"
        " <span class=\"size\">(JPEG, 1 MB)</span></a></figcaption>\n</figure>\n"
        "<figure><img src=\"ikon.png\" alt=\"Ikon\"/><figcaption><a class=\"download\""
        " href=\"ikon.png\" download=\"\">Hent &lt;den&gt; <span class=\"size\">(JPEG, 1 MB)</span>"
        "</a></figcaption>\n</figure>\n"
        "<p><img src=\"ikon.png\" alt=\"Ikon\"/>"
        "<img src=\"tavs.jpg\" alt=\"Tavs\" srcset=\"a-640.jpg 640w, a-1200.jpg 1200w\""
        " sizes=\"100vw\"/> (<a class=\"download\" href=\"https://a.example/fuld.jpg\" download=\"\">"
        "Hent &lt;den&gt;</a>, JPEG, 1 MB)<a href=\"https://b.example/\">"
        "<img src=\"tavs.jpg\" alt=\"Tavs\" srcset=\"a-640.jpg 640w, a-1200.jpg 1200w\""
        " sizes=\"100vw\"/></a></p>\n");
    string_builder_clear(&text);
    body_write_text(&text, document, &page, 72);
    assert_string_equal(text.data,
                        "[Tavs]\nHent <den> (JPEG, 1 MB)\n<https://a.example/fuld.jpg>\n\n"
                        "[Kajen]\nDen nye <kaj>\nFoto: Ida Lund\n"
                        "Hent <den> (JPEG, 1 MB)\n<https://a.example/fuld.jpg>\n\n"
                        "[Ikon]\nHent <den> (JPEG, 1 MB)\n<ikon.png>\n\n"
                        "[Ikon][Tavs] (Hent <den>)[Tavs] (Hent <den>)\n"
                        "<https://a.example/fuld.jpg>\n<https://b.example/>\n");
    page.has_anchors = false;
    string_builder_clear(&text);
    body_write_html(&text, document, &page);
    assert_non_null(strstr(text.data, "<a href=\"https://a.example/fuld.jpg\">Hent &lt;den&gt;"
                                      " (JPEG, 1 MB)</a>"));
    string_builder_release(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_allowed_by_a_short_list),
        cmocka_unit_test(what_is_wrong_with_an_address_is_known),
        cmocka_unit_test(text_in_pieces_is_one_clean_text),
        cmocka_unit_test(words_are_cleaned_whatever_stands_around_them),
        cmocka_unit_test(plain_text_is_one_line),
        cmocka_unit_test(nothing_hostile_comes_through_html),
        cmocka_unit_test(nothing_hostile_comes_through_text),
        cmocka_unit_test(what_stands_in_the_wrong_place_is_unwrapped),
        cmocka_unit_test(a_link_to_a_heading_leads_to_the_page_that_has_it),
        cmocka_unit_test(no_line_of_text_is_too_long_for_mail),
        cmocka_unit_test(an_address_stays_whole_however_long),
        cmocka_unit_test(what_is_said_of_a_picture_stands_with_it_once),
        cmocka_unit_test(a_picture_s_original_is_offered_below_it),
    };
    return cmocka_run_group_tests_name("body", tests, NULL, NULL);
}
