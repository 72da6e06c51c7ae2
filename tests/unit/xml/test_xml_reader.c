/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "xml/xml_reader.h"

#include <string.h>

static const struct xml_bounds wide = {
    .bytes = 32 * 1024 * 1024, .nodes = 3000000, .depth = 256, .attributes = 200
};

/* ---- trees as text ---- */

static void describe(struct string_builder *text, const struct xml_node *node)
{
    for (; node; node = node->next) {
        if (node->text)
            string_builder_append_format(text, "'%s'", node->text);
        if (!node->name)
            continue;
        if (*node->space)
            string_builder_append_format(text, "{%s}", node->space);
        string_builder_append(text, node->name);
        for (const struct xml_attribute_node *attribute = node->attributes; attribute;
             attribute = attribute->next)
            string_builder_append_format(text, " %s%s%s=%s", attribute->space,
                                         *attribute->space ? ":" : "", attribute->name,
                                         attribute->value);
        string_builder_append(text, "(");
        describe(text, node->first_child);
        string_builder_append(text, ")");
    }
}

static const char *tree(struct arena *arena, const char *xml, size_t length)
{
    static const char *const faults[] = { "", "malformed", "doctype", "too large" };
    struct string_builder text;
    enum xml_fault fault;
    const struct xml_node *root = xml_read(arena, xml, length, &wide, &fault);
    assert_int_equal(!root, fault != XML_FAULT_NONE);
    string_builder_init(&text, 0);
    string_builder_append(&text, faults[fault]);
    describe(&text, root);
    const char *described = arena_copy(arena, text.data);
    string_builder_release(&text);
    return described;
}

