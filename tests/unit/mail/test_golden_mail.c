/* SPDX-License-Identifier: MIT */
#include "mail_test_resources.h"

#include "mail/composition.h"
#include "mail/mail.h"

#include "base/clock.h"
#include "release/body.h"
#include "release/release_store.h"
#include "unit/golden.h"

#include <stdio.h>
#include <stdlib.h>

/* Whole mails, as tests/golden/mail/NAME.eml has them; check_mail.py beside them reads those with
 * another program's eyes. */

static const struct mail_values values = { {
    [MAIL_SLOT_TO] = "anna@avis.example",
    [MAIL_SLOT_DATE] = "Mon, 01 Jun 2026 09:35:00 +0200",
    [MAIL_SLOT_MESSAGE_ID] = "<rtzn2qx5jd7m@nordhav.example>",
    [MAIL_SLOT_IN_REPLY_TO] = "<aaaan2qx5jd7@nordhav.example>",
    [MAIL_SLOT_UNSUBSCRIBE] = "uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu",
    [MAIL_SLOT_PREFERENCES] = "pppppppppppppppppppppppppppppppp",
    [MAIL_SLOT_CONFIRM] = "cccccccccccccccccccccccccccccccc",
    [MAIL_SLOT_ANSWER] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
} };

static bool is_taken(const char *name)
{
    (void)name;
    return false;
}

static void add_files(struct presentation *presentation, const struct picture_rendition *renditions)
{
    presentation_name_files(presentation, is_taken);
    for (size_t i = 0; i < presentation->file_count; i++)
        if (presentation->files[i].is_picture)
            presentation_measure(presentation, &presentation->files[i], renditions);
}

/* As large as that on pages, and under another name larger. */
static void add_files_in_two_sizes(struct test_resources *test, struct presentation *presentation)
{
    static const struct picture_rendition renditions[PICTURE_SIZES] = {
        [PICTURE_SIZE_FULL] = { .width = 4000, .height = 2250, .size_bytes = 3456789 },
        [PICTURE_SIZE_WEB] = { .width = 1280, .height = 720 },
    };
    add_files(presentation, renditions);
    for (size_t i = 0; i < presentation->file_count; i++) {
        struct presentation_file *file = &presentation->files[i];
        if (!file->is_picture)
            continue;
        file->web.url = file->full.url;
        file->full.url = arena_format(&test->arena, "%sfuld-%s", presentation->url,
                                      file->asset->file);
    }
}

static int differing;

static void compare(const char *name, const char *have)
{
    char file[256];
    (void)snprintf(file, sizeof file, "mail/%s.eml", name);
    differing += !golden_is(file, have);
}

/* Spliced, and the same as built for that one person. */
static const char *finish(struct test_resources *test, const struct mail_message *message)
{
    struct error error = { 0 };
    struct string_builder spliced;
    struct string_builder built;
    string_builder_init(&spliced, 0);
    string_builder_init(&built, 0);
    const struct mail_composition *composition = mail_compose(&test->arena, message, &error);
    assert_non_null(composition);
    assert_true(mail_splice(composition, &values, &spliced, &error));
    assert_true(mail_build(&test->arena, message, &values, &built, &error));
    assert_string_equal(spliced.data, built.data);
    const char *copy = arena_copy_bytes(&test->arena, spliced.data, spliced.length);
    string_builder_release(&spliced);
    string_builder_release(&built);
    return copy;
}

static const char *make(struct test_resources *test, const struct release *release,
                        enum release_mail_kind kind, const char *language)
{
    struct error error = { 0 };
    const struct release_row row = { .public_id = release->public_id,
                                     .title = release->title,
                                     .language = release->language,
                                     .type = release->type,
                                     .public_at = INT64_C(1780299000000),
                                     .updated_at = INT64_C(1780301000000),
                                     .slug = "akut",
                                     .year = 2026,
                                     .withdrawal_reason = "Tallene var fra et andet hospital." };
    struct presentation *presentation = test_present(test, &row, release);
    const struct release_mail_request request = { kind, presentation, language };
    add_files_in_two_sizes(test, presentation);
    const struct mail_message *message = release_mail_build(&test->arena, &test->resources,
                                                            &request, &error);
    if (!message) {
        fail_msg("%s", error.message);
        return "";
    }
    assert_true(strlen(message->html) < MAIL_HTML_MAXIMUM);
    return finish(test, message);
}

