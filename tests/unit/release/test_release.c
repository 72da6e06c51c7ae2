/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "release/body.h"
#include "release/release.h"
#include "release/text_sketch.h"

#include <string.h>

static struct body_node *paragraph(struct arena *arena, struct body_node *body, const char *string)
{
    struct body_node *node = body_append(arena, body, BODY_PARAGRAPH);
    body_append_text(arena, node, string, strlen(string));
    return node;
}

static void ids_and_names_keep_to_their_characters(void **state)
{
    (void)state;

    static const struct {
        const char *string;
        bool id;
        bool name;
    } table[] = {
        { "2022-06-akut.v2", true, false },
        { "a", true, true },
        { "press-release", true, true },
        { "Sundhed", true, false },
        { "", false, false },
        { "-a", false, false },
        { ".hidden", false, false },
        { "a-", true, false },
        { "a b", false, false },
        { "a/b", false, false },
        { "æ", false, false },
        { "a\n", false, false },
        { "0123456789012345678901234567890123456789", true, true },
        { "01234567890123456789012345678901234567890", true, false },
        { "0123456789012345678901234567890123456789012345678901234567890123", true, false },
        { "01234567890123456789012345678901234567890123456789012345678901234", false, false },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(release_public_id_is_valid(table[i].string), table[i].id);
        assert_int_equal(release_name_is_valid(table[i].string), table[i].name);
    }
}

static void a_release_is_due_at_the_later_instant(void **state)
{
    (void)state;
    assert_int_equal(release_due_at(100, INSTANT_NONE), 100);
    assert_int_equal(release_due_at(100, 200), 200);
    assert_int_equal(release_due_at(300, 200), 300);
    assert_int_equal(release_due_at(INSTANT_NONE, 200), INSTANT_NONE);
    assert_int_equal(release_due_at(-100, INSTANT_NONE), -100);
}

static void telephone_numbers_become_addresses(void **state)
{
    (void)state;

    static const struct {
        const char *country;
        const char *phone;
        const char *url;
    } cases[] = {
        { "DK", "51 00 00 10", "tel:+4551000010" },
        { "DK", "(+45) 51 00 00 10", "tel:+4551000010" },
        { NULL, "+45 51 00 00 10", "tel:+4551000010" },
        { NULL, "0045 51000010", "tel:+4551000010" },
        { NULL, "(0046) 8 123 456", "tel:+468123456" },
        { NULL, "+46 (8) 123 456", "tel:+468123456" },
        { "SE", "08-123 45 67", "tel:+4681234567" },
        { "SE", "(08) 123 45 67", "tel:+4681234567" },
        { "DK", "+46 (0)8 123 45 67", "tel:+4681234567" },
        { "DK", "+46 08-123 45 67", "tel:+4681234567" },
        { NULL, "0046 (0)8-123 45 67", "tel:+4681234567" },
        { "DE", "030/123456", "tel:+4930123456" },
        { "DE", "030 / 12 34 56-78", "tel:+493012345678" },
        { "GB", "020 7946 0018", "tel:+442079460018" },
        { "NO", "22 12 34 56", "tel:+4722123456" },
        { "IT", "06 1234 5678", "tel:+390612345678" },
        { "IT", "+39 (0)6 1234 5678", "tel:+390612345678" },
        { "US", "1-202-555-0143", "tel:+12025550143" },
        { "US", "(202) 555-0143", "tel:+12025550143" },
        { "HU", "06 1 234 5678", "tel:+3612345678" },
        { "IN", "98765 43210", "tel:+919876543210" },
        { "DK", "Tlf. 51 00 00 10 (presse)", "tel:+4551000010" },
        { "SE", "08-123 45 67(växel)", "tel:+4681234567" },
        { "IT", "333 123 4567", "tel:+393331234567" },
        { "DK", "+45 51 00 00 10, hverdage", "tel:+4551000010" },
        /* No link rather than a wrong one */
        { NULL, "51 00 00 10", NULL },
        { "AQ", "51 00 00 10", NULL },
        { "DK", "114", NULL },
        { "SE", "123 45 67", NULL },
        { "DK", "51 00 00 10 lokal 12", NULL },
        { "DK", "51 00 00 10 / 51 00 00 11", NULL },
        { "DK", "51000010/11", NULL },
        { "DK", "51 00 00 10 eller 51 00 00 11", NULL },
        { "DK", "51 00 00 10; +45 51 00 00 11", NULL },
        { "SE", "08-123 45 67–69", NULL },
        { "DK", "+45 51 00 00 10 12", NULL },
        { "DK", "0800-NORDHAV", NULL },
        { "GB", "020 7946 0018 (12)", NULL },
        { "SE", "08-123 45 67 (89)", NULL },
        { "DE", "040 1234/56", NULL },
        { NULL, "+49 421 123456 (12)", NULL },
        { "IT", "45500", NULL },
        { "IT", "1522", NULL },
        { "DK", "+45", NULL },
        { NULL, "+0 123 456 789", NULL },
        { "DK", "ring til os", NULL },
        { "DK", "", NULL },
        { NULL, NULL, NULL },
    };

    struct arena arena = { 0 };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *url = release_phone_url(&arena, cases[i].phone, cases[i].country);
        if (cases[i].url)
            assert_string_equal(url, cases[i].url);
        else
            assert_null(url);
    }
    arena_release(&arena);
}

