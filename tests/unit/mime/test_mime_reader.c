/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "html/html.h"
#include "mime/mime.h"
#include "mime/mime_packet.h"
#include "mime_parser/mime_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char bounce[] =
    "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: bounce+abc@nordhav.example\r\n"
    "Subject: =?utf-8?Q?Ikke_leveret_=C3=A6?=\r\n"
    "Content-Type: multipart/report; boundary=\"b\"; report-type=delivery-status\r\n\r\n"
    "--b\r\n\r\nDen kom ikke frem.\r\n"
    "--b\r\nContent-Type: text/html\r\n\r\n<p>Se <a href=\"https://nordhav.example/\">her</a></p>\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\r\n"
    "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: En meddelelse\r\nX-Token: t\r\n\r\nhej\r\n";

static void assert_same(const char *one, const char *other)
{
    assert_int_equal(!one, !other);
    if (one)
        assert_string_equal(one, other);
}

static void assert_fields(const struct mime_field *one, const struct mime_field *other)
{
    for (; one && other; one = one->next, other = other->next) {
        assert_string_equal(one->name, other->name);
        assert_string_equal(one->value, other->value);
    }
    assert_true(!one && !other);
}

static void assert_messages(const struct mime_message *one, const struct mime_message *other)
{
    assert_same(one->type, other->type);
    assert_same(one->subject, other->subject);
    assert_same(one->from, other->from);
    assert_same(one->text, other->text);
    assert_same(one->links, other->links);
    assert_int_equal(one->is_blank, other->is_blank);
    assert_int_equal(one->has_empty_sender, other->has_empty_sender);
    assert_fields(one->fields, other->fields);
    assert_fields(one->feedback, other->feedback);
    assert_fields(one->original, other->original);
    assert_same(one->to->address, other->to->address);
    assert_same(one->notices, other->notices);
    assert_fields(one->report, other->report);
    assert_same(one->statuses->original_recipient, other->statuses->original_recipient);
    assert_same(one->statuses->final_recipient, other->statuses->final_recipient);
    assert_same(one->statuses->actual_recipient, other->statuses->actual_recipient);
    assert_same(one->statuses->remote_host, other->statuses->remote_host);
    assert_same(one->statuses->action, other->statuses->action);
    assert_same(one->statuses->status, other->statuses->status);
    assert_same(one->statuses->diagnostic, other->statuses->diagnostic);
}

static void a_message_passes_the_border_as_it_is(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct string_builder packet;
    struct error error = { .kind = ERROR_NONE };
    const struct mime_message *read = mime_read(&html_reader, &arena, bounce, sizeof bounce - 1);
    assert_string_equal(read->subject, "Ikke leveret æ");
    assert_string_equal(read->statuses->status, "5.1.1");
    assert_string_equal(mime_field(read->original, "X-Token"), "t");
    string_builder_init(&packet, MIME_PACKET_MAXIMUM);
    mime_packet_write(&packet, read);
    assert_messages(read, mime_packet_read(&arena, packet.data, packet.length));
    for (size_t length = 0; length < packet.length; length++)
        assert_null(mime_packet_read(&arena, packet.data, length));
    string_builder_release(&packet);

    struct mime_reader *reader = mime_reader_new();
    const struct mime_message *confined = mime_reader_read(reader, &arena, bounce,
                                                           sizeof bounce - 1, &error);
    assert_non_null(confined);
    assert_messages(read, confined);
    mime_reader_free(reader);
    arena_release(&arena);
}

/* A packet that is right but for its subject. */
static bool subject_is_taken(const void *subject, size_t length)
{
    struct arena arena = { 0 };
    struct string_builder packet;
    string_builder_init(&packet, MIME_PACKET_MAXIMUM);
    packet_put_string(&packet, "text/plain");
    packet_put_bool(&packet, false);
    packet_put_string(&packet, arena_copy_bytes(&arena, subject, length));
    packet_put_string(&packet, NULL);
    packet_put_bool(&packet, false);
    packet_put_count(&packet, 0);
    packet_put_string(&packet, NULL);
    packet_put_string(&packet, NULL);
    packet_put_string(&packet, NULL);
    for (int i = 0; i < 5; i++)
        packet_put_count(&packet, 0);
    packet_put_bool(&packet, false);
    bool is_taken = mime_packet_read(&arena, packet.data, packet.length) != NULL;
    string_builder_release(&packet);
    arena_release(&arena);
    return is_taken;
}