static const char *const inputs[] = { TEST_DATA_DIRECTORY "/mail/da.in.xml",
                                      TEST_DATA_DIRECTORY "/mail/en.in.xml" };

static void releases_are_mailed_as_expected(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    const struct release *da = test_release(&test, inputs[0]);
    const struct release *en = test_release(&test, inputs[1]);
    compare("release-da", make(&test, da, RELEASE_MAIL_RELEASE, "da"));
    compare("release-da-for-en", make(&test, da, RELEASE_MAIL_RELEASE, "en"));
    compare("release-en", make(&test, en, RELEASE_MAIL_RELEASE, "en"));
    compare("correction-da", make(&test, da, RELEASE_MAIL_CORRECTION, "da"));
    compare("correction-en", make(&test, en, RELEASE_MAIL_CORRECTION, "en"));
    compare("withdrawal-da", make(&test, da, RELEASE_MAIL_WITHDRAWAL, "da"));
    compare("withdrawal-en", make(&test, en, RELEASE_MAIL_WITHDRAWAL, "en"));
    test.newsroom.endpoint = NULL;
    test.settings.is_answered = false; /* then the release's contact gets what is answered */
    compare("release-da-no-endpoint", make(&test, da, RELEASE_MAIL_RELEASE, "da"));
    test_resources_close(&test);
    assert_int_equal(differing, 0);
}

static void confirmations_are_mailed_as_expected(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    struct error error = { 0 };
    struct mail_feed second = { .title = "Invitationer", .cadence = "immediate" };
    const struct mail_feed first = { "Pressemeddelelser", "immediate", &second };
    struct confirmation_request request = { .language = "da", .feeds = &first };
    const struct mail_message *message = confirmation_mail_build(&test.arena, &test.resources,
                                                                 &request, &error);
    assert_non_null(message);
    compare("confirmation-da", finish(&test, message));
    request.language = "en";
    test.newsroom.endpoint = NULL;
    message = confirmation_mail_build(&test.arena, &test.resources, &request, &error);
    assert_non_null(message);
    compare("confirmation-en-no-endpoint", finish(&test, message));
    test_resources_close(&test);
    assert_int_equal(differing, 0);
}

static void the_test_mail_is_as_expected(void **state)
{
    (void)state;
    static const char *const languages[] = { "da", "en" };
    struct test_resources test;
    test_resources_open(&test);
    for (size_t i = 0; i < 2; i++) {
        char name[16];
        struct error error = { 0 };
        const struct mail_message *message = test_mail_build(&test.arena, &test.resources,
                                                             languages[i], &error);
        assert_non_null(message);
        (void)snprintf(name, sizeof name, "test-%s", languages[i]);
        compare(name, finish(&test, message));
    }
    test_resources_close(&test);
    assert_int_equal(differing, 0);
}

static void notices_are_mailed_as_expected(void **state)
{
    (void)state;
    static const char *const names[] = { "welcome", "already",    "preferences",  "my-data",
                                         "erase",   "leave-link", "confirm-hint", "probe" };
    struct test_resources test;
    test_resources_open(&test);
    struct error error = { 0 };
    struct mail_feed second = { .title = "Invitationer", .cadence = "weekly" };
    const struct mail_feed first = { .title = "Pressemeddelelser",
                                     .cadence = "immediate",
                                     .next = &second };
    for (int kind = NOTICE_WELCOME; kind <= NOTICE_PROBE; kind++) {
        struct notice_request request = { (enum notice_kind)kind, "da",
                                          kind <= NOTICE_ALREADY ? &first : NULL };
        char name[64];
        const struct mail_message *message = notice_mail_build(&test.arena, &test.resources,
                                                               &request, &error);
        assert_non_null(message);
        (void)snprintf(name, sizeof name, "notice-%s-da", names[kind]);
        compare(name, finish(&test, message));
        request.language = "en";
        message = notice_mail_build(&test.arena, &test.resources, &request, &error);
        assert_non_null(message);
        (void)snprintf(name, sizeof name, "notice-%s-en", names[kind]);
        compare(name, finish(&test, message));
    }
    test.newsroom.endpoint = NULL; /* then there is an address to write to */
    for (int kind = NOTICE_UNSUBSCRIBE_LINK; kind <= NOTICE_CONFIRM_HINT; kind++) {
        const struct notice_request request = { (enum notice_kind)kind, "da", NULL };
        char name[64];
        const struct mail_message *message = notice_mail_build(&test.arena, &test.resources,
                                                               &request, &error);
        assert_non_null(message);
        (void)snprintf(name, sizeof name, "notice-%s-da-no-endpoint", names[kind]);
        compare(name, finish(&test, message));
    }
    test_resources_close(&test);
    assert_int_equal(differing, 0);
}

