/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "net/smtp_reply.h"

#include <stdlib.h>
#include <string.h>

/* Feeds piece bytes at a time; the status of the first reply that is whole or bad. */
static enum smtp_reply_status feed(const char *bytes, size_t length, size_t piece,
                                   struct smtp_reply *reply)
{
    struct smtp_reply_parser parser;
    smtp_reply_parser_init(&parser);
    for (size_t at = 0; at < length;) {
        size_t count = length - at < piece ? length - at : piece;
        size_t used = 0;
        enum smtp_reply_status status = smtp_reply_parser_feed(&parser, bytes + at, count, &used,
                                                               reply);
        if (status != SMTP_REPLY_MORE)
            return status;
        assert_int_equal(used, count);
        at += count;
    }
    return SMTP_REPLY_MORE;
}

static void replies_are_read_whole_and_in_one_byte_pieces(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *input;
        enum smtp_reply_status status;
        int code;
        const char *enhanced;
        const char *text;
    } table[] = {
        { "plain", "250 Ok\r\n", SMTP_REPLY_READY, 250, "", "Ok" },
        { "bare LF", "250 Ok\n", SMTP_REPLY_READY, 250, "", "Ok" },
        { "no text", "250\r\n", SMTP_REPLY_READY, 250, "", "" },
        { "enhanced", "550 5.1.1 No such user\r\n", SMTP_REPLY_READY, 550, "5.1.1",
          "No such user" },
        { "long enhanced", "450 4.700.123 Wait\r\n", SMTP_REPLY_READY, 450, "4.700.123", "Wait" },
        { "enhanced alone", "250 2.0.0\r\n", SMTP_REPLY_READY, 250, "2.0.0", "" },
        { "enhanced of another class", "550 4.1.1 Odd\r\n", SMTP_REPLY_READY, 550, "",
          "4.1.1 Odd" },
        { "no enhanced but like one", "550 5.1.1.2 Odd\r\n", SMTP_REPLY_READY, 550, "",
          "5.1.1.2 Odd" },
        { "four digits", "550 5.1.1234 Odd\r\n", SMTP_REPLY_READY, 550, "", "5.1.1234 Odd" },
        { "many lines", "550-5.7.1 One\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n", SMTP_REPLY_READY,
          550, "5.7.1", "One two three" },
        { "control characters", "550 a\tb\x1b[31m\r\n", SMTP_REPLY_READY, 550, "", "a?b?[31m" },
        { "no UTF-8", "550 bl\xe5\r\n", SMTP_REPLY_READY, 550, "", "bl?" },
        { "UTF-8", "550 bl\xc3\xa5\r\n", SMTP_REPLY_READY, 550, "", "bl\xc3\xa5" },
        { "half a line", "250 Ok", SMTP_REPLY_MORE, 0, NULL, NULL },
        { "goes on", "250-Ok\r\n", SMTP_REPLY_MORE, 0, NULL, NULL },
        { "no digits", "hello there\r\n", SMTP_REPLY_BAD, 0, NULL, NULL },
        { "empty line", "\r\n", SMTP_REPLY_BAD, 0, NULL, NULL },
        { "two digits", "25 Ok\r\n", SMTP_REPLY_BAD, 0, NULL, NULL },
        { "four digits in code", "2500 Ok\r\n", SMTP_REPLY_BAD, 0, NULL, NULL },
        { "code too low", "199 Ok\r\n", SMTP_REPLY_BAD, 0, NULL, NULL },
        { "code too high", "600 Ok\r\n", SMTP_REPLY_BAD, 0, NULL, NULL },
        { "codes differ", "250-Ok\r\n550 No\r\n", SMTP_REPLY_BAD, 0, NULL, NULL },
        { "HTTP", "HTTP/1.1 400 Bad Request\r\n", SMTP_REPLY_BAD, 0, NULL, NULL },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (size_t piece = 1; piece <= 64; piece *= 8) {
            struct smtp_reply reply = { 0 };
            enum smtp_reply_status status = feed(table[i].input, strlen(table[i].input), piece,
                                                 &reply);
            if (status != table[i].status)
                fail_msg("%s: status %d", table[i].label, (int)status);
            if (status != SMTP_REPLY_READY)
                continue;
            assert_int_equal(reply.code, table[i].code);
            assert_string_equal(reply.enhanced, table[i].enhanced);
            assert_string_equal(reply.text, table[i].text);
        }
    }
}

static void a_line_of_ten_megabytes_is_refused_early(void **state)
{
    (void)state;
    size_t length = (size_t)10 * 1024 * 1024;
    char *line = malloc(length);
    assert_non_null(line);
    memset(line, 'x', length);
    memcpy(line, "250 ", 4); /* NOLINT(bugprone-not-null-terminated-result): no string */
    struct smtp_reply reply = { 0 };
    assert_int_equal(feed(line, length, 4096, &reply), SMTP_REPLY_BAD);
    assert_string_equal(reply.text, "the relay sent a line that is too long");
    free(line);
}

static void a_reply_without_end_is_refused(void **state)
{
    (void)state;
    struct smtp_reply_parser parser;
    smtp_reply_parser_init(&parser);
    struct smtp_reply reply = { 0 };
    enum smtp_reply_status status = SMTP_REPLY_MORE;
    int lines = 0;
    while (status == SMTP_REPLY_MORE && lines < 1000) {
        size_t used = 0;
        status = smtp_reply_parser_feed(&parser, "250-more\r\n", 10, &used, &reply);
        lines++;
    }
    assert_int_equal(status, SMTP_REPLY_BAD);
    assert_int_equal(lines, SMTP_REPLY_LINES_MAXIMUM + 1);
}

static void text_is_cut_at_a_characters_border(void **state)
{
    (void)state;
    char line[SMTP_REPLY_LINE_MAXIMUM] = "550 a";
    size_t at = 5;
    while (at < 1500) {
        line[at++] = (char)0xc3; /* å */
        line[at++] = (char)0xa5;
    }
    memcpy(line + at, "\r\n", 2); /* NOLINT(bugprone-not-null-terminated-result): no string */
    struct smtp_reply reply = { 0 };
    assert_int_equal(feed(line, at + 2, 100, &reply), SMTP_REPLY_READY);
    size_t length = strlen(reply.text);
    assert_int_equal(length, SMTP_REPLY_TEXT_SIZE - 1);
    assert_int_equal((unsigned char)reply.text[length - 1], 0xa5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_are_read_whole_and_in_one_byte_pieces),
        cmocka_unit_test(a_line_of_ten_megabytes_is_refused_early),
        cmocka_unit_test(a_reply_without_end_is_refused),
        cmocka_unit_test(text_is_cut_at_a_characters_border),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
