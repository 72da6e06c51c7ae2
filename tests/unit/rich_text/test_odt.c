/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "rich_text/builder.h"
#include "rich_text/rich_text.h"
#include "unit/rich_text/describe.h"
#include "unit/rich_text/odt_file.h"

#include <stdio.h>

/* Styles as LibreOffice has them. */
static const char common_styles[] =
    "<style:default-style style:family='paragraph'><style:text-properties fo:font-size='12pt'/>"
    "</style:default-style>"
    "<style:style style:name='Standard' style:family='paragraph'/>"
    "<style:style style:name='Heading' style:family='paragraph' style:parent-style-name='Standard'>"
    "<style:text-properties fo:font-size='14pt'/></style:style>"
    "<style:style style:name='Heading_20_1' style:display-name='Heading 1' style:family='paragraph'"
    " style:parent-style-name='Heading' style:default-outline-level='1'>"
    "<style:text-properties fo:font-size='130%' fo:font-weight='bold'/></style:style>"
    "<style:style style:name='Title' style:family='paragraph' style:parent-style-name='Heading'/>"
    "<style:style style:name='Subtitle' style:family='paragraph' style:parent-style-name='Title'/>"
    "<style:style style:name='Quotations' style:family='paragraph'"
    " style:parent-style-name='Standard'/>"
    "<style:style style:name='Preformatted_20_Text' style:display-name='Preformatted Text'"
    " style:family='paragraph' style:parent-style-name='Standard'/>"
    "<style:style style:name='Caption' style:family='paragraph' style:parent-style-name='Standard'>"
    "<style:text-properties fo:font-style='italic'/></style:style>"
    "<style:style style:name='Illustration' style:family='paragraph'"
    " style:parent-style-name='Caption'/>"
    "<style:style style:name='Strong_20_Emphasis' style:family='text'>"
    "<style:text-properties fo:font-weight='bold'/></style:style>"
    "<style:style style:name='Source_20_Text' style:family='text'/>"
    "<style:style style:name='Fed' style:family='paragraph' style:parent-style-name='Standard'>"
    "<style:text-properties fo:font-weight='700'/></style:style>"
    "<text:list-style style:name='Punkter'><text:list-level-style-bullet text:level='1'"
    " text:bullet-char='•'/><text:list-level-style-bullet text:level='2' text:bullet-char='–'/>"
    "</text:list-style>"
    "<text:list-style style:name='Tal'>"
    "<text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>"
    "<text:list-level-style-number text:level='2' style:num-format='a' style:num-suffix=')'/>"
    "</text:list-style>";

static const char automatic_styles[] =
    "<style:style style:name='T1' style:family='text'>"
    "<style:text-properties fo:font-weight='bold'/></style:style>"
    "<style:style style:name='T2' style:family='text' style:parent-style-name='T1'>"
    "<style:text-properties fo:font-style='italic'/></style:style>"
    "<style:style style:name='T3' style:family='text'>"
    "<style:text-properties style:text-line-through-style='solid'"
    " style:text-line-through-type='single'/></style:style>"
    "<style:style style:name='T4' style:family='text'>"
    "<style:text-properties text:display='none'/></style:style>"
    "<style:style style:name='T5' style:family='text'>"
    "<style:text-properties fo:font-weight='normal'/></style:style>"
    "<style:style style:name='T6' style:family='text'>"
    "<style:text-properties fo:font-size='20pt'/></style:style>"
    "<style:style style:name='P1' style:family='paragraph' style:parent-style-name='Fed'/>"
    "<style:style style:name='P2' style:family='paragraph' style:parent-style-name='Title'/>"
    "<style:style style:name='P3' style:family='paragraph' style:parent-style-name='Standard'>"
    "<style:text-properties style:text-line-through-style='solid'/></style:style>"
    "<style:style style:name='P4' style:family='paragraph' style:parent-style-name='Standard'>"
    "<style:text-properties text:display='none'/></style:style>"
    "<style:style style:name='K1' style:family='paragraph' style:parent-style-name='K2'/>"
    "<style:style style:name='K2' style:family='paragraph' style:parent-style-name='K1'/>";

/* ---- letters in, letters out ---- */

static size_t letters_of(const struct body_node *node)
{
    size_t letters = 0;
    for (; node; node = node->next) {
        if (node->text)
            letters += builder_letters(node->text, strlen(node->text));
        letters += letters_of(node->first_child);
    }
    return letters;
}