/* ---- what people answer ---- */

static const char plain_answer[] = "Return-Path: <ida@avis.example>\n"
                                   "From: Ida Krog <ida@avis.example>\n"
                                   "To: svar@nordhav.example\nSubject: Re: Akut\n"
                                   "Message-ID: <1@avis.example>\n\n"
                                   "Hvor mange stuer?\n.\n..og hvornaar?\n\nIda\n";

static const char eight_bit_answer[] = "From: ida@avis.example\r\nMIME-Version: 1.0\r\n"
                                       "Content-Type: text/plain; charset=utf-8\r\n"
                                       "Content-Transfer-Encoding: 8bit\r\n\r\n"
                                       "Hvornår åbner den?";

static struct forward_request forward_request(const char *language, const char *bytes)
{
    return (struct forward_request){ .language = language,
                                     .to = "karin.holm@nordhav.example",
                                     .date = values.values[MAIL_SLOT_DATE],
                                     .message_id = values.values[MAIL_SLOT_MESSAGE_ID],
                                     .writer = "ida@avis.example",
                                     .title = "Ny akutmodtagelse i Vesterhavn åbner 1. september",
                                     .page = "https://presse.nordhav.example/releases/2026/akut/",
                                     .is_answer = true,
                                     .answers = "<1@avis.example>",
                                     .bytes = bytes,
                                     .length = strlen(bytes),
                                     .is_whole = true };
}

/* What SMTP carries, as who gets it sees it. */
static const char *forward(struct test_resources *test, const struct forward_request *request,
                           bool want_eight_bit)
{
    struct string_builder out;
    struct string_builder shown;
    struct error error = { 0 };
    bool is_eight_bit = false;
    string_builder_init(&out, 0);
    string_builder_init(&shown, 0);
    if (!forward_mail_build(&test->arena, &test->resources, request, &out, &is_eight_bit, &error))
        fail_msg("%s", error.message);
    assert_int_equal(is_eight_bit, want_eight_bit);
    for (const char *line = out.data; *line;) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        const char *start = *line == '.' ? line + 1 : line;
        assert_true(end - line <= 998 + 1 && (*line != '.' || end > line + 1));
        string_builder_append_bytes(&shown, start, (size_t)(end + 2 - start));
        line = end + 2;
    }
    const char *copy = arena_copy_bytes(&test->arena, shown.data, shown.length);
    string_builder_release(&out);
    string_builder_release(&shown);
    return copy;
}

static void answers_are_sent_on_unharmed(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    struct forward_request request = forward_request("da", plain_answer);
    compare("forward-da", forward(&test, &request, false));
    request = forward_request("en", eight_bit_answer);
    compare("forward-en-eight-bit", forward(&test, &request, true));
    request.title = request.page = request.answers = NULL;
    compare("forward-en-news", forward(&test, &request, true));
    request.is_answer = false;
    compare("forward-en-other", forward(&test, &request, true));
    request = forward_request("da", "Hvor mange stuer?\nOg hvornår?");
    request.is_whole = false;
    compare("forward-da-large", forward(&test, &request, false));
    request = forward_request("en", "");
    request.is_whole = false;
    compare("forward-en-large", forward(&test, &request, false));
    test_resources_close(&test);
    assert_int_equal(differing, 0);
}

/* A receipt with all that one may hold: the first file is a mail, the second has a name with
 * letters beyond ASCII. */