static void an_asset_is_called_by_its_title_or_its_file(void **state)
{
    (void)state;
    struct release_asset asset = { .file = "bilag/2026/fakta.pdf" };
    assert_string_equal(release_asset_name(&asset), "fakta.pdf");
    asset.file = "fakta.pdf";
    assert_string_equal(release_asset_name(&asset), "fakta.pdf");
    asset.title = "Fakta";
    assert_string_equal(release_asset_name(&asset), "Fakta");
}

static void the_lead_is_said_or_the_first_paragraph(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct release release = { 0 };
    assert_string_equal(release_lead(&arena, &release), "");
    assert_null(release_lead_paragraph(&arena, &release));
    assert_false(release_lead_is_first_paragraph(&arena, &release));
    release.body = body_new(&arena);
    paragraph(&arena, release.body, "Første  afsnit.");
    assert_string_equal(release_lead(&arena, &release), "Første afsnit.");
    assert_true(release_lead_is_first_paragraph(&arena, &release));
    release.lead = " Første\nafsnit. ";
    assert_true(release_lead_is_first_paragraph(&arena, &release));
    assert_ptr_equal(release_lead_paragraph(&arena, &release), release.body->first_child);
    release.lead = "En\nanden.";
    assert_string_equal(body_plain_text(&arena, release_lead_paragraph(&arena, &release)),
                        "En anden.");
    assert_string_equal(release_lead(&arena, &release), "En anden.");
    assert_false(release_lead_is_first_paragraph(&arena, &release));
    arena_release(&arena);
}

static void a_paragraph_below_another_block_stays_in_its_place(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct release release = { .body = body_new(&arena) };
    struct body_node *heading = body_append(&arena, release.body, BODY_HEADING);
    heading->level = 2;
    body_append_text(&arena, heading, "Tal", strlen("Tal"));
    paragraph(&arena, release.body, "Under tallene.");
    assert_string_equal(release_lead(&arena, &release), "Under tallene.");
    assert_null(release_lead_paragraph(&arena, &release));
    assert_false(release_lead_is_first_paragraph(&arena, &release));
    release.lead = "Under tallene.";
    assert_true(release_lead_is_first_paragraph(&arena, &release));
    arena_release(&arena);
}

static void a_version_inherits_what_it_does_not_say(void **state)
{
    (void)state;
    struct release_topic topic = { .name = "sundhed" };
    struct release_event event = { .start_at = 5 };
    const struct release original = { .type = "invitation",
                                      .has_topics = true,
                                      .topics = &topic,
                                      .embargo_at = 42,
                                      .has_status = true,
                                      .status = RELEASE_WITHDRAWN,
                                      .withdrawal_reason = "fejl",
                                      .title = "Original",
                                      .event = &event };
    struct release version = { .title = "Version", .status = RELEASE_READY };
    release_inherit(&version, &original);
    assert_string_equal(version.title, "Version");
    assert_string_equal(version.type, "invitation");
    assert_ptr_equal(version.topics, &topic);
    assert_int_equal(version.embargo_at, 42);
    assert_int_equal(version.status, RELEASE_WITHDRAWN);
    assert_string_equal(version.withdrawal_reason, "fejl");
    assert_ptr_equal(version.event, &event);

    struct release own = {
        .type = "statement", .has_topics = true, .embargo_at = 41, .has_status = true
    };
    release_inherit(&own, &original);
    assert_string_equal(own.type, "statement");
    assert_null(own.topics);
    assert_int_equal(own.embargo_at, 41);
    assert_int_equal(own.status, RELEASE_DRAFT);
}

