/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "html/html.h"
#include "mime/mime.h"
#include "mime_parser/mime_read.h"

#include <string.h>

/* What mail programs, list servers and gateways do to encodings, and what is read all the same. */

static void reads(const char *encoding, const char *body, const char *text)
{
    struct arena arena = { 0 };
    const char *bytes = arena_format(&arena,
                                     "Content-Type: text/plain; charset=utf-8\n"
                                     "Content-Transfer-Encoding: %s\n\n%s",
                                     encoding, body);
    assert_string_equal(mime_read(&html_reader, &arena, bytes, strlen(bytes))->text, text);
    arena_release(&arena);
}

static void base64_that_is_not_whole_is_read(void **state)
{
    (void)state;
    reads("base64", "SmEgdGFr", "Ja tak");
    reads("base64", "SkE", "JA");
    reads("base64", "SkE\n", "JA");
    reads("base64", "SkEgdGFrIA==\nSmE=\n", "JA tak Ja"); /* a footer was added */
    reads("base64", "SkE#gdG\r\n Fr!", "JA tak");
    reads("base64", "SkE=gdGFr", "JA tak"); /* one too many, within a line */
    reads("base64", "SmEsIMOm", "Ja, æ");
    reads("base64", "SmEsIMOmw", "Ja, æ"); /* cut within a character */
    reads("base64", "SmEsIMOmww==", "Ja, æ");
}

static void quoted_printable_that_is_not_whole_is_read(void **state)
{
    (void)state;
    reads("quoted-printable", "Ja=2C =C3=A6=\n=C3=A5", "Ja, æå");
    reads("quoted-printable", "Ja=2C =C3=A6=C3", "Ja, æ");
    reads("quoted-printable", "Ja =G1 tak=", "Ja =G1 tak");
    reads("quoted-printable", "=C3=A6=A_=C3=B8=E5 =C3=A5", "æ=A_øå å"); /* one letter of Latin 1 */
    reads("quoted-printable", "a = b", "a = b");
}

static void words_that_are_not_whole_are_read(void **state)
{
    static const struct {
        const char *subject;
        const char *decoded;
    } subjects[] = {
        { "=?utf-8?B?SMOmag==?=", "Hæj" },
        { "=?UTF-8?b?SMOmag?=", "Hæj" }, /* without its padding */
        { "SV: =?utf-8?B?SkE?= =?utf-8?B?IHRhaw?=", "SV: JA tak" },
        { "=?iso-8859-1?Q?H=E6j_du?=", "Hæj du" },
        { "=?utf-8?Q?H=C3?= =?utf-8?Q?=A6j?=", "Hæj" },
        { "=?utf-8*da?Q?H=C3=A6?=", "Hæ" },
        { "SV:  =?utf-8?Q?H=C3=A6j?=   [confirm-abc]", "SV: Hæj [confirm-abc]" },
        { "=?utf-8?Q?a", "=?utf-8?Q?a" },
        { "=?utf-8?B?SkE", "=?utf-8?B?SkE" },
        { "=?windows-1252?Q?=93hej=94?=", "“hej”" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        struct arena arena = { 0 };
        const char *bytes = arena_format(&arena, "Subject: %s\n\nhej\n", subjects[i].subject);
        assert_string_equal(mime_read(&html_reader, &arena, bytes, strlen(bytes))->subject,
                            subjects[i].decoded);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_that_is_not_whole_is_read),
        cmocka_unit_test(quoted_printable_that_is_not_whole_is_read),
        cmocka_unit_test(words_that_are_not_whole_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