static const char *receipt(struct test_resources *test, const char *language)
{
    struct mail_attachment page = { "nyt-læge hus.html", "text/html; charset=\"utf-8\"",
                                    "<p>Å</p>\n", 10, NULL };
    struct mail_attachment mail = { "mail.eml", "message/rfc822", "Subject: A\n\n.dot\n", 17,
                                    &page };
    struct mail_line second = { NULL,
                                "Billedet “bro.jpg” mangler en tekst for dem, der ikke ser det.",
                                NULL };
    struct mail_line first = { NULL, "Titlen er på 104 tegn; over 90 bliver den kortet af.",
                               &second };
    struct mail_line fact = { "Fil", "Kladder/bro.md", NULL };
    struct mail_line link = { "Se siden", "https://presse.nordhav.example/releases/2026/bro/",
                              NULL };
    struct mail_line paragraph = { NULL,
                                   "Den bliver offentlig tirsdag den 9. juni 2026 kl. 06.00, "
                                   "ikke før.",
                                   NULL };
    const struct receipt_words words = { .subject = "Modtaget: Ny bro",
                                         .title = "Vi har modtaget “Ny bro”",
                                         .paragraphs = &paragraph,
                                         .facts = &fact,
                                         .warnings_title = "Se lige på det her:",
                                         .warnings = &first,
                                         .links = &link,
                                         .reply = "Svar med ordet STOP.",
                                         .attachments = &mail };
    const struct receipt_mail_request request = {
        .language = language,
        .to = "vagt@nordhav.example",
        .date = "Tue, 09 Jun 2026 06:00:00 +0200",
        .message_id = "<a@nordhav.example>",
        .reply_to = "svar+receipt-b@nordhav.example",
        .why = "receipt_why",
        .words = &words,
    };
    struct error error = { 0 };
    struct string_builder out;
    string_builder_init(&out, 0);
    if (!receipt_mail_build(&test->arena, &test->resources, &request, &out, &error))
        fail_msg("%s", error.message);
    for (size_t i = 0; i < out.length; i++)
        assert_true((unsigned char)out.data[i] < 0x80);
    assert_null(strstr(out.data, "\n.d"));
    const char *copy = arena_copy_bytes(&test->arena, out.data, out.length);
    string_builder_release(&out);
    return copy;
}

static void receipts_hold_their_files(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    compare("receipt-da", receipt(&test, "da"));
    compare("receipt-en", receipt(&test, "en"));
    test_resources_close(&test);
    assert_int_equal(differing, 0);
}

/* What SMTP cannot carry as it is goes as a file. */
static void answers_with_lines_beyond_smtp_are_sent_on_as_files(void **state)
{
    (void)state;
    static const char nul[] = "From: a@b.example\n\nA\0B\n";
    static const char bare[] = "From: a@b.example\n\nA\rB\n";
    char longest[1200];
    struct test_resources test;
    test_resources_open(&test);
    memset(longest, 'x', sizeof longest);

    const struct {
        const char *bytes;
        size_t length;
        bool is_file;
    } rows[] = { { nul, sizeof nul - 1, true },
                 { bare, sizeof bare - 1, true },
                 { longest, 999, true },
                 { longest, 998, false },
                 { "", 0, false } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct forward_request request = forward_request("da", "");
        request.bytes = rows[i].bytes;
        request.length = rows[i].length;
        const char *sent = forward(&test, &request, false);
        assert_int_equal(strstr(sent, "base64") != NULL, rows[i].is_file);
        assert_int_equal(strstr(sent, "message/rfc822") == NULL, rows[i].is_file);
    }
    struct forward_request request = forward_request("da", eight_bit_answer);
    request.wants_seven_bits = true;
    assert_non_null(strstr(forward(&test, &request, false), "base64"));
    request = forward_request("da", plain_answer);
    request.wants_seven_bits = true;
    assert_non_null(strstr(forward(&test, &request, false), "message/rfc822"));
    test_resources_close(&test);
}

static struct release_row row_of(const struct release *release, int64_t row_id, int64_t public_at)
{
    return (struct release_row){ .row_id = row_id,
                                 .public_id = release->public_id,
                                 .title = release->title,
                                 .language = release->language,
                                 .type = release->type ? release->type : "press-release",
                                 .public_at = public_at,
                                 .updated_at = public_at + DURATION_MINUTE,
                                 .slug = "akut",
                                 .year = 2026,
                                 .withdrawal_reason = "Tallene var fra et andet hospital." };
}

static const struct mail_message *new_digest(struct test_resources *test, const char *language,
                                             const struct digest_mail_entry *entries)
{
    struct error error = { 0 };
    const struct digest_mail_request request = { .language = language,
                                                 .at = INT64_C(1780380000000),
                                                 .entries = entries };
    const struct mail_message *message = digest_mail_build(&test->arena, &test->resources, &request,
                                                           &error);
    if (!message)
        fail_msg("%s", error.message);
    return message;
}

