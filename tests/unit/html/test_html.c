/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "html/html.h"

#include <string.h>

/* ---- trees as text ---- */

static void describe(struct string_builder *text, const struct html_node *node)
{
    for (; node; node = node->next) {
        if (node->kind == HTML_COMMENT)
            string_builder_append(text, "!");
        if (node->kind == HTML_TEXT)
            string_builder_append_format(text, "'%s'", node->text);
        if (node->kind != HTML_ELEMENT)
            continue;
        string_builder_append(text, node->name);
        for (const struct html_attribute *attribute = node->attributes; attribute;
             attribute = attribute->next)
            string_builder_append_format(text, " %s=%s", attribute->name, attribute->value);
        string_builder_append(text, "(");
        describe(text, node->first_child);
        string_builder_append(text, ")");
    }
}

/* Of a fragment. */
static const char *tree(struct arena *arena, const char *html)
{
    struct string_builder text;
    const struct html_document *document = html_reader.read(arena, HTML_FRAGMENT, html,
                                                            strlen(html));
    string_builder_init(&text, 0);
    describe(&text, document->root->first_child);
    const char *described = arena_copy(arena, text.length ? text.data : "");
    string_builder_release(&text);
    return described;
}

static void trees_are_those_of_html5(void **state)
{
    static const struct {
        const char *html;
        const char *tree;
    } rows[] = {
        { "", "" },
        { "Ja", "'Ja'" },
        { "<p>et<p>to", "p('et')p('to')" },
        { "<B CLASS='x y' Title=z>fed</B>", "b class=x y title=z('fed')" },
        { "<ul><li>et<li>to</ul>", "ul(li('et')li('to'))" },
        { "<td>1</td><td>2</td>", "td('1')td('2')" },
        { "<tr><td>1<td>2", "tr(td('1')td('2'))" },
        { "<li>et", "li('et')" },
        { "</div>", "" },
        { "<table>ord<tr><td>1</table>", "'ord'table(tbody(tr(td('1'))))" },
        { "<o:p>&nbsp;</o:p>", "o:p('\xc2\xa0')" },
        { "<![if !vml]>set<![endif]>", "!'set'!" },
        { "<!--[if mso]>skjult<![endif]-->set", "!'set'" },
        { "<img src=a.jpg><br/>x", "img src=a.jpg()br()'x'" },
        /* entities, in words and in values, with and without their end */
        { "&auml;&Uuml;&ccedil;&ocirc;&#xe5;&#230;&#128;", "'äÜçôåæ€'" },
        { "best&aumltige &amp &lt;b>", "'bestätige & <b>'" },
        { "&bogus; & &#x0; &#1;", "'&bogus; & \xef\xbf\xbd '" },
        { "<a href='?a=1&amp;b=2&copy=3'>x</a>", "a href=?a=1&b=2&copy=3('x')" },
        /* what does not end is words */
        { "1 < 2 <b", "'1 < 2 <b'" },
        { "<!-- uden slutning", "'<!-- uden slutning'" },
        { "<p>a <a title=\"x> <b>y</b>", "p('a <a title=\"x> 'b('y'))" },
        { "pris <3 og </ slut", "'pris <3 og </ slut'" },
    };

    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(tree(&arena, rows[i].html), rows[i].tree);
    arena_release(&arena);
}

/* ---- traits ---- */

static const struct html_node *first(struct arena *arena, const char *html)
{
    return html_reader.read(arena, HTML_FRAGMENT, html, strlen(html))->root->first_child;
}

static void elements_say_what_they_are(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    assert_int_equal(first(&arena, "<P>")->traits, HTML_KNOWN | HTML_BLOCK);
    assert_int_equal(first(&arena, "<td>")->traits, HTML_KNOWN | HTML_CELL);
    assert_int_equal(first(&arena, "<br>")->traits, HTML_KNOWN | HTML_BREAK);
    assert_int_equal(first(&arena, "<style>")->traits, HTML_KNOWN | HTML_HIDDEN);
    assert_int_equal(first(&arena, "<b hidden>")->traits, HTML_KNOWN | HTML_UNSEEN);
    assert_int_equal(first(&arena, "<b style='x:y;DISPLAY : none !important'>")->traits,
                     HTML_KNOWN | HTML_UNSEEN);
    assert_int_equal(first(&arena, "<b style='display:block;x:display:none'>")->traits, HTML_KNOWN);
    assert_int_equal(first(&arena, "<navn>")->traits, 0);
    assert_string_equal(first(&arena, "<Navn x>")->source, "<Navn x>");
    assert_true(first(&arena, "<title>a</title>")->is_closed);
    assert_false(first(&arena, "<title>a")->is_closed);
    arena_release(&arena);
}

