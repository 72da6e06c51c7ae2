/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "dkim/dkim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The example of RFC 8463, appendix A. */
#define HEAD                                                                                       \
    "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"                                \
    " d=football.example.com; i=@football.example.com;\r\n"                                        \
    " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n"                                      \
    " subject : date : message-id : from : subject : date;\r\n"                                    \
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"                                        \
    " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n"                              \
    " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n"                                                        \
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"                                    \
    " d=football.example.com; i=@football.example.com;\r\n"                                        \
    " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n"                                \
    " date : message-id : from : subject : date;\r\n"                                              \
    " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n"                                        \
    " b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r\n"                              \
    " DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r\n"                              \
    " dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r\n"
#define FROM "From: Joe SixPack <joe@football.example.com>\r\n"
#define REST                                                                                       \
    "To: Suzie Q <suzie@shopping.example.net>\r\n"                                                 \
    "Subject: Is dinner ready?\r\n"                                                                \
    "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"                                              \
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n"
#define BODY "\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"

static const char ed25519_key[] = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUR"
                                  "o=";
static const char rsa_key[] =
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6w"
    "y5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9"
    "PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

struct zone {
    const char *ed25519;
    const char *rsa; /* "silent": nobody answers; NULL: no such name */
};

static enum dkim_answer ask(void *payload, const char *name, const char **record)
{
    const struct zone *zone = payload;
    *record = strcmp(name, "brisbane._domainkey.football.example.com") == 0 ? zone->ed25519
              : strcmp(name, "test._domainkey.football.example.com") == 0   ? zone->rsa
                                                                            : NULL;
    if (!*record)
        return DKIM_ANSWER_NONE;
    return strcmp(*record, "silent") == 0 ? DKIM_ANSWER_SILENT : DKIM_ANSWER_FOUND;
}