static void digests_are_mailed_as_expected(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    struct release *da = test_release(&test, inputs[0]);
    struct release *corrected = test_release(&test, inputs[0]);
    const struct release *en = test_release(&test, inputs[1]);
    struct release_event event = { .start_at = INT64_C(1781251200000),
                                   .end_at = INT64_C(1781256600000),
                                   .place = "Vesterhavn Hospital, foyeren" };
    struct release *visit = test_release(&test, inputs[0]);
    visit->title = "Se den nye akutmodtagelse";
    visit->type = "invitation";
    visit->event = &event;
    visit->correction = da->correction = NULL;
    const struct release_row rows[] = { row_of(da, 1, INT64_C(1780299000000)),
                                        row_of(visit, 2, INT64_C(1780315200000)),
                                        row_of(corrected, 3, INT64_C(1780212600000)),
                                        row_of(en, 4, INT64_C(1780126200000)) };
    const struct presentation *english = test_present(&test, &rows[3], en);
    const struct presentation *changed = test_present(&test, &rows[2], corrected);
    const struct digest_mail_entry withdrawal = { RELEASE_MAIL_WITHDRAWAL, english, NULL };
    const struct digest_mail_entry correction = { RELEASE_MAIL_CORRECTION, changed, &withdrawal };
    const struct digest_mail_entry late = { RELEASE_MAIL_RELEASE, changed, &correction };
    const struct digest_mail_entry second = { RELEASE_MAIL_RELEASE,
                                              test_present(&test, &rows[1], visit), &late };
    const struct digest_mail_entry first = { RELEASE_MAIL_RELEASE,
                                             test_present(&test, &rows[0], da), &second };
    const struct digest_mail_entry alone = { RELEASE_MAIL_RELEASE, english, NULL };
    compare("digest-da", finish(&test, new_digest(&test, "da", &first)));
    compare("digest-en", finish(&test, new_digest(&test, "en", &first)));
    compare("digest-of-one-en", finish(&test, new_digest(&test, "en", &alone)));
    test.newsroom.endpoint = NULL;
    compare("digest-da-no-endpoint", finish(&test, new_digest(&test, "da", &first)));
    test_resources_close(&test);
    assert_int_equal(differing, 0);
}

static void a_long_digest_counts_what_it_leaves_out(void **state)
{
    (void)state;

    enum { COUNT = 400 };
    struct test_resources test;
    test_resources_open(&test);
    const struct release *en = test_release(&test, inputs[1]);
    const struct release_row row = row_of(en, 1, INT64_C(1780299000000));
    const struct presentation *presentation = test_present(&test, &row, en);
    struct digest_mail_entry *entries = arena_allocate_array(&test.arena, COUNT, sizeof *entries);
    for (int i = 0; i < COUNT; i++)
        entries[i] = (struct digest_mail_entry){ RELEASE_MAIL_RELEASE, presentation,
                                                 i + 1 < COUNT ? &entries[i + 1] : NULL };
    const struct mail_message *message = new_digest(&test, "en", entries);
    assert_in_range(strlen(message->html), MAIL_HTML_MAXIMUM - 4000, MAIL_HTML_MAXIMUM);
    assert_non_null(strstr(message->subject, "and 399 more"));
    assert_non_null(strstr(message->html, "more releases online"));
    assert_non_null(strstr(message->text, "more releases online"));
    test_resources_close(&test);
}

static void a_title_cannot_reach_into_the_header(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    struct release *release = test_release(&test, inputs[1]);
    release->title = "Hello\r\nBcc: victim@x.example\r\n\r\n<script>alert(1)</script>";
    const char *bytes = make(&test, release, RELEASE_MAIL_CORRECTION, "en");
    const char *field = strstr(bytes, "\nBcc:");
    assert_true(!field || field > strstr(bytes, "\r\n\r\n"));
    assert_null(strstr(strstr(bytes, "text/html"), "<script>"));
    assert_non_null(strstr(bytes, "Subject: Correction: Hello Bcc: victim@x.example <script>"));
    test_resources_close(&test);
}

