/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/string_builder.h"
#include "publish/alone.h"

#include <stdlib.h>
#include <string.h>

static const struct publish_alone_picture small_picture = {
    .url = "https://p.example/a.jpg", .media_type = "image/jpeg", .bytes = "abc", .length = 3
};

struct result {
    struct string_builder out;
};

static const char *write(struct result *result, const struct publish_alone *alone, const char *html,
                         size_t maximum)
{
    string_builder_init(&result->out, maximum);
    publish_alone_write(alone, html, &result->out);
    return result->out.data;
}

static void expect(const struct publish_alone *alone, const char *html, const char *expected)
{
    struct result result;
    /* The body alone is compared: the head is looked at by itself. */
    const char *whole = write(&result, alone, html, 0);
    const char *body = strstr(whole, "<body>");
    assert_non_null(body);
    assert_string_equal(body, expected);
    string_builder_release(&result.out);
}

static void nothing_is_loaded(void **state)
{
    (void)state;
    static const struct publish_alone alone = { .pictures = &small_picture };
    expect(&alone, "<body><img src=\"https://p.example/a.jpg\" srcset=\"https://p.example/b 2x\">",
           "<body><img src=\"data:image/jpeg;base64,YWJj\">");
    expect(&alone, "<body><img alt='x>y' src=https://tracker.example/p.gif>",
           "<body><img alt=\"x>y\">");
    expect(&alone, "<body><script src=\"/a.js\">if (a</b/) \"<p>\"</script><p>x</p>",
           "<body><p>x</p>");
    expect(&alone,
           "<body><iframe src=\"//x\"></iframe><video poster=\"/p\"><source src=\"/v\"></video>y",
           "<body>y");
    expect(&alone, "<body><p onclick=\"a()\" STYLE=\"background:URL(/b)\" class='c'>t</p>",
           "<body><p class=\"c\">t</p>");
    expect(&alone,
           "<body><table background=\"/b.gif\"><svg><image href=\"/x\" xlink:href=\"/x\"></svg>",
           "<body><table><svg><image></svg>");
    expect(&alone, "<body><form action=\"/subscribe\"><form><input></form></form>z", "<body>z");
    expect(&alone, "<body><!-- <img src=\"https://x\"> -->z", "<body>z");
}

static void links_for_people_stay(void **state)
{
    (void)state;
    static const struct publish_alone alone = { .own_url = "https://p.example/releases/2026/x/" };
    expect(&alone, "<body><a href=\"https://p.example/contacts/\">k</a>",
           "<body><a href=\"https://p.example/contacts/\">k</a>");
    expect(&alone,
           "<body><a class=\"d\" href=\"https://p.example/releases/2026/x/a.pdf\" download>d</a>",
           "<body><a class=\"d\">d</a>");
    expect(&alone, "<body><a href=\"javascript:alert(1)\">j</a> 1 < 2", "<body><a>j</a> 1 < 2");
}

static void head_says_so_first(void **state)
{
    (void)state;
    static const char style[] = "@import url(\"x.css\");a{background:url( 'https://x/y.png' )}"
                                "b{background:url(data:,)}</style><script>";
    static const struct publish_alone alone = { .style = style,
                                                .style_length = sizeof style - 1,
                                                .banner = "<div>B</div>" };
    struct result result;
    const char *page = write(&result, &alone,
                             "<!DOCTYPE html><html><head><meta http-equiv=\"refresh\" content=\"0;"
                             "url=https://x\"><link rel=\"stylesheet\" href=\"/s.css\"><base "
                             "href=\"/\"><meta name=\"viewport\" content=\"v\"><title>T</title>"
                             "</head><body class=\"c\"><p>t</p></body></html>",
                             0);
    const char *policy = strstr(page, "Content-Security-Policy");
    assert_non_null(policy);
    assert_true(policy < strstr(page, "<style>"));
    assert_non_null(strstr(page, "content=\"noindex, nofollow\""));
    assert_non_null(strstr(page, "<meta name=\"viewport\" content=\"v\">"));
    assert_null(strstr(page, "refresh"));
    assert_null(strstr(page, "<link"));
    assert_null(strstr(page, "<base"));
    assert_null(strstr(page, "</style><script"));
    assert_null(strstr(page, "https://x"));
    assert_null(strstr(page, "@import"));
    assert_non_null(strstr(page, "b{background:url(data:,)}<\\/style>"));
    assert_non_null(strstr(page, "<body class=\"c\"><div>B</div><p>t</p></body></html>"));
    string_builder_release(&result.out);
}

/* A newsroom's own templates may leave out what others have. */
static void policy_without_head(void **state)
{
    (void)state;
    static const struct publish_alone alone = { .banner = "B" };
    struct result result;
    const char *page = write(&result, &alone, "<p>t</p>", 0);
    assert_non_null(strstr(page, "Content-Security-Policy"));
    assert_non_null(strstr(page, "B<p>t</p>"));
    string_builder_release(&result.out);
    page = write(&result, &alone, "<body><p>t</p>", 0);
    assert_true(strstr(page, "Content-Security-Policy") < strstr(page, "<p>t</p>"));
    string_builder_release(&result.out);
}

static void pictures_leave_room(void **state)
{
    (void)state;
    static char bytes[3000];
    struct publish_alone_picture large = {
        .url = "u", .media_type = "image/png", .bytes = bytes, .length = sizeof bytes
    };
    struct publish_alone alone = { .left_out = "<i>left out</i>", .pictures = &large };
    struct result result;
    const char *page = write(&result, &alone, "<body><img src=\"u\"><img src=\"u\">t", 8000);
    assert_non_null(strstr(page, "AAAA\"><i>left out</i>t"));
    assert_false(string_builder_overflowed(&result.out));
    string_builder_release(&result.out);
    large.small_bytes = "abc";
    large.small_length = 3;
    page = write(&result, &alone, "<body><img src=\"u\"><img src=\"u\">t", 8000);
    assert_non_null(strstr(page, "AAAA\"><img src=\"data:image/png;base64,YWJj\">t"));
    string_builder_release(&result.out);
}

/* Cut anywhere, it is read to its end and no further. */
static void cut_anywhere(void **state)
{
    (void)state;
    static const char html[] = "<head><style>a</style><body class='a b'><a href=\"x\" c>"
                               "<script>b</script><!-- c --><form></form><img src=x>";
    static const struct publish_alone alone = { .style = "a", .style_length = 1 };
    for (size_t length = 0; length < sizeof html; length++) {
        struct result result;
        char *cut = strndup(html, length);
        (void)write(&result, &alone, cut, 0);
        string_builder_release(&result.out);
        free(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_loaded),   cmocka_unit_test(links_for_people_stay),
        cmocka_unit_test(head_says_so_first),  cmocka_unit_test(policy_without_head),
        cmocka_unit_test(pictures_leave_room), cmocka_unit_test(cut_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