static void assert_no_letter_is_lost(const struct rich_text *text)
{
    size_t letters = letters_of(text->body);
    for (const struct rich_text_finding *finding = text->findings; finding; finding = finding->next)
        letters += finding->letters;
    assert_int_equal(letters, text->letters);
}

/* ---- one text ---- */

static void assert_zip_reads(struct test_zip *zip, const char *expected)
{
    struct arena arena = { 0 };
    zip_end(zip);
    const struct rich_text *text = rich_text_reader.read(&arena, RICH_TEXT_ODT, NULL,
                                                         zip->file.data, zip->file.length);
    assert_string_equal(describe(&arena, text), expected);
    if (!text->fault)
        assert_no_letter_is_lost(text);
    zip_release(zip);
    arena_release(&arena);
}

static void assert_reads(const char *body, const char *expected)
{
    struct test_zip zip;
    odt_begin(&zip, automatic_styles, body);
    odt_add_styles(&zip, common_styles, "");
    assert_zip_reads(&zip, expected);
}

static void paragraphs_have_their_styles(void **state)
{
    (void)state;
    assert_reads("<text:p>Et  ord\n til</text:p><text:p/><text:p text:style-name='Standard'>x"
                 "</text:p>",
                 "p: Et ord til\np: x\n");
    assert_reads("<text:p text:style-name='P2'>Titel</text:p><text:p text:style-name='Subtitle'>"
                 "Under</text:p><text:p>" /* most of the text is small */
                 "En lang tekst, som er det meste af det hele her.</text:p>",
                 "title large p: Titel\nsubtitle large p: Under\n"
                 "p: En lang tekst, som er det meste af det hele her.\n");
    assert_reads("<text:h text:style-name='Heading_20_1' text:outline-level='1'>A</text:h>"
                 "<text:p text:style-name='Heading_20_1'>B</text:p><text:h "
                 "text:outline-level='3'>C</text:h><text:h>D</text:h>"
                 "<text:p>En lang tekst, som er det meste.</text:p>",
                 "h1 bold large p: A\nh1 bold large p: B\nh3 p: C\nh1 p: D\n"
                 "p: En lang tekst, som er det meste.\n");
    assert_reads("<text:p text:style-name='Quotations'>citat</text:p>"
                 "<text:p text:style-name='Preformatted_20_Text'>a<text:s text:c='3'/>b</text:p>",
                 "quote:\n  p: citat\npre: a   b\n");
    assert_reads("<text:p text:style-name='K1'>kreds</text:p><text:p text:style-name='nej'>x"
                 "</text:p>",
                 "p: kreds\np: x\n");
}

static void words_have_their_looks(void **state)
{
    (void)state;
    assert_reads("<text:p>a <text:span text:style-name='T1'>fed</text:span> b "
                 "<text:span text:style-name='T2'>begge</text:span> "
                 "<text:span text:style-name='Strong_20_Emphasis'>st</text:span> "
                 "<text:span text:style-name='Source_20_Text'>kode</text:span></text:p>",
                 "p: a **fed** b **_begge_ st** `kode`\n");
    assert_reads("<text:p text:style-name='P1'>fed <text:span text:style-name='T5'>ikke</text:span>"
                 "</text:p><text:p text:style-name='P1'>kun fed</text:p>",
                 "p: **fed** ikke\nbold p: **kun fed**\n");
    assert_reads("<text:p><text:span text:style-name='T6'>Stor</text:span></text:p><text:p>Almin"
                 "delig tekst</text:p>",
                 "large p: Stor\np: Almindelig tekst\n");
    assert_reads(
        "<text:p>a<text:tab/>b<text:line-break/>c<text:soft-page-break/>d<text:s/>e</text:p>",
        "p: a b\\ cd e\n");
    assert_reads("<text:p>Se <text:a xlink:href='https://nordhav.example/'>her "
                 "<text:span text:style-name='T1'>nu</text:span></text:a> og <text:a "
                 "xlink:href='javascript:x'>der</text:a></text:p>",
                 "p: Se [her **nu**](https://nordhav.example/) og der\n");
    assert_reads(
        "<text:p><text:date>9. juni</text:date> side <text:page-number>3</text:page-number>"
        "<text:ruby><text:ruby-base>k</text:ruby-base><text:ruby-text>r</text:ruby-text>"
        "</text:ruby></text:p>",
        "p: 9. juni side 3k (r)\n");
}