static struct release *new_long_release(struct test_resources *test, int paragraphs)
{
    struct release *release = test_release(test, inputs[1]);
    release->lead = "A long one.";
    release->body = body_new(&test->arena);
    for (int i = 0; i < paragraphs; i++) {
        const char *words = arena_format(&test->arena, "Paragraph %d. %0500d", i,
                                         0); /* no spaces: one long word */
        body_append_text(&test->arena, body_append(&test->arena, release->body, BODY_PARAGRAPH),
                         words, strlen(words));
    }
    return release;
}

static void a_long_body_is_cut_behind_a_block_with_a_link_to_the_rest(void **state)
{
    (void)state;
    struct test_resources test;
    struct error error = { 0 };
    test_resources_open(&test);
    struct release *release = new_long_release(&test, 1000);
    const struct release_row row = { .public_id = "long",
                                     .title = release->title,
                                     .language = "en",
                                     .type = "own",
                                     .public_at = 1,
                                     .slug = "long",
                                     .year = 2026 };
    const struct release_mail_request request = { RELEASE_MAIL_RELEASE,
                                                  test_present(&test, &row, release), "en" };
    const struct mail_message *message = release_mail_build(&test.arena, &test.resources, &request,
                                                            &error);
    assert_non_null(message);
    assert_in_range(strlen(message->html), MAIL_HTML_MAXIMUM - 3000, MAIL_HTML_MAXIMUM);
    const char *rest = strings_get(test.strings, "en", "mail_read_rest");
    assert_non_null(strstr(message->html, rest));
    assert_non_null(strstr(message->text, rest));
    assert_non_null(strstr(message->html, "https://presse.nordhav.example/releases/2026/long/"));
    assert_null(strstr(message->html, "Paragraph 999."));
    assert_null(strstr(message->text, "Paragraph 999."));
    /* the same block ends both */
    int last = 0;
    while (strstr(message->html, arena_format(&test.arena, "Paragraph %d.", last + 1)))
        last++;
    assert_non_null(strstr(message->text, arena_format(&test.arena, "Paragraph %d.", last)));
    assert_null(strstr(message->text, arena_format(&test.arena, "Paragraph %d.", last + 1)));
    test_resources_close(&test);
}

static const struct mail_message *build(struct test_resources *test, const struct release *release)
{
    struct error error = { 0 };
    const struct release_row row = { .public_id = "x",
                                     .title = release->title,
                                     .language = release->language,
                                     .type = "own-type",
                                     .public_at = 1,
                                     .slug = "x",
                                     .year = 2026 };
    struct presentation *presentation = test_present(test, &row, release);
    const struct release_mail_request request = { RELEASE_MAIL_RELEASE, presentation,
                                                  release->language };
    static const struct picture_rendition unknown[PICTURE_SIZES];
    add_files(presentation, unknown);
    const struct mail_message *message = release_mail_build(&test->arena, &test->resources,
                                                            &request, &error);
    if (!message)
        fail_msg("%s", error.message);
    return message;
}

static void a_lead_that_is_the_first_paragraph_keeps_its_links_and_marks(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    struct arena *arena = &test.arena;
    struct release *release = test_release(&test, inputs[1]);
    release->lead = NULL;
    release->assets = NULL;
    release->body = body_new(arena);
    struct body_node *paragraph = body_append(arena, release->body, BODY_PARAGRAPH);
    body_append_text(arena, paragraph, "Sign up ", 8);
    struct body_node *link = body_append(arena, paragraph, BODY_LINK);
    link->target = "https://nordhav.example/signup?a=1&b=2";
    body_append_text(arena, body_append(arena, link, BODY_STRONG), "by <Friday>", 11);
    const struct mail_message *message = build(&test, release);
    assert_non_null(strstr(message->html,
                           ">Sign up <a href=\"https://nordhav.example/signup?a=1&amp;b=2\">"
                           "<strong>by &lt;Friday&gt;</strong></a></p>"));
    assert_non_null(strstr(message->text, "\nSign up by <Friday>\n"
                                          "<https://nordhav.example/signup?a=1&b=2>\n"));
    /* Nothing is left for the body: no frame and no rule around it. */
    assert_null(strstr(message->html, "class=\"text\""));
    const char *rule = strstr(message->text, "\n-----");
    assert_non_null(rule);
    assert_null(strstr(rule + 1, "\n-----")); /* the foot's alone */
    test_resources_close(&test);
}

