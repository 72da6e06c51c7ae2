/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "html/html.h"
#include "mime/mime.h"
#include "mime_parser/mime_letter.h"

#include <string.h>

/* What a mail holds that somebody lays down as a text: what is shown, files, and what is neither.
 */

#define HEAD "From: a@nordhav.example\nDate: Mon, 8 Jun 2026 10:00:00 +0200\n"

static const struct mime_letter *letter_of(struct arena *arena, const char *bytes)
{
    return mime_letter_read(&html_reader, arena, bytes, strlen(bytes));
}

static void is_faulty(const char *bytes, enum mime_letter_fault fault)
{
    struct arena arena = { 0 };
    const struct mime_letter *letter = letter_of(&arena, bytes);
    assert_int_equal(letter->fault, fault);
    assert_null(letter->leaves);
    arena_release(&arena);
}

static void both_forms_of_a_text_are_one_leaf(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const struct mime_letter *letter = letter_of(
        &arena, HEAD
        "Subject: =?iso-8859-1?Q?Nyt_sundhedshus_i_=C5dal?=\n"
        "Content-Type: multipart/mixed; boundary=m\n\n"
        "--m\nContent-Type: multipart/related; boundary=r\n\n"
        "--r\nContent-Type: multipart/alternative; boundary=a\n\n"
        "--a\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nHuset åbner.\n"
        "--a\nContent-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>Huset =E5bner.</p>\n"
        "--a\nContent-Type: text/x-amp-html\n\n<html amp4email>x</html>\n--a--\n"
        "--r\nContent-Type: image/png; name=\"image001.png\"\nContent-ID: <image001.png@01D>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--r--\n"
        "--m\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment;\n filename*=UTF-8''Plan%20for%20%C3%85dal.pdf\n\nJVBERi0=\n--m--\n");
    assert_int_equal(letter->fault, MIME_LETTER_GOOD);
    assert_string_equal(letter->subject, "Nyt sundhedshus i Ådal");
    assert_int_equal(letter->left_out, 1);
    const struct mime_leaf *leaf = letter->leaves;
    assert_string_equal(leaf->text, "Huset åbner.");
    assert_string_equal(leaf->page, "<p>Huset åbner.</p>");
    leaf = leaf->next;
    assert_string_equal(leaf->type, "image/png");
    assert_string_equal(leaf->content_id, "image001.png@01D");
    assert_string_equal(leaf->name, "image001.png");
    assert_int_equal(leaf->length, 8);
    leaf = leaf->next;
    assert_string_equal(leaf->name, "Plan for Ådal.pdf");
    assert_true(leaf->is_attached);
    assert_memory_equal(leaf->bytes, "%PDF-", 5);
    assert_null(leaf->next);
    arena_release(&arena);
}

static void texts_in_a_row_are_all_shown(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const struct mime_letter *letter = letter_of(
        &arena, HEAD
        "Subject: x\nContent-Type: multipart/mixed; boundary=m\n\n"
        "--m\nContent-Type: text/plain\n\nFørst.\n"
        "--m\nContent-Type: image/jpeg; name=bro.jpg\nContent-Disposition: inline; filename=\"=?utf-8?Q?br=C3=B8.jpg?=\"\n\nx\n"
        "--m\nContent-Type: text/plain\n\nSidst.\n"
        "--m\nContent-Type: text/plain; charset=iso-8859-1; name=n.txt\nContent-Transfer-Encoding: quoted-printable\n\n=E6\n"
        "--m\nContent-Type: message/rfc822\n\nSubject: inde\n\nEn anden mail.\n--m--\n");
    const struct mime_leaf *leaf = letter->leaves;
    assert_string_equal(leaf->text, "Først.");
    leaf = leaf->next;
    assert_string_equal(leaf->name, "brø.jpg");
    leaf = leaf->next;
    assert_string_equal(leaf->text, "Sidst.");
    leaf = leaf->next;
    assert_null(leaf->text);
    assert_string_equal(leaf->bytes, "æ");
    leaf = leaf->next;
    assert_string_equal(leaf->type, "message/rfc822");
    assert_null(leaf->next);
    arena_release(&arena);
}