static void links_lead_to_marks(void **state)
{
    (void)state;
    assert_reads("<text:p>Se <text:a xlink:href='#maal'>nede</text:a></text:p>"
                 "<text:h><text:bookmark-start text:name='maal'/>Nede"
                 "<text:bookmark-end text:name='maal'/></text:h>",
                 "p: Se [nede](#1)\nh1 p #1: Nede\n");
}

/* ---- lists ---- */

static void lists_nest_and_count(void **state)
{
    (void)state;
    assert_reads("<text:list text:style-name='Punkter'><text:list-item><text:p>a</text:p>"
                 "<text:list><text:list-item><text:p>b</text:p></text:list-item></text:list>"
                 "</text:list-item><text:list-item><text:p>c</text:p><text:p>d</text:p>"
                 "</text:list-item></text:list>",
                 "ul:\n  li: a\n    ul:\n      li: b\n  li:\n    p: c\n    p: d\n");
    assert_reads("<text:list text:style-name='Tal'><text:list-item text:start-value='3'>"
                 "<text:p>a</text:p></text:list-item><text:list-item><text:p>b</text:p>"
                 "</text:list-item></text:list>",
                 "ol from 3:\n  li: a\n  li: b\n");
    assert_reads("<text:list text:style-name='Tal' xml:id='l1'><text:list-item><text:p>a</text:p>"
                 "</text:list-item></text:list><text:p>x</text:p>"
                 "<text:list text:style-name='Tal' text:continue-numbering='true'><text:list-item>"
                 "<text:p>b</text:p></text:list-item></text:list><text:p>y</text:p>"
                 "<text:list text:style-name='Tal' text:continue-list='l1'><text:list-item>"
                 "<text:p>c</text:p></text:list-item></text:list><text:p>z</text:p>"
                 "<text:list text:style-name='Tal'><text:list-item><text:p>d</text:p>"
                 "</text:list-item></text:list>",
                 "ol:\n  li: a\np: x\nol from 2:\n  li: b\np: y\nol from 2:\n  li: c\np: z\n"
                 "ol:\n  li: d\n");
    assert_reads("<text:list text:style-name='Tal'><text:list-item><text:p>a</text:p><text:list>"
                 "<text:list-item><text:p>b</text:p></text:list-item><text:list-item><text:p>c"
                 "</text:p></text:list-item></text:list></text:list-item></text:list>",
                 "ol:\n  li:\n    p: a\n    p: a) b\n    p: b) c\n");
    assert_reads("<text:list><text:list-header><text:p>x</text:p></text:list-header>"
                 "<text:list-item><text:p>a</text:p></text:list-item></text:list>",
                 "p: x\nul:\n  li: a\n");
}

static void headings_have_the_numbers_of_the_outline(void **state)
{
    struct test_zip zip;
    (void)state;
    odt_begin(&zip, "",
              "<text:h text:outline-level='1'>A</text:h><text:h text:outline-level='2'>B</text:h>"
              "<text:h text:outline-level='2'>C</text:h><text:h text:outline-level='1'>D</text:h>"
              "<text:h text:outline-level='2' text:is-list-header='true'>E</text:h>");
    odt_add_styles(&zip,
                   "<text:outline-style style:name='Outline'>"
                   "<text:outline-level-style text:level='1' style:num-format='I'"
                   " style:num-suffix='.'/><text:outline-level-style text:level='2'"
                   " style:num-format='1' text:display-levels='2'/></text:outline-style>",
                   "");
    assert_zip_reads(&zip, "h1 p: I. A\nh2 p: I.1 B\nh2 p: I.2 C\nh1 p: II. D\nh2 p: E\n");
}

/* ---- tables, notes, sections ---- */

static void tables_have_rows_and_cells(void **state)
{
    (void)state;
    assert_reads("<table:table><table:table-column table:number-columns-repeated='2'/>"
                 "<table:table-header-rows><table:table-row><table:table-cell><text:p>A</text:p>"
                 "</table:table-cell><table:table-cell><text:p>B</text:p></table:table-cell>"
                 "</table:table-row></table:table-header-rows><table:table-row><table:table-cell "
                 "table:number-columns-spanned='2'><text:p>c</text:p><text:p>d</text:p>"
                 "</table:table-cell><table:covered-table-cell/></table:table-row></table:table>",
                 "table:\n  row:\n    cell header: A\n    cell header: B\n  row:\n    cell: c\\ d\n"
                 "    cell:\n");
    assert_reads("<table:table><table:table-row><table:table-cell table:number-rows-spanned='2'>"
                 "<text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p>"
                 "</table:table-cell></table:table-row><table:table-row>"
                 "<table:covered-table-cell><text:p>skjult</text:p></table:covered-table-cell>"
                 "<table:table-cell><text:p>d</text:p></table:table-cell></table:table-row>"
                 "</table:table>",
                 "table:\n  row:\n    cell: a\n    cell: b\n  row:\n    cell:\n    cell: d\n"
                 "= hidden 1, 6 letters: skjult\n");
}