static void a_packet_is_not_trusted(void **state)
{
    (void)state;
    char *long_one = calloc(1, (size_t)5 * MIME_FIELD_MAXIMUM);
    assert_non_null(long_one);
    memset(long_one, 'a', (size_t)5 * MIME_FIELD_MAXIMUM - 1);
    assert_true(subject_is_taken("Hæ", 3));
    assert_false(subject_is_taken("H\xE6", 2));
    assert_false(subject_is_taken("a\nb", 3));
    assert_false(subject_is_taken("a\x1b[1m", 5));
    assert_false(subject_is_taken(long_one, (size_t)5 * MIME_FIELD_MAXIMUM - 1));
    free(long_one);
}

/* Tables of character sets are files, and no file can be opened there: they were opened before. */
static void character_sets_are_read_without_files(void **state)
{
    static const struct {
        const char *charset;
        const char *bytes;
        const char *text;
    } sets[] = {
        { "ISO-2022-JP", "\x1b$B$O$$\x1b(B", "はい" },
        { "KOI8-R", "\xC4\xC1", "да" },
        { "GB18030", "\xCA\xC7", "是" },
        { "Windows-1250", "\xE1\x9E", "áž" },
        { "iso-8859-15", "\xA4", "€" },
        { "Big5", "\xAC\x4F", "是" },
        { "macintosh", "\xBE\xBF", "æø" },
        { "IBM865", "\x91\x9B", "æø" },
    };

    (void)state;
    struct mime_reader *reader = mime_reader_new();
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { .kind = ERROR_NONE };
        const char *bytes = arena_format(&arena, "Content-Type: text/plain; charset=%s\n\n%s",
                                         sets[i].charset, sets[i].bytes);
        const struct mime_message *message = mime_reader_read(reader, &arena, bytes, strlen(bytes),
                                                              &error);
        assert_non_null(message);
        assert_string_equal(message->text, sets[i].text);
        arena_release(&arena);
    }
    mime_reader_free(reader);
}

static const char *repeated(struct arena *arena, const char *head, const char *unit, size_t count)
{
    size_t length = strlen(unit);
    char *bytes = arena_allocate(arena, strlen(head) + length * count + 16);
    char *at = stpcpy(bytes, head);
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, unit);
    return bytes;
}

#define PAGE "To: bounce@nordhav.example\nContent-Type: text/html\n\nJa"

static void what_nests_without_end_is_read(void **state)
{
    (void)state;
    struct mime_reader *reader = mime_reader_new();
    struct arena arena = { 0 };
    struct error error = { .kind = ERROR_NONE };
    const char *const killers[] = {
        repeated(&arena, "To: bounce@nordhav.example\nFrom: ", "(", 200000),
        repeated(&arena, "To: bounce@nordhav.example\n", "Content-Type: message/rfc822\n\n",
                 100000),
        repeated(&arena, "To: bounce@nordhav.example\nContent-Type: multipart/mixed; boundary=a\n",
                 "\n--a\nContent-Type: multipart/mixed; boundary=a\n", 20000),
        repeated(&arena,
                 "To: bounce@nordhav.example\nContent-Type: multipart/digest; boundary=a\n\n",
                 "--a\n\n\n", 70000),
        repeated(&arena, "To: bounce@nordhav.example\n", "A: b\n", 200000),
        repeated(&arena, "To: bounce@nordhav.example\nSubject: ", "=?utf-8?q?", 200000),
        repeated(&arena, PAGE, "<div>", 20000),
        repeated(&arena, PAGE, "<table><td>", 20000),
        repeated(&arena, PAGE, "<b a='<i>'><p>", 20000),
        repeated(&arena, PAGE "<b", " a", 100000),
        repeated(&arena, PAGE, "<a href=\"", 20000),
        repeated(&arena, PAGE, "<!-", 60000),
        PAGE "<table><math><select><mi><select><tr>",
    };
    for (size_t i = 0; i < sizeof killers / sizeof killers[0]; i++) {
        const struct mime_message *message = mime_reader_read(reader, &arena, killers[i],
                                                              strlen(killers[i]), &error);
        assert_non_null(message);
        assert_string_equal(message->to->address, "bounce@nordhav.example");
    }
    mime_reader_free(reader);
    arena_release(&arena);
}

static void add_all(struct mime_batch *batch, const char *const *subjects)
{
    for (; *subjects; subjects++) {
        char bytes[64];
        int length = snprintf(bytes, sizeof bytes, "Subject: %s\n\nhej\n", *subjects);
        mime_batch_add(batch, bytes, (size_t)length);
    }
    mime_batch_begin(batch);
}