static void html_alone_is_read_in_lines(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const struct mime_letter *letter = letter_of(
        &arena, HEAD "Subject: x\nContent-Type: text/html; charset=utf-8\n\n"
                     "<p>Huset <b>åbner</b>.</p><p>Fra her.</p><blockquote>Før.</blockquote>\n");
    assert_string_equal(letter->leaves->text, "Huset åbner.\nFra her.\n> Før.\n");
    arena_release(&arena);
}

static void flowed_lines_are_joined(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const struct mime_letter *letter = letter_of(
        &arena,
        HEAD "Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n"
             "Huset åbner \nden 1. august.\n\n From her.\n> citeret \n> tekst\n-- \nMette\n");
    assert_string_equal(letter->leaves->text,
                        "Huset åbner den 1. august.\n\nFrom her.\n> citeret tekst\n-- \nMette\n");
    letter = letter_of(&arena,
                       HEAD "Subject: x\nContent-Type: text/plain; format=flowed; delsp=yes\n\n"
                            "Sund \nhedshus\n");
    assert_string_equal(letter->leaves->text, "Sundhedshus\n");
    arena_release(&arena);
}

static void what_is_signed_is_read_and_what_is_locked_is_not(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const struct mime_letter *letter = letter_of(
        &arena, HEAD
        "Subject: x\nContent-Type: multipart/signed; boundary=s; protocol=\"application/pkcs7-signature\"\n\n"
        "--s\nContent-Type: text/plain\n\nTekst.\n--s\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nx\n--s--\n");
    assert_string_equal(letter->leaves->text, "Tekst.");
    assert_null(letter->leaves->next);
    assert_int_equal(letter->left_out, 1);
    arena_release(&arena);
    is_faulty(HEAD
              "Subject: x\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx\n",
              MIME_LETTER_ENCRYPTED);
    is_faulty(HEAD "Subject: x\nContent-Type: multipart/encrypted; boundary=e\n\n--e\n\nx\n--e--\n",
              MIME_LETTER_ENCRYPTED);
    is_faulty(HEAD "Subject: x\nContent-Type: multipart/report; boundary=e\n\n--e\n\nx\n--e--\n",
              MIME_LETTER_REPORT);
    is_faulty("Bare en tekst\n", MIME_LETTER_NONE);
    is_faulty("", MIME_LETTER_NONE);
}

static void nothing_passes_a_bound_unseen(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    const char *bytes = HEAD "Subject: x\nContent-Type: multipart/mixed; boundary=m\n\n";
    for (int i = 0; i <= MIME_PARTS_MAXIMUM; i++)
        bytes = arena_format(&arena, "%s--m\n\nx\n", bytes);
    is_faulty(bytes, MIME_LETTER_TOO_LARGE);
    bytes = HEAD "Subject: x\n";
    for (int i = 0; i < MIME_DEPTH_MAXIMUM + 2; i++)
        bytes = arena_format(&arena, "%sContent-Type: multipart/mixed; boundary=b%d\n\n--b%d\n",
                             bytes, i, i);
    is_faulty(arena_format(&arena, "%s\nx\n", bytes), MIME_LETTER_TOO_LARGE);
    char *text = arena_allocate(&arena, MIME_LETTER_TEXT_MAXIMUM + 200);
    memset(text, 'x', MIME_LETTER_TEXT_MAXIMUM + 199);
    memcpy(text, HEAD "Subject: x\n\n", strlen(HEAD "Subject: x\n\n"));
    is_faulty(text, MIME_LETTER_TOO_LARGE);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_of_a_text_are_one_leaf),
        cmocka_unit_test(texts_in_a_row_are_all_shown),
        cmocka_unit_test(html_alone_is_read_in_lines),
        cmocka_unit_test(flowed_lines_are_joined),
        cmocka_unit_test(what_is_signed_is_read_and_what_is_locked_is_not),
        cmocka_unit_test(nothing_passes_a_bound_unseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
