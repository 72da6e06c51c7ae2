/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "endpoint/network.h"
#include "endpoint/public_files.h"
#include "endpoint/request.h"
#include "feed/feed.h"

#include <stdlib.h>
#include <string.h>

static void addresses_lead_to_their_pages(void **state)
{
    (void)state;

    static const struct {
        const char *path;
        enum request_route want;
        const char *token;
        unsigned depth;
    } cases[] = {
        { "/subscribe", REQUEST_SUBSCRIBE, "", 0 },
        { "/subscribe/", REQUEST_NONE, "", 0 },
        { "/subscribers", REQUEST_NONE, "", 0 },
        { "/confirm/abc", REQUEST_CONFIRM, "abc", 1 },
        { "/confirm", REQUEST_NONE, "", 0 },
        { "/confirm/", REQUEST_NONE, "", 0 },
        { "/confirm/.", REQUEST_NONE, "", 0 },
        { "/unsubscribe/abc", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc/", REQUEST_UNSUBSCRIBE, "abc", 2 },
        { "/unsubscribe/abc//", REQUEST_UNSUBSCRIBE, "abc", 3 },
        { "/unsubscribe/abc.", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc).", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc>", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc%3E,", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc%20", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc%C2%A0", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc%E2%80%9D", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc&gt;", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc%26gt", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc%2F", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/ab%63", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscrib%65/%61b%63%2e", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe%2Fabc", REQUEST_UNSUBSCRIBE, "abc", 0 },
        { "/unsubscribe/abc%00", REQUEST_UNSUBSCRIBE, "abc%00", 1 },
        { "/unsubscribe/abc%", REQUEST_UNSUBSCRIBE, "abc", 1 },
        { "/unsubscribe/abc.d", REQUEST_UNSUBSCRIBE, "abc.d", 1 },
        { "/unsubscribe/abc/d", REQUEST_UNSUBSCRIBE, "abc/d", 2 },
        { "/unsubscribe//abc", REQUEST_NONE, "", 0 },
        { "/preferences", REQUEST_PREFERENCES, "", 0 },
        { "/preferences/abc", REQUEST_PREFERENCES, "abc", 1 },
        { "/preview/abc", REQUEST_PREVIEW, "abc", 1 },
        { "/preview", REQUEST_NONE, "", 0 },
        { "/status/abc", REQUEST_STATUS, "abc", 1 },
        { "/status", REQUEST_NONE, "", 0 },
        { "/press/confirm/abc", REQUEST_CONFIRM, "abc", 1 },
        { "/press/confirm/abc/", REQUEST_CONFIRM, "abc", 2 },
        { "/press/subscribe", REQUEST_SUBSCRIBE, "", 0 },
        { "/other/subscribe", REQUEST_NONE, "", 0 },
        { "/healthz", REQUEST_HEALTH, "", 0 },
        { "/metrics", REQUEST_NONE, "", 0 },
        { "/", REQUEST_NONE, "", 0 },
        { "", REQUEST_NONE, "", 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct request_target target;
        request_target_read(cases[i].path, "/press/", &target);
        assert_int_equal(target.route, cases[i].want);
        assert_string_equal(target.token, cases[i].token);
        assert_int_equal(target.depth, cases[i].depth);
    }
}

static void an_endless_address_is_no_token(void **state)
{
    (void)state;
    char path[1000] = "/unsubscribe/";
    struct request_target target;
    memset(path + strlen(path), 'a', sizeof path - 1 - strlen(path));
    path[sizeof path - 1] = '\0';
    request_target_read(path, "/", &target);
    assert_int_equal(target.route, REQUEST_UNSUBSCRIBE);
    assert_int_equal(strlen(target.token), REQUEST_TOKEN_SIZE - 1);
}

static void only_paths_beneath_the_folder_are_files(void **state)
{
    (void)state;

    static const struct {
        const char *url;
        const char *path; /* NULL: refused */
    } cases[] = {
        { "/", "index.html" },
        { "/feeds/", "feeds/index.html" },
        { "/feeds/a.atom", "feeds/a.atom" },
        { "/a%20b", "a b" },
        { "/bl%C3%A5b%C3%A6r", "blåbær" },
        { "/../etc/passwd", NULL },
        { "/a/../b", NULL },
        { "/%2e%2e/b", NULL },
        { "/a/%2E%2E%2Fb", NULL },
        { "/.git/config", NULL },
        { "/a/.hidden", NULL },
        { "//etc/passwd", NULL },
        { "/a//b", NULL },
        { "/a%00b", NULL },
        { "/a%0ab", NULL },
        { "/a\\b", NULL },
        { "/a%5cb", NULL },
        { "/%ff", NULL },
        { "/a%", NULL },
        { "a", NULL },
        { "", NULL },
    };

    char path[PUBLIC_PATH_MAXIMUM];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool done = public_path_from_url(cases[i].url, path);
        assert_int_equal(done, cases[i].path != NULL);
        if (done)
            assert_string_equal(path, cases[i].path);
    }
    char longest[PUBLIC_PATH_MAXIMUM + 1];
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = '\0';
    assert_false(public_path_from_url(longest, path));
}