/* Two batches, each in a process of its own, one begun before the other is taken. */
static void a_batch_gives_each_message_in_its_order(void **state)
{
    static const char *const first[] = { "one", "two", "three", NULL };
    static const char *const second[] = { "four", NULL };
    struct mime_batch *batches[] = { mime_batch_new(), mime_batch_new() };
    const struct mime_message *messages[MIME_BATCH_MAXIMUM];
    struct arena arena = { 0 };
    struct error error = { .kind = ERROR_NONE };
    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        add_all(batches[0], first);
        add_all(batches[1], second);
        assert_true(mime_batch_take(batches[0], &arena, messages, &error));
        for (size_t i = 0; i < 3; i++)
            assert_string_equal(messages[i]->subject, first[i]);
        assert_true(mime_batch_take(batches[1], &arena, messages, &error));
        assert_string_equal(messages[0]->subject, "four");
    }
    mime_batch_free(batches[0]);
    mime_batch_free(batches[1]);
    arena_release(&arena);
}

static void a_batch_is_full_by_number_or_by_octets(void **state)
{
    static char large[300 * 1024];
    struct mime_batch *batch = mime_batch_new();
    const struct mime_message *messages[MIME_BATCH_MAXIMUM];
    struct arena arena = { 0 };
    struct error error = { .kind = ERROR_NONE };
    (void)state;
    for (int i = 0; i < MIME_BATCH_MAXIMUM; i++) {
        assert_false(mime_batch_is_full(batch));
        mime_batch_add(batch, bounce, sizeof bounce - 1);
    }
    assert_true(mime_batch_is_full(batch));
    mime_batch_begin(batch);
    assert_true(mime_batch_take(batch, &arena, messages, &error));
    assert_non_null(messages[MIME_BATCH_MAXIMUM - 1]->statuses);
    memset(large, 'x', sizeof large);
    for (size_t octets = 0; octets < MIME_BATCH_OCTETS; octets += sizeof large) {
        assert_false(mime_batch_is_full(batch));
        mime_batch_add(batch, large, sizeof large);
    }
    assert_true(mime_batch_is_full(batch));
    mime_batch_begin(batch);
    assert_true(mime_batch_take(batch, &arena, messages, &error));
    mime_batch_free(batch);
    arena_release(&arena);
}

static void a_message_that_kills_a_batch_costs_that_batch_alone(void **state)
{
    static const char *const faults[] = { "crash", "flood", "hang" };
    static const char *const bad[] = { "one", "KILL-IT", "three", NULL };
    static const char *const good[] = { "four", NULL };
    (void)state;
    (void)setenv("PRESSROOM_CONFINED_WALL_SECONDS", "1", 1);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { .kind = ERROR_NONE };
        const struct mime_message *messages[MIME_BATCH_MAXIMUM];
        (void)setenv("PRESSROOM_CONFINED_FAULT",
                     arena_format(&arena, "message:%s:KILL-IT", faults[i]), 1);
        struct mime_batch *batch = mime_batch_new();
        add_all(batch, bad);
        assert_false(mime_batch_take(batch, &arena, messages, &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        add_all(batch, good);
        assert_true(mime_batch_take(batch, &arena, messages, &error));
        assert_string_equal(messages[0]->subject, "four");
        mime_batch_free(batch);
        arena_release(&arena);
    }
    (void)unsetenv("PRESSROOM_CONFINED_FAULT");
    (void)unsetenv("PRESSROOM_CONFINED_WALL_SECONDS");
}

/* Holds I13. */
static void a_message_that_kills_its_reader_harms_no_other(void **state)
{
    static const char *const faults[] = { "crash", "flood" };
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { .kind = ERROR_NONE };
        const char bad[] = "Subject: KILL-IT\n\nhej\n";
        (void)setenv("PRESSROOM_CONFINED_FAULT",
                     arena_format(&arena, "message:%s:KILL-IT", faults[i]), 1);
        struct mime_reader *reader = mime_reader_new();
        for (int turn = 0; turn < 2; turn++) {
            assert_non_null(mime_reader_read(reader, &arena, bounce, sizeof bounce - 1, &error));
            assert_null(mime_reader_read(reader, &arena, bad, sizeof bad - 1, &error));
            assert_int_equal(error.kind, ERROR_INPUT);
        }
        mime_reader_free(reader);
        arena_release(&arena);
    }
    (void)unsetenv("PRESSROOM_CONFINED_FAULT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_passes_the_border_as_it_is),
        cmocka_unit_test(a_packet_is_not_trusted),
        cmocka_unit_test(character_sets_are_read_without_files),
        cmocka_unit_test(what_nests_without_end_is_read),
        cmocka_unit_test(a_message_that_kills_its_reader_harms_no_other),
        cmocka_unit_test(a_batch_gives_each_message_in_its_order),
        cmocka_unit_test(a_batch_is_full_by_number_or_by_octets),
        cmocka_unit_test(a_message_that_kills_a_batch_costs_that_batch_alone),
    };
    confined_set_program(PRESSROOM_PROGRAM);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