static void notes_stand_behind_the_text(void **state)
{
    (void)state;
    assert_reads("<text:p>Et ord<text:note text:id='n1' text:note-class='footnote'>"
                 "<text:note-citation>1</text:note-citation><text:note-body><text:p>Noten</text:p>"
                 "</text:note-body></text:note> til.</text:p><text:p>Slut</text:p>",
                 "p: Et ord[1] til.\np: Slut\nrule:\nol:\n  li: Noten\n");
}

static void sections_and_contents_are_text(void **state)
{
    (void)state;
    assert_reads("<text:sequence-decls><text:sequence-decl text:name='x'/></text:sequence-decls>"
                 "<text:section><text:p>a</text:p></text:section><text:table-of-content>"
                 "<text:table-of-content-source><text:index-title-template>Skabelon"
                 "</text:index-title-template></text:table-of-content-source><text:index-body>"
                 "<text:index-title><text:p>Indhold</text:p></text:index-title></text:index-body>"
                 "</text:table-of-content>",
                 "p: a\np: Indhold\n");
}

/* ---- what is left out ---- */

static const char two_changes[] =
    "<text:tracked-changes><text:changed-region xml:id='c1' text:id='c1'><text:insertion>"
    "<office:change-info><dc:creator>Ida</dc:creator><dc:date>2026-06-01</dc:date>"
    "</office:change-info></text:insertion></text:changed-region>"
    "<text:changed-region text:id='c2'><text:deletion><office:change-info><dc:creator>Ida"
    "</dc:creator><text:p>hvorfor</text:p></office:change-info><text:p>4 millioner</text:p>"
    "</text:deletion></text:changed-region></text:tracked-changes>";

static void tracked_changes_are_as_accepted(void **state)
{
    struct test_zip zip;
    char body[4096];
    (void)state;
    (void)snprintf(body, sizeof body,
                   "%s<text:p>Det koster <text:change text:change-id='c2'/><text:change-start "
                   "text:change-id='c1'/>5 millioner<text:change-end text:change-id='c1'/> kroner."
                   "</text:p>",
                   two_changes);
    assert_reads(body,
                 "p: Det koster 5 millioner kroner.\n= comment 1, 7 letters: hvorfor\n"
                 "= deleted 1, 10 letters: 4 millioner\n= inserted 1, 0 letters: 5 millioner\n");
    /* A deletion that stands in the text all the same is none of it. */
    (void)snprintf(body, sizeof body,
                   "%s<text:p>a <text:change-start text:change-id='c2'/>b</text:p><text:p>c"
                   "<text:change-end text:change-id='c2'/> d</text:p>",
                   two_changes);
    assert_reads(body, "p: a\np: d\n= comment 1, 7 letters: hvorfor\n"
                       "= deleted 3, 12 letters: 4 millioner\n");
    odt_begin(&zip, "",
              "<text:tracked-changes><text:changed-region text:id='m'><text:deletion "
              "loext:move-id='1'><text:p>flyttet</text:p></text:deletion></text:changed-region>"
              "</text:tracked-changes><text:p>x</text:p>");
    assert_zip_reads(&zip, "p: x\n= moved 1, 7 letters: flyttet\n");
}

static void struck_and_hidden_words_are_out(void **state)
{
    (void)state;
    assert_reads("<text:p>a <text:span text:style-name='T3'>væk <text:span text:style-name='T1'>"
                 "nu</text:span></text:span> b</text:p>",
                 "p: a b\n= struck 1, 5 letters: væk nu\n");
    assert_reads("<text:p text:style-name='P3'>væk</text:p><text:p>b</text:p>",
                 "p: b\n= struck 1, 3 letters: væk\n");
    assert_reads("<text:p>a <text:span text:style-name='T4'>skjult</text:span></text:p>"
                 "<text:p text:style-name='P4'>også</text:p><text:section text:display='none'>"
                 "<text:p>her</text:p></text:section>",
                 "p: a\n= hidden 3, 13 letters: skjult\n");
    assert_reads("<text:p>x<text:hidden-paragraph text:is-hidden='true'/></text:p>"
                 "<text:p>y<text:hidden-paragraph text:is-hidden='false'/></text:p>"
                 "<text:p><text:hidden-text text:is-hidden='true'>z</text:hidden-text>"
                 "<text:hidden-text>w</text:hidden-text></text:p>",
                 "p: y\np: w\n= hidden 2, 2 letters: x\n");
    assert_reads("<table:table><table:table-row table:visibility='collapse'><table:table-cell>"
                 "<text:p>skjult</text:p></table:table-cell></table:table-row><table:table-row>"
                 "<table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>"
                 "<text:p>b</text:p></table:table-cell></table:table-row></table:table>",
                 "table:\n  row:\n    cell: a\n    cell: b\n= hidden 1, 6 letters: skjult\n");
}