static const char *resolved(const char *connection, const char *forwarded_for)
{
    static char text[NETWORK_TEXT_SIZE];
    struct arena arena = { 0 };
    struct error error;
    struct network_proxies proxies;
    struct network_address address;
    const struct feed_name ten = { "10.0.0.0/8", NULL };
    const struct feed_name names = { "127.0.0.1", &ten };
    assert_true(network_proxies_parse(&arena, &names, &proxies, &error));
    assert_true(network_parse(connection, strlen(connection), &address));
    network_resolve(&proxies, forwarded_for, &address);
    network_truncate(&address, text);
    arena_release(&arena);
    return text;
}

static void only_trusted_proxies_are_believed(void **state)
{
    (void)state;
    assert_string_equal(resolved("192.0.2.77", NULL), "192.0.2.0/24");
    assert_string_equal(resolved("2001:db8:1:2::3", NULL), "2001:db8:1::/48");
    assert_string_equal(resolved("192.0.2.77", "198.51.100.1"), "192.0.2.0/24");
    assert_string_equal(resolved("127.0.0.1", "198.51.100.1"), "198.51.100.0/24");
    assert_string_equal(resolved("127.0.0.1", "203.0.113.5, 198.51.100.1"), "198.51.100.0/24");
    assert_string_equal(resolved("127.0.0.1", "198.51.100.1, 10.1.2.3"), "198.51.100.0/24");
    assert_string_equal(resolved("127.0.0.1", "198.51.100.1,nonsense"), "127.0.0.0/24");
    assert_string_equal(resolved("127.0.0.1", "[2001:db8:7::1]:443"), "2001:db8:7::/48");
    assert_string_equal(resolved("127.0.0.1", "198.51.100.1:8080"), "198.51.100.0/24");
    assert_string_equal(resolved("127.0.0.1", ""), "127.0.0.0/24");
    assert_string_equal(resolved("127.0.0.1", ",,,"), "127.0.0.0/24");
}

static void proxies_that_are_no_addresses_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "proxy", "10.0.0.0/33", "10.0.0.0/", "::1/129", "", "1.2.3"
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { 0 };
        struct network_proxies proxies;
        const struct feed_name name = { wrong[i], NULL };
        assert_false(network_proxies_parse(&arena, &name, &proxies, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_lead_to_their_pages),
        cmocka_unit_test(an_endless_address_is_no_token),
        cmocka_unit_test(only_paths_beneath_the_folder_are_files),
        cmocka_unit_test(only_trusted_proxies_are_believed),
        cmocka_unit_test(proxies_that_are_no_addresses_are_refused),
    };
    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