static void a_mail_words_things_as_the_page_does(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    struct release *release = test_release(&test, inputs[1]);
    struct release_contact contact = { .name = "Karin Holm", .phone = "(+45) 51 00 00 10" };
    struct release_asset asset = { .kind = RELEASE_DOCUMENT,
                                   .file = "bilag/kort.jpg",
                                   .size_bytes = 84000 };
    release->contacts = &contact;
    release->assets = &asset;
    const struct mail_message *message = build(&test, release);
    assert_non_null(strstr(message->html, "\"tel:+4551000010\""));
    assert_non_null(strstr(message->html, ">kort.jpg</a>"));
    assert_non_null(strstr(message->text, "\nkort.jpg (JPEG, 84 kB)\n"));
    assert_non_null(strstr(message->text, "Own type · Region Nordhav · "));
    test_resources_close(&test);
}

static void only_public_pictures_are_shown(void **state)
{
    (void)state;
    struct test_resources test;
    struct error error = { 0 };
    test_resources_open(&test);
    const struct release *release = test_release(&test, inputs[0]);
    const struct release_row row = { .public_id = "x",
                                     .title = release->title,
                                     .language = "da",
                                     .type = "own",
                                     .public_at = 1,
                                     .slug = "x",
                                     .year = 2026 };
    const struct release_mail_request request = { RELEASE_MAIL_RELEASE,
                                                  test_present(&test, &row, release), "da" };
    const struct mail_message *message = release_mail_build(&test.arena, &test.resources, &request,
                                                            &error);
    assert_non_null(message);
    assert_null(strstr(message->html, "<img"));
    assert_null(strstr(message->html, "fakta.pdf"));
    test_resources_close(&test);
}

static int count_of(const char *text, const char *what)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
        count++;
    return count;
}

/* The picture that the text has is not shown above it again; the first other one is. */
static void each_picture_is_shown_once(void **state)
{
    (void)state;
    struct test_resources test;
    test_resources_open(&test);
    struct release *release = test_release(&test, inputs[0]);
    struct body_node *figure = body_append(&test.arena, release->body, BODY_FIGURE);
    struct body_node *image = body_append(&test.arena, figure, BODY_IMAGE);
    image->target = "indgang.jpg";
    image->text = "Indgangen";
    const struct mail_message *message = build(&test, release);
    assert_int_equal(count_of(message->html, "<img"), 2);
    assert_int_equal(count_of(message->html, "indgang.jpg\""), 1);
    assert_int_equal(count_of(message->html, "stue.jpg\""), 1);
    assert_int_equal(count_of(message->html, "Indgangen vender mod pladsen."), 1);
    assert_int_equal(count_of(message->html, "Kredit: Region Nordhav"), 1);
    assert_int_equal(count_of(message->text, "Indgangen vender mod pladsen."), 1);
    assert_int_equal(count_of(message->text, "Kredit: Region Nordhav"), 1);
    /* No size is known here: none is said. */
    assert_null(strstr(message->html, "width=\"\""));
    release->assets->next = NULL;
    message = build(&test, release);
    assert_int_equal(count_of(message->html, "<img"), 1);
    test_resources_close(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(releases_are_mailed_as_expected),
        cmocka_unit_test(confirmations_are_mailed_as_expected),
        cmocka_unit_test(notices_are_mailed_as_expected),
        cmocka_unit_test(the_test_mail_is_as_expected),
        cmocka_unit_test(receipts_hold_their_files),
        cmocka_unit_test(answers_are_sent_on_unharmed),
        cmocka_unit_test(answers_with_lines_beyond_smtp_are_sent_on_as_files),
        cmocka_unit_test(digests_are_mailed_as_expected),
        cmocka_unit_test(a_long_digest_counts_what_it_leaves_out),
        cmocka_unit_test(a_title_cannot_reach_into_the_header),
        cmocka_unit_test(a_long_body_is_cut_behind_a_block_with_a_link_to_the_rest),
        cmocka_unit_test(a_lead_that_is_the_first_paragraph_keeps_its_links_and_marks),
        cmocka_unit_test(a_mail_words_things_as_the_page_does),
        cmocka_unit_test(only_public_pictures_are_shown),
        cmocka_unit_test(each_picture_is_shown_once),
    };
    return cmocka_run_group_tests_name("golden mail", tests, NULL, NULL);
}
