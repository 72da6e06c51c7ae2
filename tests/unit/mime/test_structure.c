/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "html/html.h"
#include "mime/mime.h"
#include "mime_parser/mime_read.h"

#include <string.h>

/* How messages are taken apart: those that keep the rules, and those that do not. */

static void reads_bytes(const char *bytes, size_t length, const char *text)
{
    struct arena arena = { 0 };
    assert_string_equal(mime_read(&html_reader, &arena, bytes, length)->text, text);
    arena_release(&arena);
}

static void reads(const char *bytes, const char *text)
{
    reads_bytes(bytes, strlen(bytes), text);
}

static void what_lacks_an_empty_line_is_read(void **state)
{
    (void)state;
    reads("From: a@avis.example\nSubject: x\nJa tak\nHilsen\n", "Ja tak\nHilsen\n");
    reads("From: a@avis.example\nSubject: x\nJa tak\n\nHilsen\n", "Ja tak\n\nHilsen\n");
    reads("Ja tak\n\nHilsen\n", "Ja tak\n\nHilsen\n");
    reads("From a@avis.example Mon\nSubject: x\n\nJa\n", "Ja\n");
    reads("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nJa tak\n--b--\n",
          "Ja tak");
    reads("Content-Type: multipart/mixed; boundary=b\n--b\n\nJa\n--b--\n", "Ja");
}

static void a_header_ends_where_a_delimiter_begins(void **state)
{
    static const char bytes[] =
        "Content-Type: multipart/report; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: En meddelelse\r\nX-Token: t\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "--b\r\nContent-Type: text/html\r\n"
        "--b\r\n\r\nDen kom ikke frem.\r\n--b--\r\n";
    (void)state;
    struct arena arena = { 0 };
    const struct mime_message *message = mime_read(&html_reader, &arena, bytes, sizeof bytes - 1);
    assert_string_equal(mime_field(message->original, "X-Token"), "t");
    assert_string_equal(message->statuses->status, "5.1.1");
    assert_string_equal(message->text, "Den kom ikke frem.");
    arena_release(&arena);
}

static void types_and_delimiters_are_told_in_many_ways(void **state)
{
    static const char *const ways[] = {
        "multipart/mixed; boundary=--=_1b",
        "multipart/mixed; boundary=\"--=_1b\"",
        "Multipart/Mixed;\n\tBOUNDARY = --=_1b ;",
        "multipart/mixed; boundary*0=\"--=\"; boundary*1=_1b",
        "multipart/mixed; boundary*=us-ascii'en'--%3D_1b",
        "multipart/mixed; boundary=--=_1b\nContent-Type: text/plain",
    };
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct arena arena = { 0 };
        reads(arena_format(&arena, "Content-Type: %s\n\n----=_1b \n\nJa\n----=_1b--\n", ways[i]),
              "Ja");
        arena_release(&arena);
    }
    reads("Content-Type: multipart/mixed; boundary=b_1 (the delimiter)\n\n--b_1\n\nJa\n--b_1--\n",
          "Ja");
    reads("Content-Type: text\n\nJa", "Ja");
    reads("Content-Type: TEXT/plain;charset=\"iso-8859-1\n\n\xE6", "æ");
    reads("Content-Type: text/plain; charset=iso-8859-2 (latin)\n\n\xB1", "ą");
    reads("Content-Type : text/plain; charset=iso-8859-2\n\n\xB1", "ą");
}

static void delimiters_of_others_end_a_part(void **state)
{
    (void)state;
    reads("Content-Type: multipart/mixed; boundary=a\n\n"
          "--a\nContent-Type: multipart/alternative; boundary=aa\n\n--aa\n\nJa\n"
          "--a\nContent-Type: text/html\n\n<p>Nej\n--a--\n",
          "Ja");
    /* Line ends of two kinds: nothing of the text is taken for one. */
    reads("Content-Type: multipart/mixed; boundary=a\n\n--a\r\n\r\nJa\n--a--\r\n", "Ja");
    reads("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nJa\r\n--a--\n", "Ja");
    reads("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nJa", "Ja");
}

static void a_text_that_looks_like_parts_stays_as_it_is(void **state)
{
    static const char text[] = "Hej\n--\nIda: x\n\n-- \nFrom x\nTil: y\n--a--\nSlut\n\n";
    (void)state;
    struct arena arena = { 0 };
    reads(arena_format(&arena, "From: a@avis.example\n\n%s", text), text);
    reads(arena_format(&arena, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n%s\n--b--\n",
                       text),
          text);
    arena_release(&arena);
    static const char zero[] = "Subject: x\nContent-Type: text/plain;\0 charset=iso-8859-1\n\n\xE6";
    reads_bytes(zero, sizeof zero - 1, "æ");
}

static void a_message_that_is_encoded_is_taken_apart(void **state)
{
    static const char bytes[] = "Content-Type: multipart/report; boundary=b\n\n"
                                "--b\nContent-Type: message/rfc822\n"
                                "Content-Transfer-Encoding: base64\n\n"
                                "WC1Ub2tlbjogdAoKaGVq\n--b--\n";
    (void)state;
    struct arena arena = { 0 };
    const struct mime_message *message = mime_read(&html_reader, &arena, bytes, sizeof bytes - 1);
    assert_string_equal(mime_field(message->original, "X-Token"), "t");
    assert_null(message->text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lacks_an_empty_line_is_read),
        cmocka_unit_test(a_header_ends_where_a_delimiter_begins),
        cmocka_unit_test(types_and_delimiters_are_told_in_many_ways),
        cmocka_unit_test(delimiters_of_others_end_a_part),
        cmocka_unit_test(a_text_that_looks_like_parts_stays_as_it_is),
        cmocka_unit_test(a_message_that_is_encoded_is_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