static void comments_and_page_headers_are_out(void **state)
{
    struct test_zip zip;
    (void)state;
    odt_begin(&zip, "",
              "<text:p>a<office:annotation office:name='1'><dc:creator>Ida</dc:creator>"
              "<dc:date>2026</dc:date><text:p>Er det rigtigt?</text:p></office:annotation> b"
              "<office:annotation-end office:name='1'/></text:p>");
    odt_add_styles(&zip, common_styles,
                   "<style:master-page style:name='Standard'><style:header><text:p>Fortroligt"
                   "</text:p></style:header><style:footer><text:p><text:page-number>1"
                   "</text:page-number></text:p></style:footer><style:footer-first/>"
                   "</style:master-page>");
    zip_add(&zip, "Basic/Standard/Module1.xml", "<x/>");
    zip_add(&zip, "Basic/script-lc.xml", "<x/>");
    assert_zip_reads(&zip, "p: a b\n= comment 1, 12 letters: Er det rigtigt?\n"
                           "= page header 2, 11 letters: Fortroligt\n"
                           "= macros 1, 0 letters: Basic/Standard/Module1.xml\n");
}

/* ---- pictures ---- */

static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

static void assert_pictures(const char *body, const char *expected)
{
    struct test_zip zip;
    odt_begin(&zip, automatic_styles, body);
    odt_add_styles(&zip, common_styles, "");
    zip_add_bytes(&zip, "Pictures/1.png", png, sizeof png - 1);
    zip_add(&zip, "ObjectReplacements/Object 1", "metafile");
    zip_add(&zip, "Object 1/content.xml",
            "<math xmlns='http://www.w3.org/1998/Math/MathML'><semantics><mrow><mi>a</mi><mo>=</mo>"
            "<mn>2</mn></mrow><annotation encoding='StarMath'>a=2</annotation></semantics></math>");
    zip_add(&zip, "Object 2/content.xml",
            "<math xmlns='http://www.w3.org/1998/Math/MathML'><mfrac><mi>a</mi><mi>b</mi></mfrac>"
            "</math>");
    odt_add_part(&zip, "Object 3/content.xml", "document-content", "<office:body>",
                 "<office:chart/>", "</office:body>");
    assert_zip_reads(&zip, expected);
}

static void pictures_have_words_and_captions(void **state)
{
    (void)state;
    assert_pictures("<text:p><draw:frame><draw:image xlink:href='Pictures/1.png'/>"
                    "<svg:title>Havnen</svg:title><svg:desc>Set fra nord</svg:desc></draw:frame>"
                    "</text:p><text:p>Tekst</text:p>",
                    "figure: ![Havnen. Set fra nord](picture-1.png)\np: Tekst\n"
                    "= picture-1.png, 16 bytes, \"Havnen. Set fra nord\", \"\"\n");
    /* LibreOffice puts a picture with its caption into a box. */
    assert_pictures("<text:p>Før <draw:frame><draw:text-box><text:p text:style-name='Illustration'>"
                    "<draw:frame><draw:image xlink:href='./Pictures/1.png'/></draw:frame>Figur "
                    "<text:sequence>1</text:sequence>: Broen</text:p></draw:text-box></draw:frame>"
                    "efter</text:p>",
                    "p: Før efter\nfigure: ![](picture-1.png)\n  caption: Figur 1: Broen\n"
                    "= picture-1.png, 16 bytes, \"\", \"Figur 1: Broen\"\n");
    assert_pictures("<draw:frame><draw:image xlink:href='Pictures/1.svg'/><draw:image "
                    "xlink:href='Pictures/1.png'/></draw:frame><text:p>a</text:p>",
                    "figure: ![](picture-1.png)\np: a\n= picture-1.png, 16 bytes, \"\", \"\"\n");
}

