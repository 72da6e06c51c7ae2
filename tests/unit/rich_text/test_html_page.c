/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/string_builder.h"
#include "html/html.h"
#include "unit/golden.h"
#include "unit/rich_text/describe.h"

#include <stdio.h>

static const struct rich_text *read_page(struct arena *arena, const char *html)
{
    return rich_text_reader.read(arena, RICH_TEXT_HTML, &html_reader, html, strlen(html));
}

struct row {
    const char *html;
    const char *text;
};

static void expect_rows(const struct row *rows, size_t count)
{
    struct arena arena = { 0 };
    for (size_t i = 0; i < count; i++)
        assert_string_equal(describe(&arena, read_page(&arena, rows[i].html)), rows[i].text);
    arena_release(&arena);
}

static void blocks_are_blocks(void **state)
{
    static const struct row rows[] = {
        { "", "" },
        { "Kun ord", "p: Kun ord\n" },
        { "<h1>Nyt <b>hus</b></h1><p>Et<br>to<br><br>tre</p><hr>slut",
          "h1 p: Nyt **hus**\np: Et\\ to\np: tre\nrule:\np: slut\n" },
        { "<h2 style='font-weight:bold'><b>Fed</b></h2>", "h2 bold p: Fed\n" },
        { "<blockquote><p>a</p><p>b</p></blockquote><pre>\n  x\n   y <b>z</b>\n</pre>",
          "quote:\n  p: a\n  p: b\npre:   x\n   y z\n" },
        { "<div>et</div><div>to<div>tre</div></div>fire", "p: et\np: to\np: tre\np: fire\n" },
        { "<p>&nbsp;</p><p>\xE2\x80\x8B</p><div><p></p></div>", "" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void lists_nest(void **state)
{
    static const struct row rows[] = {
        { "<ul><li>a<ol start=4><li>b<li value=9>c</ol><li><p>d<p>e</ul>",
          "ul:\n  li: a\n    ol from 4:\n      li: b\n    ol from 9:\n      li: c\n"
          "  li:\n    p: d\n    p: e\n" },
        { "<ul><li>&nbsp;<p>x</p></li><li></li><li>y</ul>", "ul:\n  li: x\n  li: y\n" },
        { "<li>løs", "ul:\n  li: løs\n" },
        { "<ol><li>a</ol><p>x<ol start=2><li>b</ol>", "ol:\n  li: a\np: x\nol from 2:\n  li: b\n" },
        { "<ol start=0><li>a</ol>", "p: 0. a\n" },
        { "<dl><dt>Navn<dd>Ida</dl>", "p: Navn\np: Ida\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void words_keep_their_style(void **state)
{
    static const struct row rows[] = {
        { "<p><b>Kon</b><strong>takt</strong>: <i>Ida</i><em> Lund</em> <code>a</code>",
          "p: **Kontakt**: _Ida Lund_ `a`\n" },
        { "<p><span style='font-weight: 700'>a</span> <b style=font-weight:normal>b</b>",
          "p: **a** b\n" },
        { "<p style='font-size:12pt'>a lang tekst<p><span style='font-size:18.0pt'>Stor</span>",
          "p: a lang tekst\nlarge p: Stor\n" },
        { "m<sup>2</sup>, CO<sub>2</sub>, 10<sup>-6</sup>, 1<sup>st</sup>",
          "p: m², CO₂, 10⁻⁶, 1st\n" },
        { "<p>Han siger: <q>Ja</q>", "p: Han siger: \"Ja\"\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void links_lead_somewhere(void **state)
{
    static const struct row rows[] = {
        { "<a href=' https://a.example/x y '>a</a> <a href=/b>b</a> <a href='javascript:c()'>c</a>",
          "p: [a](https://a.example/x%20y) b c\n" },
        { "<base href=https://a.example/d/e.html><a href=f>a</a> <a href=../g?h#i>b</a> "
          "<a href=//c.example>c</a> <a href='?x'>d</a> <a href='/../y'>e</a>",
          "p: [a](https://a.example/d/f) [b](https://a.example/g?h#i) [c](https://c.example) "
          "[d](https://a.example/d/e.html?x) [e](https://a.example/y)\n" },
        { "<link rel=canonical href=https://a.example/d><a href=f>a</a>",
          "p: [a](https://a.example/f)\n" },
        { "<a href='https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx%3F"
          "y&amp;data=05'>a</a> <a href='https://www.google.com/url?sa=D&amp;q=http://b.example/'>b"
          "</a> <a href='https://www.google.com/url?q=javascript:x'>c</a>",
          "p: [a](https://a.example/x?y) [b](http://b.example/) "
          "[c](https://www.google.com/url?q=javascript:x)\n" },
        { "<a href=#b>ned</a> <a href=#c>væk</a><h2 id=b>Her</h2>",
          "p: [ned](#1) væk\nh2 p #1: Her\n" },
        { "<a href=mailto:ida@a.example>Ida</a> <a href='tel:+45 12'>ring</a>",
          "p: [Ida](mailto:ida@a.example) ring\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void what_was_struck_is_left_out(void **state)
{
    static const struct row rows[] = {
        { "Pris <s>900</s> <del>12</del><ins>13</ins> <span style='text-decoration: line-through "
          "red'>x</span> kr.<span style=display:none>hemmeligt</span><!-- intet -->",
          "p: Pris 13 kr.\n= struck 2, 4 letters: 900\n= deleted 1, 2 letters: 12\n"
          "= inserted 1, 0 letters: 13\n= hidden 1, 9 letters: hemmeligt\n" },
        { "<script>var a = 1;</script><style>p{}</style><title>T</title>ord"
          "<noscript>uden</noscript><template>t</template>",
          "p: ord\n= title: T\n= furniture 2, 5 letters: uden\n" },
        { "a<svg><title>nej</title><text>kurve</text></svg><math><mi>x</mi></math>"
          "<iframe src=https://v.example/></iframe><button>Del</button>",
          "p: a\n= chart 1, 8 letters: nejkurve\n= formula 1, 1 letters: x\n"
          "= embedded 1, 0 letters: https://v.example/\n= furniture 1, 3 letters: Del\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void furniture_is_left_out(void **state)
{
    static const struct row rows[] = {
        { "<nav>Menu</nav><header>Avis</header><main><header><h1>Titel</h1></header><p>Ord.</p>"
          "<aside>Mere</aside></main><footer>Bund</footer>",
          "h1 p: Titel\np: Ord.\n= furniture 4, 16 letters: Menu\n" },
        { "<div id=menu>a b</div><div><h1>T</h1><div class=x><p>et langt afsnit<p>og et til</div>"
          "</div><div class=y><p>kort</div>",
          "h1 p: T\np: et langt afsnit\np: og et til\n= furniture 2, 6 letters: a b\n" },
        { "<form id=aspnetForm><nav>m</nav><p>Alt står i en formular her.</form>",
          "p: Alt står i en formular her.\n= furniture 1, 1 letters: m\n" },
        { "<nav>m</nav><article><p>a</article><article><p>b</article>",
          "p: a\np: b\n= furniture 1, 1 letters: m\n" },
        { "<nav>a<div style=display:none>b</div></nav><div hidden>c</div><main><p>d<p hidden>e</main>",
          "p: d\n= furniture 3, 3 letters: a\n= hidden 1, 1 letters: e\n" },
        { "<main><blockquote><p>Ja<footer>Ida</footer></blockquote></main>",
          "quote:\n  p: Ja\n  p: Ida\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void tables_are_tables(void **state)
{
    static const struct row rows[] = {
        { "<table><caption>Tal</caption><thead><tr><td>År<td>Pris</thead><tr><th>2025<td>1"
          "<tr><td colspan=2>i alt</table>",
          "caption p: Tal\ntable:\n  row:\n    cell header: År\n    cell header: Pris\n"
          "  row:\n    cell header: 2025\n    cell: 1\n  row:\n    cell: i alt\n    cell:\n" },
        { "<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d<td>e</table>",
          "table:\n  row:\n    cell: a\n    cell: b\n  row:\n    cell:\n    cell: c\n"
          "  row:\n    cell: d\n    cell: e\n" },
        { "<table><tr><td><h1>Brev</h1><p>a<table><tr><td>b</table></table>",
          "h1 p: Brev\np: a\np: b\n" },
        { "<table role=presentation><tr><td>a<td>b</table>", "p: a\np: b\n" },
        { "<table><tr><td><p>et<p>to<td><p>x<tr><td>a<td>b</table>",
          "table:\n  row:\n    cell: et\\ to\n    cell: x\n  row:\n    cell: a\n    cell: b\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void pictures_are_taken_or_told(void **state)
{
    static const struct row rows[] = {
        { "<figure><img src='side%20filer\\a.jpg' alt='Et hus'><figcaption>Huset</figcaption>"
          "</figure>",
          "figure: ![Et hus](side filer/a.jpg)\n  caption: Huset\n" },
        { "<p>ord<img src=https://a.example/p.png alt='To ord'><img src=/x.png>"
          "<img src=file:///C:/a.png><img width=1 height=1 src=https://t.example/>",
          "p: ord\n= external 3, 5 letters: https://a.example/p.png\n" },
        { "<img src=cid:foto.jpg@01DB><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' "
          "alt=p><img src=data:image/svg+xml;utf8,x><img src='data:image/gif;base64,R0l' "
          "data-src=late.jpg>",
          "figure: ![](foto.jpg@01DB)\nfigure: ![p](picture-1.gif)\nfigure: ![](late.jpg)\n"
          "= picture-1.gif, 14 bytes, \"p\", \"\"\n"
          "= unreadable 1, 0 letters: data:image/svg+xml\n" },
        { "<a href=https://a.example><img src=a.jpg></a>", "figure: ![](a.jpg)\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void pages_say_what_they_are(void **state)
{
    static const struct row rows[] = {
        { "<html lang=da><title>Titel | Avis</title><meta property=og:title content='Titel'>"
          "<meta name=description content=Kort><meta property=og:image content=/a.jpg>"
          "<meta name=keywords content='hus, by'><link rel=canonical href=https://a.example/n/1>"
          "<script type=application/ld+json>{\"@graph\":[{\"@type\":[\"NewsArticle\"],"
          "\"headline\":\"Rubrik\",\"datePublished\":\"2026-06-10T08:00:00+02:00\","
          "\"inLanguage\":{\"@type\":\"Language\",\"alternateName\":\"da\"},"
          "\"image\":[\"https://a.example/b.jpg\"]}]}</script>ord",
          "p: ord\n= title: Rubrik\n= published: 2026-06-10T08:00:00+02:00\n= language: da\n"
          "= image: https://a.example/b.jpg\n= title: Titel\n= description: Kort\n"
          "= keyword: hus\n= keyword: by\n= title: Titel | Avis\n" },
        { "<title>Avis</title><header><h1>Avisen</h1></header><h1>Titel</h1><p>o</p><div>"
          "<p>et langt afsnit her</p></div><div class=footer>f</div>",
          "p: et langt afsnit her\n= title: Titel\n= title: Avis\n"
          "= furniture 4, 13 letters: Avisen\n" },
        { "<meta property=og:locale content=nb_NO><time datetime=2026-06-10 pubdate>10. juni</time>"
          "<script type=application/ld+json>{broken</script>",
          "p: 10. juni\n= published: 2026-06-10\n= language: nb-NO\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

static void word_is_understood(void **state)
{
    static const struct row rows[] = {
        { "<p class=MsoTitle>Titel<p class=MsoSubtitle>Under<p class=MsoHeading7>Syv"
          "<p style='mso-outline-level:2'>To<p class=MsoQuote>Citat",
          "title p: Titel\nsubtitle p: Under\nh7 p: Syv\nh2 p: To\nquote:\n  p: Citat\n" },
        { "<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if "
          "!supportLists]><span style='font-family:Symbol;mso-list:Ignore'>·<span>&nbsp;&nbsp; "
          "</span></span><![endif]>et<o:p></o:p></p>"
          "<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span "
          "style='mso-list:Ignore'>o&nbsp; </span>to</p>"
          "<p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>3.&nbsp;</span>tre</p>"
          "<p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>b)&nbsp;</span>fire"
          "</p><h2 style='mso-list:l2 level1 lfo3'><span style='mso-list:Ignore'>2.1</span>Afsnit",
          "ul:\n  li: et\n    ul:\n      li: to\nol from 3:\n  li: tre\np: b) fire\n"
          "h2 p: 2.1 Afsnit\n" },
        { "<p class=MsoListParagraph>·<span>&nbsp;&nbsp;</span>et", "p: et\n" },
        { "<p class=MsoListParagraphCxSpFirst style='margin-left:36.0pt'><span "
          "style='font-family:Symbol'>·<span style='font:7.0pt \"Times New Roman\"'>&nbsp; </span>"
          "</span>et</p><p class=MsoListParagraphCxSpLast style='margin-left:2.54cm'><span "
          "style='font-family:\"Courier New\"'>o<span style='font:7.0pt \"Times New Roman\"'>&nbsp; "
          "</span></span>to</p><p class=MsoListParagraph>1.<span style='font:7.0pt \"Times New "
          "Roman\"'>&nbsp; </span>tre</p><p class=MsoListParagraph>Uden <span "
          "style='font:7.0pt \"Times New Roman\"'>punkt</span></p>",
          "ul:\n  li: et\n    ul:\n      li: to\nol:\n  li: tre\np: Uden punkt\n" },
        { "<p>Ord<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'><span>[1]</span>"
          "</a> mere<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' "
          "id=ftn1><p class=MsoFootnoteText><a href='#_ftnref1' name='_ftn1'>[1]</a> Kilde</div>"
          "</div>",
          "p: Ord[1] mere\nrule:\nol:\n  li: Kilde\n" },
        { "<p>a<span class=MsoCommentReference><a class=msocomanchor>[MS1]</a></span> "
          "<span class=msoDel>b</span><span class=msoIns>c</span>",
          "p: a c\n= comment 1, 3 letters: [MS1]\n= deleted 1, 1 letters: b\n"
          "= inserted 1, 0 letters: c\n" },
    };

    (void)state;
    expect_rows(rows, sizeof rows / sizeof rows[0]);
}

/* ---- whole pages ---- */

static void pages_are_read_whole(void **state)
{
    static const char *const names[] = {
        "word-release",    "word-list-and-table", "libreoffice",      "browser-cms",
        "cms-article",     "old-form-page",       "mail-outlook",     "mail-gmail",
        "mail-newsletter", "google-docs",         "blog-two-columns", "invitation-table",
    };

    (void)state;
    bool is_good = true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct arena arena = { 0 };
        struct string_builder page;
        struct error error;
        char path[512];
        string_builder_init(&page, 0);
        (void)snprintf(path, sizeof path, TEST_DATA_DIRECTORY "/rich_text/%s.html", names[i]);
        assert_true(file_read(AT_FDCWD, path, &page, &error));
        const struct rich_text *text = read_page(&arena, page.data);
        (void)snprintf(path, sizeof path, "rich_text/%s.txt", names[i]);
        is_good = golden_is(path,
                            arena_format(&arena, "%s= %zu of %zu letters\n", describe(&arena, text),
                                         text->letters, text->page_letters)) &&
                  is_good;
        string_builder_release(&page);
        arena_release(&arena);
    }
    assert_true(is_good);
}

/* ---- bounds ---- */

static void long_pictures_pass_the_parsers_bound(void **state)
{
    struct arena arena = { 0 };
    struct string_builder page;
    (void)state;
    string_builder_init(&page, 0);
    string_builder_append(&page, "<p>før<img alt=x src=\"data:image/png;base64,iVBORw0KGgoA");
    for (int i = 0; i < 4 * 1024 * 1024; i += 8)
        string_builder_append(&page, "AAAAAAAA");
    string_builder_append(&page, "\">efter");
    const struct rich_text *text = read_page(&arena, page.data);
    assert_string_equal(describe(&arena, text), "p: før![x](picture-1.png)efter\n"
                                                "= picture-1.png, 3145737 bytes, \"x\", \"\"\n");
    string_builder_release(&page);
    arena_release(&arena);
}

static void pages_past_the_bounds_are_refused(void **state)
{
    struct arena arena = { 0 };
    struct string_builder page;
    (void)state;
    string_builder_init(&page, 0);
    for (int i = 0; i < HTML_TAGS_MAXIMUM + 1; i++)
        string_builder_append(&page, "<b>");
    assert_string_equal(describe(&arena, read_page(&arena, page.data)), "fault 4: depth\n");
    string_builder_release(&page);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_blocks),
        cmocka_unit_test(lists_nest),
        cmocka_unit_test(words_keep_their_style),
        cmocka_unit_test(links_lead_somewhere),
        cmocka_unit_test(what_was_struck_is_left_out),
        cmocka_unit_test(furniture_is_left_out),
        cmocka_unit_test(tables_are_tables),
        cmocka_unit_test(pictures_are_taken_or_told),
        cmocka_unit_test(pages_say_what_they_are),
        cmocka_unit_test(word_is_understood),
        cmocka_unit_test(pages_are_read_whole),
        cmocka_unit_test(long_pictures_pass_the_parsers_bound),
        cmocka_unit_test(pages_past_the_bounds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