static void trees_are_what_stands_there(void **state)
{
    static const struct {
        const char *xml;
        const char *tree;
    } rows[] = {
        { "<a/>", "a()" },
        { "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n<a>b</a>\n", "a('b')" },
        { "\xEF\xBB\xBF<a>\xC3\xA6</a>", "a('\xC3\xA6')" },
        { "<a> <b/> </a>", "a(' 'b()' ')" },
        { "<a>1<!-- 2 -->3<?x 4?>5<![CDATA[<&6]]></a>", "a('135<&6')" },
        { "<a>&lt;&amp;&gt;&quot;&apos;&#230;&#xE5;</a>", "a('<&>\"'\xC3\xA6\xC3\xA5')" },
        { "<a b='&amp;&#38;&#x26;lt; &lt;&#38;#38; &#10;x\n'/>", "a b=&&&lt; <&#38; \nx ()" },
        { "<w:a xmlns:w='u' w:b='1' b='2' xml:space='preserve'><c xmlns='v' w:d=''/></w:a>",
          "{u}a u:b=1 b=2 http://www.w3.org/XML/1998/namespace:space=preserve({v}c u:d=())" },
        { "<w:a w:b='1'>x</w:a>", "a b=1('x')" }, /* the prefix has no namespace */
        /* what is no XML */
        { "", "malformed" },
        { " ", "malformed" },
        { "a", "malformed" },
        { "<a>", "malformed" },
        { "<a></b>", "malformed" },
        { "<a b='1' b='2'/>", "malformed" },
        { "<a><b></a>", "malformed" },
        { "<a/><b/>", "malformed" },
        { "<a/>x", "malformed" },
        { "<a>&b;</a>", "malformed" },
        { "<a b='&b;'/>", "malformed" },
        { "<a>\xE6</a>", "malformed" },
        { "<a>\x01</a>", "malformed" },
        { "<a>&#1;</a>", "malformed" },
        { "<?xml version='1.0' encoding='utf-7'?><a/>", "malformed" },
        /* a document type is refused, whatever it says */
        { "<!DOCTYPE a><a/>", "doctype" },
        { "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "doctype" },
        { "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "doctype" },
        { "<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://127.0.0.1/'> %b;]><a/>", "doctype" },
    };
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(tree(&arena, rows[i].xml, strlen(rows[i].xml)), rows[i].tree);
    arena_release(&arena);
}

static void encodings_are_followed(void **state)
{
    static const char little[] = "\xFF\xFE<\0a\0>\0\xE6\0=\xD8\0\xDE<\0/\0a\0>\0";
    static const char big[] = "\0<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0'\0U\0T\0F\0-\0001"
                              "\0006\0'\0?\0>\0<\0a\0/\0>";
    static const char halved[] = "\xFF\xFE<\0a\0/\0>\0x";
    static const char alone[] = "\xFF\xFE<\0a\0>\0\0\xD8<\0/\0a\0>\0";
    static const char latin[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE6\x80</a>";
    struct arena arena = { 0 };
    (void)state;
    assert_string_equal(tree(&arena, little, sizeof little - 1), "a('\xC3\xA6\xF0\x9F\x98\x80')");
    assert_string_equal(tree(&arena, big, sizeof big - 1), "a()");
    assert_string_equal(tree(&arena, halved, sizeof halved - 1), "malformed");
    assert_string_equal(tree(&arena, alone, sizeof alone - 1), "malformed");
    assert_string_equal(tree(&arena, latin, sizeof latin - 1), "a('\xC3\xA6\xE2\x82\xAC')");
    assert_string_equal(tree(&arena, "<a>\0</a>", 8), "malformed");
    arena_release(&arena);
}

static void equal_names_are_one_string(void **state)
{
    struct arena arena = { 0 };
    struct string_builder text;
    enum xml_fault fault;
    (void)state;
    string_builder_init(&text, 0);
    string_builder_append(&text, "<w:a xmlns:w='u'>");
    for (int i = 0; i < 2000; i++)
        string_builder_append_format(&text, "<w:n%d/>", i % 1000);
    string_builder_append(&text, "</w:a>");
    const struct xml_node *root = xml_read(&arena, text.data, text.length, &wide, &fault);
    assert_non_null(root);
    const struct xml_node *second = root->first_child;
    for (int i = 0; i < 1000; i++)
        second = second->next;
    for (const struct xml_node *node = root->first_child; second; node = node->next) {
        assert_ptr_equal(node->name, second->name);
        assert_ptr_equal(node->space, root->space);
        assert_ptr_equal(node->parent, root);
        second = second->next;
    }
    assert_non_null(xml_child(root, "u", "n7"));
    assert_null(xml_child(root, "", "n7"));
    string_builder_release(&text);
    arena_release(&arena);
}

/* ---- bounds ---- */

/* Text of before, so many times what, "#" being which time, and behind. */
static enum xml_fault fault_of(const char *before, const char *what, size_t count,
                               const char *behind, const struct xml_bounds *bounds)
{
    struct arena arena = { 0 };
    struct string_builder text;
    enum xml_fault fault;
    string_builder_init(&text, 0);
    string_builder_append(&text, before);
    for (size_t i = 0; i < count; i++)
        for (const char *at = what; *at; at++) {
            if (*at == '#')
                string_builder_append_number(&text, (int64_t)i);
            else
                string_builder_append_character(&text, *at);
        }
    string_builder_append(&text, behind);
    assert_false(string_builder_overflowed(&text));
    (void)xml_read(&arena, text.data, text.length, bounds, &fault);
    string_builder_release(&text);
    arena_release(&arena);
    return fault;
}

static void whoever_passes_a_bound_is_refused(void **state)
{
    const struct xml_bounds narrow = { .bytes = 200, .nodes = 10, .depth = 3, .attributes = 2 };
    (void)state;
    assert_int_equal(fault_of("<a>", "x", 193, "</a>", &narrow), XML_FAULT_NONE);
    assert_int_equal(fault_of("<a>", "x", 194, "</a>", &narrow), XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("<a>", "<b/>", 9, "</a>", &narrow), XML_FAULT_NONE);
    assert_int_equal(fault_of("<a>", "<b/>", 10, "</a>", &narrow), XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("<a>", "<b c=''/>", 5, "</a>", &narrow), XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("<a>", "x<b/>", 5, "</a>", &narrow), XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("<a><b><c/></b></a>", "", 0, "", &narrow), XML_FAULT_NONE);
    assert_int_equal(fault_of("<a><b><c><d/></c></b></a>", "", 0, "", &narrow),
                     XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("<a", " b#='1'", 2, "/>", &narrow), XML_FAULT_NONE);
    assert_int_equal(fault_of("<a", " b#='1'", 3, "/>", &narrow), XML_FAULT_TOO_LARGE);
}

/* What takes libxml2 time by the square, or more than it allows, ends before it begins. */
static void hostile_documents_end_early(void **state)
{
    (void)state;
    assert_int_equal(fault_of("", "<a>", 257, "", &wide), XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("", "<a>", 1000000, "", &wide), XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("<a", " b#='1'", 1000000, "/>", &wide), XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("<a", " xmlns:b#='u'", 1000000, "/>", &wide), XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("", "<a xmlns:b#='1' xmlns:c='2' xmlns:d='3'>", 100, "", &wide),
                     XML_FAULT_TOO_LARGE);
    assert_int_equal(fault_of("<!-- x='' -->", "<!-- <a b='> -->", 3, "<a/>", &wide),
                     XML_FAULT_NONE);
    assert_int_equal(fault_of("<a>", "<b/>", 3000000, "</a>", &wide), XML_FAULT_TOO_LARGE);
}

/* More than libxml2 looks at in one piece of a file. */
static void long_texts_are_whole(void **state)
{
    struct arena arena = { 0 };
    struct string_builder text;
    enum xml_fault fault;
    (void)state;
    string_builder_init(&text, 0);
    string_builder_append(&text, "<a>");
    for (size_t i = 0; i < 1500000; i++)
        string_builder_append(&text, "et ord til");
    string_builder_append(&text, "</a>");
    const struct xml_node *root = xml_read(&arena, text.data, text.length, &wide, &fault);
    assert_non_null(root);
    assert_int_equal(root->first_child->text_length, 15000000);
    assert_null(root->first_child->next);
    string_builder_release(&text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_what_stands_there),
        cmocka_unit_test(encodings_are_followed),
        cmocka_unit_test(equal_names_are_one_string),
        cmocka_unit_test(whoever_passes_a_bound_is_refused),
        cmocka_unit_test(hostile_documents_end_early),
        cmocka_unit_test(long_texts_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
