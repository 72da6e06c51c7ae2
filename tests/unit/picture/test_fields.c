/* SPDX-License-Identifier: MIT */
#include "picture_files.h"

#include "base/utf8.h"
#include "picture/exif.h"
#include "picture/field_text.h"
#include "picture/iim.h"
#include "picture/rights.h"
#include "picture/xmp.h"

#define RDF                                                                                        \
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"                                                         \
    "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"                                 \
    " xmlns:d='http://purl.org/dc/elements/1.1/' xmlns:p='http://ns.adobe.com/photoshop/1.0/'"     \
    " xmlns:c='http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'"                                       \
    " xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'>"
#define END "</r:RDF></x:xmpmeta>"
#define CODES "http://cv.iptc.org/newscodes/digitalsourcetype/"

static struct arena arena;

static int release_arena(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void assert_field(const char *found, const char *expected)
{
    if (!expected) {
        assert_null(found);
        return;
    }
    assert_non_null(found);
    assert_string_equal(found, expected);
}

static struct picture_rights read_xmp_in(const char *language, const char *packet, size_t length)
{
    struct picture_rights rights = { 0 };
    struct span bytes = { .bytes = (const uint8_t *)packet, .length = length };
    xmp_read(&arena, bytes, language, &rights);
    return rights;
}

static struct picture_rights read_xmp(const char *packet, size_t length)
{
    return read_xmp_in(NULL, packet, length);
}

static void properties_are_attributes_or_elements(void **state)
{
    static const char *const packets[] = {
        RDF "<r:Description p:Credit='Anna &amp; Bo'/>" END,
        RDF "<r:Description><p:Credit>Anna &amp; Bo</p:Credit></r:Description>" END,
        RDF "<r:Description><p:Credit><![CDATA[Anna & Bo]]></p:Credit></r:Description>" END,
        RDF "<r:Description><p:Credit r:parseType='Resource'><r:value>Anna &#38; Bo</r:value>"
            "<p:Other>no</p:Other></p:Credit></r:Description>" END,
        "<?xpacket begin='\xEF\xBB\xBF' id='W5M0MpCehiHzreSzNTczkc9d'?>" RDF
        "<r:Description p:Other='1'/><r:Description p:Credit='Anna &amp; Bo'/>" END
        "   <?xpacket end='w'?>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++)
        assert_field(read_xmp(packets[i], strlen(packets[i])).credit, "Anna & Bo");
}

static void of_languages_the_default_counts_and_else_the_first(void **state)
{
    static const char with[] = RDF "<r:Description><c:AltTextAccessibility><r:Alt>"
                                   "<r:li xml:lang='en'>bridge</r:li>"
                                   "<r:li xml:lang='x-default'>bro</r:li>"
                                   "</r:Alt></c:AltTextAccessibility></r:Description>" END;
    static const char without[] = RDF "<r:Description><c:AltTextAccessibility><r:Alt>"
                                      "<r:li xml:lang='en'>bridge</r:li>"
                                      "<r:li xml:lang='de'>Brücke</r:li>"
                                      "</r:Alt></c:AltTextAccessibility></r:Description>" END;
    (void)state;
    assert_field(read_xmp(with, sizeof with - 1).alt, "bro");
    assert_field(read_xmp(without, sizeof without - 1).alt, "bridge");
}

static void of_languages_the_one_that_is_wanted_counts_wherever_it_stands(void **state)
{
    static const char packet[] = RDF "<r:Description><c:AltTextAccessibility><r:Alt>"
                                     "<r:li xml:lang='en-GB'>bridge</r:li>"
                                     "<r:li xml:lang='x-default'>pont</r:li>"
                                     "<r:li xml:lang='da'>bro</r:li>"
                                     "<r:li xml:lang='de'>Brücke</r:li>"
                                     "<r:li xml:lang='da-DK'>en anden bro</r:li>"
                                     "</r:Alt></c:AltTextAccessibility></r:Description>" END;
    (void)state;
    assert_field(read_xmp_in("da", packet, sizeof packet - 1).alt, "bro");
    assert_field(read_xmp_in("DA-dk", packet, sizeof packet - 1).alt, "bro");
    assert_field(read_xmp_in("en", packet, sizeof packet - 1).alt, "bridge");
    assert_field(read_xmp_in("de", packet, sizeof packet - 1).alt, "Brücke");
    assert_field(read_xmp_in("d", packet, sizeof packet - 1).alt, "pont");
    assert_field(read_xmp_in("kl", packet, sizeof packet - 1).alt, "pont");
}

static void utf16_is_read_in_both_orders(void **state)
{
    static const char packet[] = RDF "<r:Description p:Credit='Bo'/>" END;
    char wide[2 * sizeof packet];
    (void)state;
    for (size_t high = 0; high < 2; high++) {
        for (size_t i = 0; i < sizeof packet - 1; i++) {
            wide[2 * i + high] = '\0';
            wide[2 * i + 1 - high] = packet[i];
        }
        assert_field(read_xmp(wide, 2 * (sizeof packet - 1)).credit, "Bo");
    }
}

static void the_source_type_is_a_code_of_iptc(void **state)
{
    static const struct {
        const char *written;
        const char *uri;
    } types[] = {
        { CODES "trainedAlgorithmicMedia", CODES "trainedAlgorithmicMedia" },
        { "https://cv.iptc.org/newscodes/digitalsourcetype/digitalArt", CODES "digitalArt" },
        { "digitalcapture", CODES "digitalCapture" },
        { "https://example.test/x", NULL },
        { CODES "x&lt;script>", NULL },
        { CODES, NULL },
        { "photo", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const char *attribute = arena_format(
            &arena, RDF "<r:Description e:DigitalSourceType='%s'/>" END, types[i].written);
        const char *resource = arena_format(
            &arena, RDF "<r:Description><e:DigitalSourceType r:resource='%s'/></r:Description>" END,
            types[i].written);
        assert_field(read_xmp(attribute, strlen(attribute)).source_type, types[i].uri);
        assert_field(read_xmp(resource, strlen(resource)).source_type, types[i].uri);
    }
}

static void hostile_packets_count_as_not_there(void **state)
{
    static const char doctype[] = "<!DOCTYPE x [<!ENTITY a 'b'>]>" RDF
                                  "<r:Description p:Credit='&a;'/>" END;
    static const char elsewhere[] = "<a xmlns:p='http://ns.adobe.com/photoshop/1.0/'>"
                                    "<b p:Credit='Bo'/><p:Credit>Bo</p:Credit></a>";
    struct string_builder many;
    (void)state;
    assert_field(read_xmp(doctype, sizeof doctype - 1).credit, NULL);
    assert_field(read_xmp(elsewhere, sizeof elsewhere - 1).credit, NULL);
    string_builder_init(&many, 0);
    string_builder_append(&many, RDF "<r:Description p:Credit='Bo'");
    for (int i = 0; i < 20000; i++)
        string_builder_append_format(&many, " a%d=''", i);
    string_builder_append(&many, "/>" END);
    assert_field(read_xmp(many.data, many.length).credit, NULL);
    string_builder_release(&many);
}

static void what_is_written_is_read_again(void **state)
{
    struct picture_rights rights = { .creator = "Åse \"Ås\" <a@b.test> & Co",
                                     .credit = "Region Nordhav",
                                     .copyright = "© '26",
                                     .source_type = CODES "composite",
                                     .alt = "<b>",
                                     .caption = "En linje.\n\nEn linje til." };
    struct string_builder out;
    (void)state;
    string_builder_init(&out, 0);
    xmp_write(&rights, &out);
    struct picture_rights found = read_xmp(out.data, out.length);
    assert_field(found.creator, rights.creator);
    assert_field(found.credit, rights.credit);
    assert_field(found.copyright, rights.copyright);
    assert_field(found.source_type, rights.source_type);
    assert_field(found.alt, rights.alt);
    assert_field(found.caption, rights.caption);
    string_builder_clear(&out);
    iim_write(&rights, &out);
    found = (struct picture_rights){ 0 };
    iim_read(&arena, text_span(&out), &found);
    assert_field(found.creator, rights.creator);
    assert_field(found.caption, rights.caption);
    string_builder_release(&out);
}

/* Both packets fit into a segment each, whatever a picture says. */
static void the_longest_fields_fit_into_a_jpeg(void **state)
{
    struct string_builder field;
    struct string_builder out;
    (void)state;
    string_builder_init(&field, 0);
    for (int i = 0; i < FIELD_CAPTION_MAXIMUM; i++)
        string_builder_append_character(&field, '"');
    const char *line = field.data + FIELD_CAPTION_MAXIMUM - FIELD_LINE_MAXIMUM;
    struct picture_rights rights = {
        .creator = line,
        .credit = line,
        .copyright = line,
        .alt = field.data + FIELD_CAPTION_MAXIMUM - FIELD_ALT_MAXIMUM,
        .caption = field.data,
    };
    string_builder_init(&out, 65000);
    xmp_write(&rights, &out);
    assert_false(string_builder_overflowed(&out));
    string_builder_release(&out);
    string_builder_release(&field);
}

static void iim_is_read_in_latin_1_and_with_long_data_sets(void **state)
{
    static const char sets[] = "\x1C\2\x50\0\3\xC5se\x1C\2\x50\0\2Bo\x1C\2\x74\x80\2\0\5\xA9"
                               " Bo\0\x1C\2\x6E\0\3abc";
    static const char cut[] = "\x1C\2\x50\0\2Bo\x1C\2\x74\x80\2\xFF\xFFxy";
    struct picture_rights rights = { 0 };
    (void)state;
    iim_read(&arena, SPAN(sets), &rights);
    assert_field(rights.creator, "Åse, Bo");
    assert_field(rights.copyright, "© Bo");
    assert_field(rights.credit, "abc");
    rights = (struct picture_rights){ 0 };
    iim_read(&arena, SPAN(cut), &rights);
    assert_field(rights.creator, "Bo");
    assert_field(rights.copyright, NULL);
}

/* A directory of three strings: what a camera says of itself, the photographer's copyright and the
 * editor's, an artist that lies behind the end. */
static void exif_is_read_without_what_cameras_say(void **state)
{
    static const char exif[] = "II*\0\x08\0\0\0\3\0"
                               "\x0E\1\2\0\x09\0\0\0\x32\0\0\0"
                               "\x3B\1\2\0\xFF\0\0\0\x32\0\0\0"
                               "\x98\x82\2\0\7\0\0\0\x3B\0\0\0"
                               "\0\0\0\0"
                               "SONY DSC\0"
                               "A B\0C\0\0";
    struct picture_rights rights = { 0 };
    (void)state;
    exif_read(&arena, SPAN(exif), &rights);
    assert_field(rights.caption, NULL);
    assert_field(rights.creator, NULL);
    assert_field(rights.copyright, "A B, C");
}

static void fields_are_clean(void **state)
{
    static const struct {
        const char *written;
        const char *line;
        const char *lines;
    } fields[] = {
        { "  Anna\t \n Holm \r\n", "Anna Holm", "Anna\nHolm" },
        { "a\r\rb\n\n\n\nc", "a b c", "a\n\nb\n\nc" },
        { "A\xCC\x8Ase", "\xC3\x85se", "\xC3\x85se" },
        { "a\xE2\x80\xAE"
          "b\xC2\xAD"
          "c",
          "abc", "abc" },
        { "\x01\x7F ", NULL, NULL },
        { "\xC5se \x80", "Åse €", "Åse €" },
        { "", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct span bytes = { .bytes = (const uint8_t *)fields[i].written,
                              .length = strlen(fields[i].written) };
        assert_field(field_text(&arena, bytes, FIELD_LINE_MAXIMUM, false), fields[i].line);
        assert_field(field_text(&arena, bytes, FIELD_LINE_MAXIMUM, true), fields[i].lines);
    }
    assert_field(field_text(&arena, SPAN("a æøå"), 5, false), "a æ");
}

/* In UTF-8, in Windows-1252, and as bytes that are neither. */
static void control_characters_of_both_sets_never_stay(void **state)
{
    static const char *const written[] = { "A\xC2\x81m\xC2\x9B[31m", "A\x1B[31m\x7F\x01",
                                           "\x81\x8D\x8F\x90\x9D\xE5", "\xC2\x81\xE5\x81" };
    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        const struct span bytes = { (const uint8_t *)written[i], strlen(written[i]) };
        for (int keep_lines = 0; keep_lines < 2; keep_lines++) {
            const char *field = field_text(&arena, bytes, FIELD_LINE_MAXIMUM, keep_lines);
            size_t at = 0;
            uint32_t code_point;
            assert_non_null(field);
            while (utf8_next(field, strlen(field), &at, &code_point))
                assert_true(code_point >= 0x20 && (code_point < 0x7F || code_point > 0xA0));
            assert_int_equal(at, strlen(field));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_are_attributes_or_elements),
        cmocka_unit_test(of_languages_the_default_counts_and_else_the_first),
        cmocka_unit_test(of_languages_the_one_that_is_wanted_counts_wherever_it_stands),
        cmocka_unit_test(utf16_is_read_in_both_orders),
        cmocka_unit_test(the_source_type_is_a_code_of_iptc),
        cmocka_unit_test(hostile_packets_count_as_not_there),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(the_longest_fields_fit_into_a_jpeg),
        cmocka_unit_test(iim_is_read_in_latin_1_and_with_long_data_sets),
        cmocka_unit_test(exif_is_read_without_what_cameras_say),
        cmocka_unit_test(fields_are_clean),
        cmocka_unit_test_teardown(control_characters_of_both_sets_never_stay, release_arena),
    };
    return cmocka_run_group_tests(tests, NULL, release_arena);
}