static void the_examples_of_the_standard_hold_and_nothing_else(void **state)
{
    (void)state;

    static const struct {
        const char *label;
        const char *message;
        struct zone zone;
        enum dkim_verdict first;
        enum dkim_verdict second;
        bool is_cut;
    } cases[] = {
        { "untouched", HEAD FROM REST BODY, { ed25519_key, rsa_key }, DKIM_GOOD, DKIM_GOOD, false },
        { "folded and spaced anew, empty lines at the end",
          HEAD "FROM:  Joe SixPack\r\n  <joe@football.example.com>  \r\n" REST
               "\r\nHi. \r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n \r\n\r\n",
          { ed25519_key, rsa_key },
          DKIM_GOOD,
          DKIM_GOOD,
          false },
        { "fields above it",
          "Received: from x\r\n by y\r\nX: 1\r\n" HEAD FROM REST BODY,
          { ed25519_key, rsa_key },
          DKIM_GOOD,
          DKIM_GOOD,
          false },
        { "another sender",
          HEAD "From: Joe <joe@football.example.com>\r\n" REST BODY,
          { ed25519_key, rsa_key },
          DKIM_HEADER_CHANGED,
          DKIM_HEADER_CHANGED,
          false },
        { "a second sender",
          HEAD FROM "From: Eve <eve@nordhav.example>\r\n" REST BODY,
          { ed25519_key, rsa_key },
          DKIM_HEADER_CHANGED,
          DKIM_HEADER_CHANGED,
          false },
        { "a foot below",
          HEAD FROM REST BODY "-- \r\nsent free of charge\r\n",
          { ed25519_key, rsa_key },
          DKIM_BODY_CHANGED,
          DKIM_BODY_CHANGED,
          false },
        { "no body",
          HEAD FROM REST "\r\n",
          { ed25519_key, rsa_key },
          DKIM_BODY_CHANGED,
          DKIM_BODY_CHANGED,
          false },
        { "only its beginning",
          HEAD FROM REST BODY,
          { ed25519_key, rsa_key },
          DKIM_CUT,
          DKIM_CUT,
          true },
        { "no keys",
          HEAD FROM REST BODY,
          { NULL, "silent" },
          DKIM_NO_KEY,
          DKIM_KEY_UNKNOWN,
          false },
        { "keys of the other sort",
          HEAD FROM REST BODY,
          { rsa_key, ed25519_key },
          DKIM_NO_KEY,
          DKIM_NO_KEY,
          false },
        { "keys taken back",
          HEAD FROM REST BODY,
          { "v=DKIM1; p=", "p=; k=rsa" },
          DKIM_REVOKED,
          DKIM_REVOKED,
          false },
        { "no key at all",
          HEAD FROM REST BODY,
          { "v=DKIM1", "v=DKIM2; p=AAAA" },
          DKIM_NO_KEY,
          DKIM_NO_KEY,
          false },
        { "rubbish",
          HEAD FROM REST BODY,
          { "v=DKIM1; k=ed25519; p=*", "v=DKIM1; p=AAAA" },
          DKIM_NO_KEY,
          DKIM_NO_KEY,
          false },
        { "another key",
          HEAD FROM REST BODY,
          { "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURA=", rsa_key },
          DKIM_HEADER_CHANGED,
          DKIM_GOOD,
          false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = { 0 };
        struct zone zone = cases[i].zone;
        struct dkim_signature found[DKIM_SIGNATURES_MAXIMUM];
        const struct dkim_circumstances circumstances = { ask, &zone, 1000, cases[i].is_cut };
        size_t count = dkim_examine(&arena, cases[i].message, strlen(cases[i].message),
                                    &circumstances, found);
        if (count != 2 || found[0].verdict != cases[i].first || found[1].verdict != cases[i].second)
            fail_msg("%s: %zu, %d %d", cases[i].label, count, (int)found[0].verdict,
                     (int)found[1].verdict);
        assert_string_equal(found[0].domain, "football.example.com");
        assert_string_equal(found[1].selector, "test");
        assert_true(dkim_covers(&found[1], "message-id"));
        assert_false(dkim_covers(&found[1], "message"));
        assert_false(dkim_covers(&found[1], "list-unsubscribe"));
        if (found[1].verdict == DKIM_GOOD)
            assert_int_equal(found[1].key_bits, 1024);
        arena_release(&arena);
    }
}

static void a_message_with_lf_alone_is_the_same(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct zone zone = { ed25519_key, rsa_key };
    struct dkim_signature found[DKIM_SIGNATURES_MAXIMUM];
    const struct dkim_circumstances circumstances = { ask, &zone, 1000, false };
    static const char message[] = HEAD FROM REST BODY;
    char *bare = arena_copy(&arena, message);
    size_t used = 0;
    for (size_t i = 0; message[i]; i++)
        if (message[i] != '\r')
            bare[used++] = message[i];
    assert_int_equal(dkim_examine(&arena, bare, used, &circumstances, found), 2);
    assert_int_equal(found[0].verdict, DKIM_GOOD);
    assert_int_equal(found[1].verdict, DKIM_GOOD);
    arena_release(&arena);
}

#define PLAIN "From: presse@nordhav.example\r\nSubject: x\r\n\r\nHej\r\n"

static void what_a_field_lacks_is_told(void **state)
{
    (void)state;

    static const struct {
        const char *tags;
        enum dkim_verdict verdict;
    } cases[] = {
        { "", DKIM_MALFORMED },
        { "hello", DKIM_MALFORMED },
        { "v=1; v=1", DKIM_MALFORMED },
        { "v=1; a=rsa-sha256; d=x.example; s=s; h=subject; bh=AAAA; b=AAAA", DKIM_MALFORMED },
        { "v=1; a=rsa-sha256; d=x.example; s=s; h=from; b=AAAA", DKIM_MALFORMED },
        { "v=1; a=rsa-sha256; d=x example/; s=s; h=from; bh=AAAA; b=AAAA", DKIM_MALFORMED },
        { "v=1; a=rsa-sha256; c=loose; d=x.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_MALFORMED },
        { "v=1; a=rsa-sha1; d=x.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_WEAK },
        { "v=2; a=rsa-sha256; d=x.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_UNKNOWN },
        { "v=1; a=rot13; d=x.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_UNKNOWN },
        { "v=1; a=rsa-sha256; x=5; d=x.example; s=s; h=from; bh=AAAA; b=AAAA", DKIM_OVER },
        { "v=1; a=rsa-sha256; l=9999; d=x.example; s=s; h=From; b=AAAA;"
          " bh=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
          DKIM_BODY_CHANGED },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = { 0 };
        struct zone zone = { NULL, NULL };
        struct dkim_signature found[DKIM_SIGNATURES_MAXIMUM];
        const struct dkim_circumstances circumstances = { ask, &zone, 1000000, false };
        const char *message = arena_format(&arena, "DKIM-Signature: %s\r\n" PLAIN, cases[i].tags);
        assert_int_equal(dkim_examine(&arena, message, strlen(message), &circumstances, found), 1);
        if (found[0].verdict != cases[i].verdict)
            fail_msg("%s: %d", cases[i].tags, (int)found[0].verdict);
        arena_release(&arena);
    }
}

/* What Debian's python3-dkim signs, in each pair of forms. */
static void what_another_implementation_signs_holds(void **state)
{
    (void)state;
    FILE *list = popen("/usr/bin/python3 " TEST_SOURCE_DIRECTORY /* NOLINT(cert-env33-c) */
                       "/tests/unit/dkim/sign.py",
                       "r");
    assert_non_null(list);
    static char bytes[256 * 1024];
    size_t length = fread(bytes, 1, sizeof bytes - 1, list);
    bytes[length] = '\0';
    assert_int_equal(pclose(list), 0);
    size_t messages = 0;
    char *rest = bytes;
    /* "KEY RECORD\nLENGTH\nMESSAGE" each */
    while (*rest) {
        struct arena arena = { 0 };
        struct dkim_signature found[DKIM_SIGNATURES_MAXIMUM];
        char *end = strchr(rest, '\n');
        assert_non_null(end);
        *end = '\0';
        struct zone zone = { NULL, rest };
        char *message = NULL;
        size_t size = strtoul(end + 1, &message, 10);
        const struct dkim_circumstances circumstances = { ask, &zone, 1000, false };
        message++;
        assert_int_equal(dkim_examine(&arena, message, size, &circumstances, found), 1);
        if (found[0].verdict != DKIM_GOOD)
            fail_msg("%d: %.600s", (int)found[0].verdict, message);
        assert_true(dkim_covers(&found[0], "list-unsubscribe-post"));
        messages++;
        rest = message + size;
        arena_release(&arena);
    }
    assert_int_equal(messages, 8);
}

static void fields_are_taken_apart(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct dkim_header header;
    static const char message[] =
        "Received: one\n\ttwo \nno field\nSUBJECT :x\nreceived:three\n\nb";
    size_t from = 0;
    dkim_header_read(&arena, message, sizeof message - 1, &header);
    assert_int_equal(header.count, 3);
    assert_string_equal(dkim_header_value(&arena, &header, "Received", &from), "one\ttwo");
    assert_string_equal(dkim_header_value(&arena, &header, "Received", &from), "three");
    assert_null(dkim_header_value(&arena, &header, "Received", &from));
    from = 0;
    assert_string_equal(dkim_header_value(&arena, &header, "subject", &from), "x");
    assert_int_equal(header.body_length, 1);
    dkim_header_read(&arena, "\nb", 2, &header);
    assert_int_equal(header.count, 0);
    assert_int_equal(header.body_length, 1);
    dkim_header_read(&arena, "", 0, &header);
    assert_int_equal(header.count + header.body_length, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_standard_hold_and_nothing_else),
        cmocka_unit_test(a_message_with_lf_alone_is_the_same),
        cmocka_unit_test(what_a_field_lacks_is_told),
        cmocka_unit_test(what_another_implementation_signs_holds),
        cmocka_unit_test(fields_are_taken_apart),
    };
    return cmocka_run_group_tests_name("DKIM", tests, NULL, NULL);
}