static struct release *make_release(struct arena *arena)
{
    struct release *release = arena_allocate(arena, sizeof *release);
    *release = (struct release){ .public_id = "r-1",
                                 .title = "Titel <\"&'> \t\n\r]]>",
                                 .language = "da",
                                 .translation_of = "r-0",
                                 .type = "invitation",
                                 .lead = "",
                                 .correction = "æøå 日本 \xf0\x9f\x8f\xa5",
                                 .withdrawal_reason = "x",
                                 .published_at = INT64_C(1654621045123),
                                 .embargo_at = -1,
                                 .has_status = true,
                                 .status = RELEASE_WITHDRAWN,
                                 .is_urgent = true,
                                 .has_mail = true,
                                 .mail = false,
                                 .has_topics = true };
    release->topics = arena_allocate(arena, sizeof *release->topics);
    release->topics->name = "sundhed";
    release->topics->next = arena_allocate(arena, sizeof *release->topics);
    release->topics->next->name = "akut";
    release->topics->next->label = "Akut!";
    release->contacts = arena_allocate(arena, sizeof *release->contacts);
    release->contacts->name = "Heino";
    release->contacts->phone = "51 14 94 96";
    release->contacts->next = arena_allocate(arena, sizeof *release->contacts);
    release->contacts->next->email = "a@nordhav.example";
    release->contacts->next->title = "chef";
    release->contacts->next->department = "Presse";
    struct release_asset *asset = arena_allocate(arena, sizeof *asset);
    *asset = (struct release_asset){ .kind = RELEASE_IMAGE,
                                     .file = "a b.jpg",
                                     .alt = "alt",
                                     .caption = "billede",
                                     .credit = "mig",
                                     .media_type = "image/jpeg",
                                     .size_bytes = INT64_C(5000000000) };
    memset(asset->hash.bytes, 0xa5, sizeof asset->hash.bytes);
    release->assets = asset;
    asset->next = arena_allocate(arena, sizeof *asset);
    *asset->next = (struct release_asset){ .kind = RELEASE_DOCUMENT,
                                           .file = "b.pdf",
                                           .title = "Rapport" };
    release->event = arena_allocate(arena, sizeof *release->event);
    *release->event = (struct release_event){
        .start_at = 10, .end_at = 20, .is_all_day = true, .place = "Ådal"
    };
    release->body = body_new(arena);
    return release;
}

/* Every kind once, each with all that it can have. */
static void fill_body(struct arena *arena, struct body_node *body)
{
    paragraph(arena, body, " indledende \n\t mellemrum  ");
    for (int kind = BODY_PARAGRAPH; kind < BODY_KIND_COUNT; kind++) {
        struct body_node *node = body_append(arena, body, (enum body_kind)kind);
        if (kind == BODY_HEADING)
            node->level = 3;
        if (kind == BODY_TEXT || kind == BODY_CODE || kind == BODY_IMAGE)
            node->text = " <tekst> & \r\n\"mere\" ";
        if (kind == BODY_LINK || kind == BODY_IMAGE)
            node->target = kind == BODY_LINK ? "https://nordhav.example/?a=1&b=\"" : "a b.jpg";
        node->is_ordered = kind == BODY_LIST;
        node->start_offset = kind == BODY_LIST ? 14 : 0;
        node->alignment = kind == BODY_CELL ? BODY_ALIGN_RIGHT : BODY_ALIGN_NONE;
        node->is_header = kind == BODY_CELL;
        if (body_may_contain(node->kind, BODY_TEXT) && kind != BODY_CODE)
            body_append_text(arena, node, "\n", 1);
    }
}

