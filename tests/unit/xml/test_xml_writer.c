/* SPDX-License-Identifier: MIT */
#include "xml/xml_writer.h"

#include "base/error.h"
#include "base/string_builder.h"
#include "cmocka_all.h"

static void a_document_is_written_with_what_xml_allows(void **state)
{
    (void)state;
    struct string_builder text;
    struct error error;
    struct xml_writer *xml = xml_open(XML_INDENTED, 0);
    string_builder_init(&text, 0);
    xml_start(xml, "a");
    xml_attribute(xml, "b", "\"<&\x01>");
    xml_attribute(xml, "none", NULL);
    xml_attribute_number(xml, "n", -12);
    xml_element(xml, "c", "1 < 2 & \x0B\"3\"");
    xml_element(xml, "none", NULL);
    xml_element_plain(xml, "d", "R&D <b>");
    xml_text(xml, NULL);
    assert_true(xml_close(xml, &text, &error)); /* ends what is open */
    assert_string_equal(text.data, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                   "<a b=\"&quot;&lt;&amp;&gt;\" n=\"-12\">\n"
                                   " <c>1 &lt; 2 &amp; &quot;3&quot;</c>\n"
                                   " <d>R&#x26;D &#x3C;b&#x3E;</d>\n"
                                   "</a>\n");
    string_builder_release(&text);
}

static void a_document_has_a_maximum(void **state)
{
    enum { MAXIMUM = 100 };

    (void)state;
    struct string_builder text;
    struct error error;
    struct xml_writer *xml = xml_open(XML_COMPACT, MAXIMUM);
    string_builder_init(&text, 0);
    xml_start(xml, "a");
    for (int i = 0; i < MAXIMUM; i++)
        xml_text(xml, "x");
    xml_end(xml);
    assert_false(xml_close(xml, &text, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_int_equal(text.length, 0);

    xml = xml_open(XML_COMPACT, MAXIMUM);
    xml_start(xml, "a");
    xml_attribute(xml, "b",
                  "0123456789012345678901234567890123456789012345678901234567890123456789"
                  "0123456789012345678901234567890123456789");
    xml_attribute(xml, "c", "short");
    assert_false(xml_end_document(xml)); /* the string alone, whatever came behind it */
    xml_drop(xml);
    string_builder_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_written_with_what_xml_allows),
        cmocka_unit_test(a_document_has_a_maximum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