static void pictures_from_elsewhere_are_told(void **state)
{
    (void)state;
    assert_pictures("<text:p>a<draw:frame><draw:image xlink:href='https://x.example/1.png'/>"
                    "<svg:title>ude</svg:title></draw:frame><draw:frame><draw:image "
                    "xlink:href='../1.png'/></draw:frame></text:p>",
                    "p: a\n= external 2, 3 letters: https://x.example/1.png\n");
    assert_pictures("<text:p>a<draw:frame><draw:image xlink:href='Pictures/2.png'/></draw:frame>"
                    "<draw:frame><draw:image xlink:href='Pictures/3.emf'/></draw:frame></text:p>",
                    "p: a\n= unreadable 2, 0 letters: Pictures/2.png\n");
    assert_pictures("<text:p>a<text:span text:style-name='T4'><draw:frame><draw:image "
                    "xlink:href='Pictures/1.png'/><svg:title>skjult</svg:title></draw:frame>"
                    "</text:span></text:p>",
                    "p: a\n= hidden 1, 6 letters: skjult\n");
}

static void objects_are_told_and_formulas_are_words(void **state)
{
    (void)state;
    assert_pictures("<text:p>hvor <draw:frame><draw:object xlink:href='./Object 1'/><draw:image "
                    "xlink:href='./ObjectReplacements/Object 1'/></draw:frame> og</text:p>",
                    "p: hvor a=2 og\n");
    assert_pictures("<text:p>x<draw:frame><draw:object xlink:href='./Object 2'/></draw:frame>"
                    "<draw:frame><draw:object xlink:href='./Object 3'/><draw:image "
                    "xlink:href='./ObjectReplacements/Object 1'/><svg:desc>Kurven</svg:desc>"
                    "</draw:frame><draw:frame><draw:object-ole xlink:href='./Object 9'/>"
                    "</draw:frame></text:p>",
                    "p: x\n= formula 1, 2 letters: ab\n= chart 1, 6 letters: Kurven\n"
                    "= embedded 1, 0 letters: Object 9\n");
    assert_pictures("<text:p>x<draw:custom-shape><text:p>i boksen</text:p></draw:custom-shape>"
                    "<draw:g><draw:line/></draw:g></text:p>",
                    "p: x\np: i boksen\n= chart 1, 0 letters: \n");
}

/* ---- files that are none ---- */

static void broken_texts_are_refused(void **state)
{
    struct test_zip zip;
    (void)state;
    zip_begin(&zip);
    zip_add(&zip, "mimetype", "application/vnd.oasis.opendocument.text");
    assert_zip_reads(&zip, "fault 1: content.xml\n");
    zip_begin(&zip);
    zip_add(&zip, "mimetype", "application/vnd.oasis.opendocument.text");
    zip_add(&zip, "content.xml", "<a");
    assert_zip_reads(&zip, "fault 1: content.xml\n");
    zip_begin(&zip);
    zip_add(&zip, "mimetype", "application/vnd.oasis.opendocument.text");
    zip_add(&zip, "content.xml", "<!DOCTYPE a [<!ENTITY b SYSTEM '/etc/passwd'>]><a>&b;</a>");
    assert_zip_reads(&zip, "fault 5: content.xml\n");
    odt_begin(&zip, "", "<text:p>x</text:p>");
    zip_add(&zip, "META-INF/manifest.xml", "<m:encryption-data/>");
    assert_zip_reads(&zip, "fault 2: \n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_have_their_styles),
        cmocka_unit_test(words_have_their_looks),
        cmocka_unit_test(links_lead_to_marks),
        cmocka_unit_test(lists_nest_and_count),
        cmocka_unit_test(headings_have_the_numbers_of_the_outline),
        cmocka_unit_test(tables_have_rows_and_cells),
        cmocka_unit_test(notes_stand_behind_the_text),
        cmocka_unit_test(sections_and_contents_are_text),
        cmocka_unit_test(tracked_changes_are_as_accepted),
        cmocka_unit_test(struck_and_hidden_words_are_out),
        cmocka_unit_test(comments_and_page_headers_are_out),
        cmocka_unit_test(pictures_have_words_and_captions),
        cmocka_unit_test(pictures_from_elsewhere_are_told),
        cmocka_unit_test(objects_are_told_and_formulas_are_words),
        cmocka_unit_test(broken_texts_are_refused),
    };
    rich_text_reader.start(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