static void a_tag_is_read_alone(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    const struct html_tag *tag = html_reader.tag(&arena, "<A title=x HREF='?a&amp;b'>", 27);
    assert_string_equal(tag->node->name, "a");
    assert_string_equal(tag->node->attributes->next->name, "href");
    assert_string_equal(tag->node->attributes->next->value, "?a&b");
    tag = html_reader.tag(&arena, "<tr class=x>", 12);
    assert_string_equal(tag->node->attributes->value, "x");
    tag = html_reader.tag(&arena, "</DIV >", 7);
    assert_true(tag->is_end && tag->node->traits & HTML_BLOCK);
    assert_string_equal(html_reader.tag(&arena, "<navn>", 6)->node->source, "<navn>");
    assert_int_equal(html_reader.tag(&arena, "<!-- x -->", 10)->node->kind, HTML_COMMENT);
    assert_null(html_reader.tag(&arena, "<b", 2));
    assert_null(html_reader.tag(&arena, "x<b>", 4));
    assert_null(html_reader.tag(&arena, "", 0));
    arena_release(&arena);
}

/* ---- bounds ---- */

/* before, then many times part. */
static const char *many(struct arena *arena, const char *before, const char *part, size_t count)
{
    size_t length = strlen(before);
    size_t part_length = strlen(part);
    char *bytes = arena_allocate(arena, length + count * part_length + 1);
    memcpy(bytes, before, length);
    for (size_t i = 0; i < count; i++)
        memcpy(bytes + length + i * part_length, part, part_length);
    return bytes;
}

static size_t depth_of(const struct html_node *node)
{
    size_t deepest = 0;
    for (const struct html_node *child = node->first_child; child; child = child->next) {
        size_t depth = child->kind == HTML_ELEMENT ? depth_of(child) : 0;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static void bound_is(const char *html, enum html_bound bound, size_t read)
{
    struct arena arena = { 0 };
    const struct html_document *document = html_reader.read(&arena, HTML_DOCUMENT, html,
                                                            strlen(html));
    assert_int_equal(document->bound, bound);
    assert_int_equal(document->read, read);
    assert_true(depth_of(document->root) <= HTML_DEPTH_MAXIMUM);
    arena_release(&arena);
}

static void what_passes_a_bound_is_not_read(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    bound_is(many(&arena, "Ja", "<b>", HTML_DEPTH_MAXIMUM), HTML_BOUND_NONE,
             2 + 3 * HTML_DEPTH_MAXIMUM);
    bound_is(many(&arena, "Ja", "<b>", HTML_DEPTH_MAXIMUM + 1), HTML_BOUND_DEPTH,
             2 + 3 * HTML_DEPTH_MAXIMUM);
    bound_is(many(&arena, "", "<p>x", HTML_TAGS_MAXIMUM), HTML_BOUND_NONE, 4 * HTML_TAGS_MAXIMUM);
    bound_is(many(&arena, "", "<p>x", HTML_TAGS_MAXIMUM + 1), HTML_BOUND_TAGS,
             4 * HTML_TAGS_MAXIMUM);
    bound_is(arena_format(&arena, "Ja%s>x", many(&arena, "<b", " a", HTML_ATTRIBUTES_MAXIMUM)),
             HTML_BOUND_NONE, 6 + 2 * HTML_ATTRIBUTES_MAXIMUM);
    bound_is(arena_format(&arena, "Ja%s>x", many(&arena, "<b", " a", HTML_ATTRIBUTES_MAXIMUM + 1)),
             HTML_BOUND_ATTRIBUTES, 2);
    bound_is(many(&arena, "", "å", HTML_BYTES_MAXIMUM / 2), HTML_BOUND_NONE, HTML_BYTES_MAXIMUM);
    bound_is(many(&arena, "x", "å", HTML_BYTES_MAXIMUM / 2), HTML_BOUND_BYTES,
             HTML_BYTES_MAXIMUM - 1);
    bound_is("Ja<table><math><select><mi><select><tr>", HTML_BOUND_FAULT, 15);
    arena_release(&arena);
}

/* Deeper than tags are counted, because these stand for several elements each: words stay. */
static void no_tree_is_too_deep(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    const char *html = arena_format(&arena, "%sslut",
                                    many(&arena, "", "<table><td>", HTML_DEPTH_MAXIMUM));
    const struct html_document *document = html_reader.read(&arena, HTML_DOCUMENT, html,
                                                            strlen(html));
    assert_int_equal(document->bound, HTML_BOUND_NONE);
    assert_true(depth_of(document->root) <= HTML_DEPTH_MAXIMUM);
    const struct html_node *node = document->root;
    while (node->kind == HTML_ELEMENT) {
        node = node->first_child;
        while (node->next)
            node = node->next;
    }
    assert_string_equal(node->text, "slut");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_those_of_html5),
        cmocka_unit_test(elements_say_what_they_are),
        cmocka_unit_test(a_tag_is_read_alone),
        cmocka_unit_test(what_passes_a_bound_is_not_read),
        cmocka_unit_test(no_tree_is_too_deep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
