/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/string_builder.h"
#include "http/body.h"
#include "http/head.h"

#include <stdlib.h>
#include <string.h>

#define HOST "Host: presse.nordhav.example\r\n"

/* The status that a request's head is refused with; 0: it is read. */
static unsigned judge(const char *bytes, size_t length, struct http_head *head, char **copy)
{
    struct http_scan scan = { 0 };
    unsigned status = 0;
    size_t whole = http_head_find(bytes, length, &scan, &status);
    *copy = malloc(length + 1);
    memcpy(*copy, bytes, length);
    (*copy)[length] = '\0';
    if (status)
        return status;
    assert_int_equal(whole, length);
    return http_head_read(*copy, whole, head);
}

static void what_can_be_understood_in_two_ways_is_refused(void **state)
{
    (void)state;

    static const struct {
        const char *head;
        unsigned status;
    } cases[] = {
        { "GET / HTTP/1.1\r\n" HOST "\r\n", 0 },
        { "GET / HTTP/1.0\r\n\r\n", 0 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400 },
        { "GET / HTTP/1.0\r\n" HOST HOST "\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 0 },
        { "GET / HTTP/1.1\r\n" HOST "Content-Length : 1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "Content-Length\t: 1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n Content-Length: 1\r\n" HOST "\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X: a\r\n\tb\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X: a\rY: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X: a\r\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X: a\nY: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\n" HOST "\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST ": x\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X(: x\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X: \x7f\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n" HOST "X: \xc3\xa6\r\n\r\n", 0 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\ncontent-length: 4\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: -3\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 3.0\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551619\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
          400 },
        { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
          400 },
        { "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 400 },
        { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n", 0 },
        { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \x0b"
          "chunked\r\n\r\n",
          400 },
        { "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n", 501 },
        { "POST / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\n\r\n", 0 },
        { "POST / HTTP/1.1\r\n" HOST "Expect: tea\r\n\r\n", 417 },
        { "GET  / HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET /  HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET / HTTP/1.1 \r\n" HOST "\r\n", 400 },
        { " GET / HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "G\xc3T / HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET /a b HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET nowhere HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET http:// HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET http:///a HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET http://somebody@b.example/a HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET https://b.example,c.example/a HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET http://b.example#/a HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET http://b\\example?a HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "CONNECT a.example:443 HTTP/1.1\r\n" HOST "\r\n", 400 },
        { "GET /\r\n\r\n", 400 },
        { "GET / HTTP/1.1x\r\n" HOST "\r\n", 400 },
        { "GET / http/1.1\r\n" HOST "\r\n", 400 },
        { "GET / HTTP/1\r\n" HOST "\r\n", 400 },
        { "GET / HTTP/2.0\r\n" HOST "\r\n", 505 },
        { "GET / HTTP/0.9\r\n" HOST "\r\n", 505 },
        { "GET / HTTP/1.2\r\n" HOST "\r\n", 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct http_head head;
        char *copy = NULL;
        unsigned status = judge(cases[i].head, strlen(cases[i].head), &head, &copy);
        if (status != cases[i].status)
            print_message("%s\n", cases[i].head);
        assert_int_equal(status, cases[i].status);
        free(copy);
    }
}

static void no_byte_is_hidden_behind_a_nul(void **state)
{
    (void)state;
    static const char nul[] = "GET / HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n";
    static const char in_name[] = "GET / HTTP/1.1\r\n" HOST "X\0: a\r\n\r\n";
    static const char in_line[] = "GET /\0 HTTP/1.1\r\n" HOST "\r\n";
    struct http_head head;
    char *copy = NULL;
    assert_int_equal(judge(nul, sizeof nul - 1, &head, &copy), 400);
    free(copy);
    assert_int_equal(judge(in_name, sizeof in_name - 1, &head, &copy), 400);
    free(copy);
    assert_int_equal(judge(in_line, sizeof in_line - 1, &head, &copy), 400);
    free(copy);
}

static void a_head_is_taken_apart(void **state)
{
    (void)state;
    static const char bytes[] = "POST http://b.example/a%20b?c=d&e HTTP/1.1\r\n" HOST
                                "X-Forwarded-For: 192.0.2.1\r\nx-forwarded-for:  192.0.2.2 \t\r\n"
                                "Content-Length: 00012\r\nEmpty:\r\nConnection: x, Close\r\n\r\n";
    struct http_head head;
    char *copy = NULL;
    assert_int_equal(judge(bytes, sizeof bytes - 1, &head, &copy), 0);
    assert_string_equal(head.method, "POST");
    assert_string_equal(head.path, "/a%20b");
    assert_string_equal(head.query, "c=d&e");
    assert_int_equal(head.framing, HTTP_LENGTH);
    assert_int_equal(head.length, 12);
    assert_false(head.is_kept);
    assert_string_equal(http_head_field(&head, "host"), "presse.nordhav.example");
    assert_string_equal(http_head_field(&head, "X-Forwarded-For"), "192.0.2.1");
    assert_string_equal(http_head_field(&head, "Empty"), "");
    assert_null(http_head_field(&head, "X"));
    const char *cursor = head.fields;
    const char *value = NULL;
    int count = 0;
    while (http_head_next(&head, &cursor, &value))
        if (++count == 3)
            assert_string_equal(value, "192.0.2.2");
    assert_int_equal(count, 6);
    free(copy);
    static const char old[] = "GET http://b.example?q HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n";
    assert_int_equal(judge(old, sizeof old - 1, &head, &copy), 0);
    assert_string_equal(head.path, "/");
    assert_string_equal(head.query, "q");
    assert_true(head.is_kept && head.is_old);
    free(copy);
}

/* However its bytes come, the end is found at the same place. */
static void a_head_may_come_in_pieces(void **state)
{
    (void)state;
    static const char bytes[] = "GET / HTTP/1.1\r\n" HOST "\r\nGET /next";
    struct http_scan scan = { 0 };
    unsigned status = 0;
    size_t end = sizeof bytes - 1 - 9;
    for (size_t i = 0; i < end; i++) {
        assert_int_equal(http_head_find(bytes, i, &scan, &status), 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(http_head_find(bytes, sizeof bytes - 1, &scan, &status), end);
}

static unsigned judge_long(const char *before, size_t count, const char *after)
{
    struct string_builder text;
    struct http_scan scan = { 0 };
    unsigned status = 0;
    string_builder_init(&text, 0);
    string_builder_append(&text, before);
    for (size_t i = 0; i < count; i++)
        string_builder_append_character(&text, 'a');
    string_builder_append(&text, after);
    (void)http_head_find(text.data, text.length, &scan, &status);
    string_builder_release(&text);
    return status;
}

static void too_much_is_refused_before_it_is_whole(void **state)
{
    (void)state;
    assert_int_equal(judge_long("GET /", 8000, " HTTP/1.1\r\n" HOST "\r\n"), 0);
    assert_int_equal(judge_long("GET /", 8300, " HTTP/1.1\r\n" HOST "\r\n"), 414);
    assert_int_equal(judge_long("GET /", 8300, ""), 414);
    assert_int_equal(judge_long("GET / HTTP/1.1\r\n" HOST "X: ", 65000, "\r\n\r\n"), 0);
    assert_int_equal(judge_long("GET / HTTP/1.1\r\n" HOST "X: ", 65600, "\r\n\r\n"), 431);
    assert_int_equal(judge_long("GET / HTTP/1.1\r\n" HOST "X: ", 65600, ""), 431);
}

/* The body of chunks, given so many bytes at a time: what state it ends in, and how much of the
 * bytes it took. */
static enum http_body_state read_chunks(const char *bytes, size_t step,
                                        struct string_builder *content, size_t *taken)
{
    const struct http_head head = { .framing = HTTP_CHUNKED };
    struct http_body body;
    size_t length = strlen(bytes);
    size_t seen = 0;
    http_body_begin(&body, &head, 100);
    *taken = 0;
    while (body.state < HTTP_BODY_WHOLE && seen < length) {
        seen = seen + step < length ? seen + step : length;
        *taken += http_body_take(&body, bytes + *taken, seen - *taken, content);
    }
    return body.state;
}

static void chunks_are_read_to_the_letter(void **state)
{
    (void)state;

    static const struct {
        const char *bytes;
        enum http_body_state state;
        const char *content;
        const char *rest;
    } cases[] = {
        { "3\r\na=b\r\n0\r\n\r\nGET", HTTP_BODY_WHOLE, "a=b", "GET" },
        { "3;x=\"y\"\r\na=b\r\n00\r\nX: y\r\n\r\nGET", HTTP_BODY_WHOLE, "a=b", "GET" },
        { "0000000A\r\n0123456789\r\n1\r\n!\r\n0\r\n\r\n", HTTP_BODY_WHOLE, "0123456789!", "" },
        { "3\r\na=bGET", HTTP_BODY_MALFORMED, "a=b", NULL },
        { "3\r\na=b\n0\r\n\r\n", HTTP_BODY_MALFORMED, "a=b", NULL },
        { "3\na=b\r\n0\r\n\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "\n", HTTP_BODY_MALFORMED, "", NULL },
        { "\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "+3\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "-1\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "0x3\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { " 3\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "3 \r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "3;a\rb\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "100000003\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "fffffffffffffffff3\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "0\r\nX : y\r\n\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "0\r\n X: y\r\n\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "0\r\nX: y\n\r\n", HTTP_BODY_MALFORMED, "", NULL },
        { "64\r\n", HTTP_BODY_DATA, "", NULL },
        { "3\r\na=b\r\n0\r\n", HTTP_BODY_TRAILER, "a=b", NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t step = 1; step < 50; step++) {
            struct string_builder content;
            size_t taken = 0;
            string_builder_init(&content, 100);
            enum http_body_state found = read_chunks(cases[i].bytes, step, &content, &taken);
            if (found != cases[i].state)
                print_message("%s by %zu\n", cases[i].bytes, step);
            assert_int_equal(found, cases[i].state);
            assert_string_equal(content.length ? content.data : "", cases[i].content);
            if (cases[i].rest)
                assert_string_equal(cases[i].bytes + taken, cases[i].rest);
            string_builder_release(&content);
        }
    }
}

static void a_body_has_an_end(void **state)
{
    (void)state;
    const struct http_head length = { .framing = HTTP_LENGTH, .length = 101 };
    const struct http_head chunks = { .framing = HTTP_CHUNKED };
    static const char chunk[] = "20\r\n0123456789abcdef0123456789abcdef\r\n";
    struct http_body body;
    struct string_builder text;
    struct string_builder content;
    size_t taken = 0;
    http_body_begin(&body, &length, 100);
    assert_int_equal(body.state, HTTP_BODY_TOO_LARGE);
    http_body_begin(&body, &chunks, 0);
    assert_int_equal(body.state, HTTP_BODY_TOO_LARGE);
    string_builder_init(&text, 0);
    string_builder_init(&content, 100);
    for (int i = 0; i < 4; i++)
        string_builder_append(&text, chunk);
    assert_int_equal(read_chunks(text.data, 7, &content, &taken), HTTP_BODY_TOO_LARGE);
    string_builder_release(&content);
    string_builder_clear(&text);
    string_builder_append(&text, "1;");
    for (int i = 0; i < 200; i++)
        string_builder_append(&text, "x");
    assert_int_equal(read_chunks(text.data, 7, &content, &taken), HTTP_BODY_MALFORMED);
    string_builder_clear(&text);
    string_builder_append(&text, "0\r\n");
    for (int i = 0; i < 1000; i++)
        string_builder_append(&text, "X: y\r\n");
    assert_int_equal(read_chunks(text.data, 100, &content, &taken), HTTP_BODY_MALFORMED);
    string_builder_release(&text);
    string_builder_release(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_understood_in_two_ways_is_refused),
        cmocka_unit_test(no_byte_is_hidden_behind_a_nul),
        cmocka_unit_test(a_head_is_taken_apart),
        cmocka_unit_test(a_head_may_come_in_pieces),
        cmocka_unit_test(too_much_is_refused_before_it_is_whole),
        cmocka_unit_test(chunks_are_read_to_the_letter),
        cmocka_unit_test(a_body_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