static void a_document_says_all_that_the_release_does(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct error error = { 0 };
    struct string_builder first;
    struct string_builder second;
    string_builder_init(&first, 0);
    string_builder_init(&second, 0);
    struct release *release = make_release(&arena);
    fill_body(&arena, release->body);
    assert_true(release_write_document(&first, release, &error));
    struct release *copy = release_read_document(&arena, first.data, first.length, &error);
    if (!copy) {
        fail_msg("%s", error.message);
        return;
    }
    assert_true(release_write_document(&second, copy, &error));
    assert_string_equal(first.data, second.data);

    struct hash before;
    struct hash after;
    release_content_hash(release, &before);
    release_content_hash(copy, &after);
    assert_true(hash_equal(&before, &after));
    assert_string_equal(copy->title, release->title);
    assert_string_equal(copy->lead, "");
    assert_string_equal(copy->correction, release->correction);
    assert_int_equal(copy->published_at, release->published_at);
    assert_int_equal(copy->embargo_at, -1);
    assert_int_equal(copy->status, RELEASE_WITHDRAWN);
    assert_true(copy->is_urgent && copy->has_mail && !copy->mail && copy->has_topics);
    assert_string_equal(copy->topics->next->name, "akut");
    assert_string_equal(copy->topics->next->label, "Akut!");
    assert_string_equal(release_topic_labels(&arena, copy->topics), "akut Akut!\n");
    assert_string_equal(release_topic_label(&arena, "a b\nakut Akut!\nc d\n", "akut"), "Akut!");
    assert_null(release_topic_label(&arena, "akutte x\n", "akut"));
    assert_string_equal(copy->contacts->next->department, "Presse");
    assert_null(copy->contacts->email);
    assert_int_equal(copy->assets->size_bytes, INT64_C(5000000000));
    assert_int_equal(copy->assets->next->kind, RELEASE_DOCUMENT);
    assert_string_equal(copy->event->place, "Ådal");
    assert_true(copy->event->is_all_day);
    copy->event->is_all_day = false;
    release_content_hash(copy, &after);
    assert_false(hash_equal(&before, &after));
    string_builder_release(&first);
    string_builder_release(&second);
    arena_release(&arena);
}

/* What a picture says of itself comes and goes with its bytes, and so does what it is shown as. */
static void what_a_picture_says_is_stored_and_is_no_content_of_its_own(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct error error = { 0 };
    struct hash before;
    struct hash after;
    struct string_builder document;
    string_builder_init(&document, 0);
    struct release *release = make_release(&arena);
    struct release_asset *picture = release->assets;
    struct body_node *image = body_append(&arena, paragraph(&arena, release->body, "Se her: "),
                                          BODY_IMAGE);
    picture->alt = picture->caption = picture->credit = NULL;
    image->target = picture->file;
    image->text = "";
    release_content_hash(release, &before);
    assert_true(release_write_document(&document, release, &error));
    assert_null(strstr(document.data, "shown-type"));
    assert_null(strstr(document.data, "from-picture"));
    picture->shown_type = "image/png";
    picture->alt = image->text = "En bro";
    picture->caption = "Broen";
    picture->credit = "Anna Holm";
    picture->from_picture = RELEASE_FROM_PICTURE_ALT | RELEASE_FROM_PICTURE_CAPTION |
                            RELEASE_FROM_PICTURE_CREDIT;
    string_builder_clear(&document);
    assert_true(release_write_document(&document, release, &error));
    const struct release *copy = release_read_document(&arena, document.data, document.length,
                                                       &error);
    assert_non_null(copy);
    assert_string_equal(copy->assets->shown_type, "image/png");
    assert_string_equal(copy->assets->credit, "Anna Holm");
    assert_int_equal(copy->assets->from_picture, picture->from_picture);
    release_content_hash(release, &after);
    assert_true(hash_equal(&before, &after));
    release_content_hash(copy, &after);
    assert_true(hash_equal(&before, &after));
    picture->from_picture = RELEASE_FROM_PICTURE_CAPTION; /* said by the release itself */
    release_content_hash(release, &after);
    assert_false(hash_equal(&before, &after));
    assert_string_equal(release_asset_shown_type("image/gif"), "image/png");
    assert_string_equal(release_asset_shown_type("image/webp"), "image/jpeg");
    string_builder_release(&document);
    arena_release(&arena);
}

static void what_is_not_said_stays_unsaid(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct error error = { 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    const struct release release = { .title = "T" };
    assert_true(release_write_document(&text, &release, &error));
    assert_string_equal(text.data, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                   "<release format=\"1\" title=\"T\"/>\n");
    struct release *copy = release_read_document(&arena, text.data, text.length, &error);
    assert_non_null(copy);
    assert_null(copy->lead);
    assert_null(copy->body);
    assert_null(copy->event);
    assert_false(copy->has_status || copy->has_mail || copy->has_topics);
    assert_int_equal(copy->status, RELEASE_READY);
    assert_true(copy->mail);
    string_builder_release(&text);
    arena_release(&arena);
}

static void a_bad_document_is_an_input_error(void **state)
{
    (void)state;

    static const struct {
        const char *xml;
        const char *want; /* in the message; NULL: it is read */
    } table[] = {
        { "<release format=\"1\"><body/></release>", NULL },
        { "", "well-formed" },
        { "<release", "well-formed" },
        { "<release format=\"1\"><body>", "well-formed" },
        { "<release format=\"2\"/>", "format" },
        { "<release/>", "format" },
        { "<rss format=\"1\"/>", "no release" },
        { "<release format=\"1\"><script/></release>", "kind" },
        { "<release format=\"1\"><body><script/></body></release>", "kind" },
        { "<release format=\"1\"><body/><body/></release>", "kind" },
        { "<release format=\"1\" published=\"1x\"/>", "published" },
        { "<release format=\"1\" published=\"99999999999999999999\"/>", "published" },
        { "<release format=\"1\" status=\"public\"/>", "status" },
        { "<release format=\"1\"><asset hash=\"zz\"/></release>", "hash" },
        { "<release format=\"1\"><topics><topic/></topics></release>", "topic" },
        { "<!DOCTYPE a [<!ENTITY e \"x\">]><release format=\"1\"/>", "no release" },
        { "<release format=\"1\"><body><?php x ?></body></release>", "never write" },
        { "<release format=\"1\"><body>&e;</body></release>", "well-formed" },
        { "<release format=\"1\"><body><heading level=\"9999999999\"/></body></release>", NULL },
        { "<release format=\"1\"><body><link target=\"javascript:1\">x</link></body></release>",
          NULL },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct arena arena = { 0 };
        struct error error = { 0 };
        const struct release *release = release_read_document(&arena, table[i].xml,
                                                              strlen(table[i].xml), &error);
        if (!release != !!table[i].want ||
            (!release && (error.kind != ERROR_INPUT || !strstr(error.message, table[i].want))))
            fail_msg("%s: %s", table[i].xml, error.message);
        arena_release(&arena);
    }
}

static void a_tree_too_deep_is_neither_written_nor_read(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct error error = { 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    struct release release = { .title = "T", .body = body_new(&arena) };
    struct body_node *node = release.body;
    for (int i = 0; i < BODY_DEPTH_MAXIMUM; i++)
        node = body_append(&arena, node, BODY_QUOTE);
    assert_true(release_write_document(&text, &release, &error));
    assert_non_null(release_read_document(&arena, text.data, text.length, &error));
    body_append(&arena, node, BODY_QUOTE);
    assert_false(release_write_document(&text, &release, &error));
    assert_int_equal(error.kind, ERROR_INPUT);
    string_builder_clear(&text);
    string_builder_append(&text, "<release format=\"1\"><body>");
    for (int i = 0; i <= BODY_DEPTH_MAXIMUM; i++)
        string_builder_append(&text, "<quote>");
    assert_null(release_read_document(&arena, text.data, text.length, &error));
    assert_non_null(strstr(error.message, "levels"));
    string_builder_release(&text);
    arena_release(&arena);
}

static void the_hash_tells_content_from_circumstance(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct release *release = make_release(&arena);
    struct body_node *node = paragraph(&arena, release->body, "tekst");
    struct hash first;
    struct hash other;
    release_content_hash(release, &first);
    release->public_id = "r-2";
    release->published_at = 1;
    release->embargo_at = 2;
    release->status = RELEASE_DRAFT;
    release->is_urgent = false;
    release->has_mail = false;
    release_content_hash(release, &other);
    assert_true(hash_equal(&first, &other));
    release->assets->hash.bytes[31] ^= 1;
    release_content_hash(release, &other);
    assert_false(hash_equal(&first, &other));
    release->assets->hash.bytes[31] ^= 1;
    node->kind = BODY_QUOTE;
    release_content_hash(release, &other);
    assert_false(hash_equal(&first, &other));
    node->kind = BODY_PARAGRAPH;
    release->contacts->title = "x";
    release_content_hash(release, &other);
    assert_false(hash_equal(&first, &other));
    arena_release(&arena);
}

static void an_edited_text_is_like_the_old_one_and_a_new_one_is_not(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct body_node *old = body_new(&arena);
    struct body_node *edited = body_new(&arena);
    struct body_node *fresh = body_new(&arena);
    struct body_node *empty = body_new(&arena);
    paragraph(&arena, old,
              "Region Nordhav åbner mandag den nye akutmodtagelse i Vesterhavn, og "
              "den samler alle akutte patienter under ét tag.");
    paragraph(&arena, edited,
              "Region Nordhav åbner tirsdag den nye akutmodtagelse i Vesterhavn, "
              "og den samler alle akutte patienter under ét tag.");
    paragraph(&arena, fresh,
              "Der er ledige pladser på sygeplejerskeuddannelsen i Lillesund, som "
              "begynder efter sommerferien.");
    assert_true(release_text_similarity(&arena, old, old) > 0.999);
    double similarity = release_text_similarity(&arena, old, edited);
    assert_true(similarity > 0.7 && similarity < 0.95);
    assert_true(release_text_similarity(&arena, old, fresh) < 0.1);
    assert_true(release_text_similarity(&arena, old, empty) < 0.001);
    assert_true(release_text_similarity(&arena, empty, empty) > 0.999);
    assert_true(release_text_similarity(&arena, NULL, old) < 0.001);
    arena_release(&arena);
}

/* A body of count words, those from the first on that a shared text has. */
static const struct body_node *words(struct arena *arena, int first, int count)
{
    struct string_builder text;
    struct body_node *body = body_new(arena);
    string_builder_init(&text, 0);
    for (int i = 0; i < count; i++)
        string_builder_append_format(&text, "ord%d ", first + i);
    paragraph(arena, body, text.data);
    string_builder_release(&text);
    return body;
}

static void a_sketch_gives_the_similarity_without_the_text(void **state)
{
    (void)state;

    static const struct {
        int first;
        int count;
        int other;
        int other_count;
    } cases[] = {
        { 0, 0, 0, 0 },          { 0, 2, 0, 2 },          { 0, 2, 1, 2 },
        { 0, 90, 0, 90 },        { 0, 90, 30, 90 },       { 0, 90, 500, 90 },
        { 0, 90, 0, 0 },         { 0, 5000, 0, 5000 },    { 0, 5000, 40, 5000 },
        { 0, 5000, 1500, 5000 }, { 0, 5000, 2500, 5000 }, { 0, 5000, 4500, 5000 },
        { 0, 5000, 9000, 90 },   { 0, 300, 0, 3000 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = { 0 };
        struct text_sketch sketch;
        struct text_sketch other;
        struct text_sketch copy;
        unsigned char bytes[TEXT_SKETCH_BYTES];
        const struct body_node *a = words(&arena, cases[i].first, cases[i].count);
        const struct body_node *b = words(&arena, cases[i].other, cases[i].other_count);
        text_sketch_make(a, &sketch);
        text_sketch_make(b, &other);
        assert_true(text_sketch_read(bytes, text_sketch_write(&sketch, bytes), &copy));
        assert_int_equal(sketch.is_whole, sketch.count < TEXT_SKETCH_VALUES);
        for (size_t j = 1; j < sketch.count; j++)
            assert_true(sketch.values[j - 1] < sketch.values[j]);
        double exact = release_text_similarity(&arena, a, b);
        double rough = text_sketch_similarity(&copy, &other);
        bool is_rough = exact < 0.3; /* far from anything that matters */
        if (rough - exact > (is_rough ? 0.2 : 0.08) || exact - rough > (is_rough ? 0.2 : 0.08))
            fail_msg("case %zu: %f for %f", i, rough, exact);
        arena_release(&arena);
    }
    struct text_sketch broken;
    assert_false(text_sketch_read((const unsigned char *)"\1abc", 4, &broken));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_and_names_keep_to_their_characters),
        cmocka_unit_test(a_release_is_due_at_the_later_instant),
        cmocka_unit_test(telephone_numbers_become_addresses),
        cmocka_unit_test(an_asset_is_called_by_its_title_or_its_file),
        cmocka_unit_test(the_lead_is_said_or_the_first_paragraph),
        cmocka_unit_test(a_paragraph_below_another_block_stays_in_its_place),
        cmocka_unit_test(a_version_inherits_what_it_does_not_say),
        cmocka_unit_test(a_document_says_all_that_the_release_does),
        cmocka_unit_test(what_a_picture_says_is_stored_and_is_no_content_of_its_own),
        cmocka_unit_test(what_is_not_said_stays_unsaid),
        cmocka_unit_test(a_bad_document_is_an_input_error),
        cmocka_unit_test(a_tree_too_deep_is_neither_written_nor_read),
        cmocka_unit_test(the_hash_tells_content_from_circumstance),
        cmocka_unit_test(an_edited_text_is_like_the_old_one_and_a_new_one_is_not),
        cmocka_unit_test(a_sketch_gives_the_similarity_without_the_text),
    };
    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
