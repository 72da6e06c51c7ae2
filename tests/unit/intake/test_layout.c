/* SPDX-License-Identifier: MIT */
/* Texts with a format of their own as releases: each is built here block by block, as a reader of
 * Word, OpenDocument or HTML gives it. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "fuzz/intake/text_letters.h"
#include "intake/intake.h"
#include "intake/reader.h"
#include "intake/reading_packet.h"
#include "locale/locale.h"
#include "rich_text/rich_text.h"
#include "unit/notes.h"
#include "unit/words.h"

#include <stdlib.h>
#include <string.h>

/* A file under construction, and what was read of it. */
struct file {
    struct arena arena;
    struct language_words *words;
    struct locale_context *locale;
    struct strings *notes;
    struct rich_text *text;
    struct rich_text_block **end;
    struct intake_problem_list problems;
    struct intake_text read;
    const char *language;
    const char *name;
};

static const struct rich_text *given; /* what the reader below reads of any file */

static void start(const struct html_reader *html)
{
    (void)html;
}

static const struct rich_text *read_given(struct arena *arena, enum rich_text_format format,
                                          const struct html_reader *html, const char *bytes,
                                          size_t length)
{
    (void)arena;
    (void)format;
    (void)html;
    (void)bytes;
    (void)length;
    return given;
}

static const struct rich_text_reader reader = { RICH_TEXT_READER_VERSION, start, read_given };
static const struct intake_format word = { "docx", "Word", word_text_read, true };

static int setup(void **state)
{
    struct file *file = calloc(1, sizeof *file);
    struct error error = { 0 };
    file->words = shipped_words();
    file->notes = shipped_notes();
    file->locale = locale_context_new("Europe/Copenhagen", &error);
    assert_non_null(file->locale);
    file->text = arena_allocate(&file->arena, sizeof *file->text);
    file->text->detail = "";
    file->text->body = body_new(&file->arena);
    file->end = &file->text->blocks;
    file->language = "da";
    file->name = "bro.docx";
    *state = file;
    return 0;
}

static int teardown(void **state)
{
    struct file *file = *state;
    locale_context_free(file->locale);
    strings_free(file->notes);
    language_words_free(file->words);
    arena_release(&file->arena);
    free(file);
    return 0;
}

/* ---- building ---- */

static struct body_node *put_block(struct file *file, enum body_kind kind, unsigned marks,
                                   int outline)
{
    struct rich_text_block *block = arena_allocate(&file->arena, sizeof *block);
    *block = (struct rich_text_block){ .node = body_append(&file->arena, file->text->body, kind),
                                       .marks = marks,
                                       .outline = outline };
    *file->end = block;
    file->end = &block->next;
    return block->node;
}

/* Words; "|" is a line break. */
static void put_words(struct file *file, struct body_node *node, const char *words)
{
    while (*words) {
        size_t length = strcspn(words, "|");
        if (length)
            body_append_text(&file->arena, node, words, length);
        words += length;
        if (*words == '|') {
            (void)body_append(&file->arena, node, BODY_BREAK);
            words++;
        }
    }
}

static void put(struct file *file, unsigned marks, int outline, const char *words)
{
    struct body_node *node = put_block(file, BODY_PARAGRAPH, marks, outline);
    if (marks & RICH_TEXT_BOLD)
        node = body_append(&file->arena, node, BODY_STRONG);
    put_words(file, node, words);
}

static void put_row(struct file *file, struct body_node *table, const char *left, const char *right)
{
    struct body_node *row = body_append(&file->arena, table, BODY_ROW);
    put_words(file, body_append(&file->arena, row, BODY_CELL), left);
    put_words(file, body_append(&file->arena, row, BODY_CELL), right);
}

static void put_finding(struct file *file, enum rich_text_finding_kind kind, size_t count,
                        const char *words)
{
    struct rich_text_finding *finding = arena_allocate(&file->arena, sizeof *finding);
    *finding = (struct rich_text_finding){ .kind = kind,
                                           .count = count,
                                           .letters = text_letters_of(words),
                                           .words = words,
                                           .next = file->text->findings };
    file->text->findings = finding;
}

static const char picture_bytes[] = "a picture";

static void put_picture(struct file *file, const char *name, const char *alt, const char *caption)
{
    struct rich_text_picture **place = &file->text->pictures;
    struct body_node *figure = put_block(file, BODY_FIGURE, 0, 0);
    struct body_node *image = body_append(&file->arena, figure, BODY_IMAGE);
    image->target = name;
    image->text = alt;
    if (caption)
        put_words(file, body_append(&file->arena, figure, BODY_CAPTION), caption);
    while (*place)
        place = &(*place)->next;
    *place = arena_allocate(&file->arena, sizeof **place);
    **place = (struct rich_text_picture){ .name = name,
                                          .bytes = picture_bytes,
                                          .length = sizeof picture_bytes,
                                          .alternative = alt,
                                          .caption = caption };
}

static const char *prose = "Broen over fjorden åbner for trafik efter fire års byggeri, og den "
                           "første bil kører over klokken ti om formiddagen.";

/* ---- reading ---- */

/* Reads it, and takes it over the border as a confined process would. */
static const struct release *read_file(struct file *file)
{
    struct intake_source source = { .name = file->name,
                                    .format = &word,
                                    .bytes = "PK",
                                    .length = 2,
                                    .zone = locale_context_zone(file->locale),
                                    .locale = file->locale,
                                    .language = file->language,
                                    .words = file->words,
                                    .rich_text = &reader,
                                    .publisher = "Region Nordhav" };
    struct intake_problem_list found;
    struct intake_text there;
    struct string_builder reply;
    (void)instant_parse_rfc3339("2026-06-07T10:00:00Z", &source.now_at);
    given = file->text;
    intake_problem_list_init(&found, &file->arena, source.name);
    intake_read_source(&file->arena, &source, &there, &found);
    string_builder_init(&reply, 0);
    reading_put_text(&reply, &source, &there, &found);
    intake_problem_list_init(&file->problems, &file->arena, source.name);
    bool is_believed = reading_take_text(reply.data, reply.length, &file->arena, &source,
                                         &file->read, &file->problems);
    string_builder_release(&reply);
    assert_true(is_believed);
    for (const struct intake_problem *problem = file->problems.first; problem;
         problem = problem->next)
        assert_int_equal(problem->line, 0);
    return file->read.release;
}

static const char *body_text(struct file *file)
{
    static const struct body_writer_options options = { 0 };
    struct string_builder text;
    string_builder_init(&text, 0);
    body_write_html(&text, file->read.release->body, &options);
    const char *copy = arena_copy_bytes(&file->arena, text.length ? text.data : "", text.length);
    string_builder_release(&text);
    return copy;
}

static bool says(const struct file *file, enum intake_severity severity, enum intake_message_id id)
{
    for (const struct intake_problem *problem = file->problems.first; problem;
         problem = problem->next)
        if (problem->message.id == id && problem->severity == severity)
            return true;
    return false;
}

static void assert_nothing_said(const struct file *file)
{
    const struct intake_wording wording = { file->notes, file->words, "en" };
    struct arena arena = { 0 };
    for (const struct intake_problem *problem = file->problems.first; problem;
         problem = problem->next)
        if (problem->severity > INTAKE_ADVICE)
            fail_msg("%s", intake_message_show(&problem->message, &wording, &arena));
    arena_release(&arena);
}

/* ---- fields ---- */

static void a_table_gives_the_fields_in_each_language(void **state)
{
    static const struct {
        const char *language;
        const char *rows[12];
    } tables[] = {
        { "da",
          { "Titel", "Ny bro", "Embargo:", "9. juni 2026 kl. 6", "Kontakter",
            "Mette Holm, pressechef, 55 10 20 30|Anna Lund, 55 10 20 31", "Emner", "Trafik, vej",
            "Underrubrik", "" } },
        { "en",
          { "Title", "Ny bro", "Embargo", "9 June 2026 06:00", "Contacts",
            "Mette Holm, press officer, 55 10 20 30|Anna Lund, 55 10 20 31", "Topics",
            "Trafik|vej" } },
        { "sv",
          { "Rubrik", "Ny bro", "Embargo", "9 juni 2026 kl. 6", "Kontakter",
            "Mette Holm, presschef, 55 10 20 30|Anna Lund, 55 10 20 31", "Ämnen", "Trafik, vej" } },
        { "nb",
          { "Tittel", "Ny bro", "Embargo", "9. juni 2026 kl. 6", "Kontakter",
            "Mette Holm, pressesjef, 55 10 20 30|Anna Lund, 55 10 20 31", "Emner",
            "Trafik, vej" } },
        { "de",
          { "Titel", "Ny bro", "Sperrfrist", "9. Juni 2026, 6 Uhr", "Kontakte",
            "Mette Holm, Pressesprecherin, 55 10 20 30|Anna Lund, 55 10 20 31", "Themen",
            "Trafik, vej" } },
    };

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct file *file;
        (void)state;
        setup((void **)&file);
        file->language = tables[i].language;
        struct body_node *table = put_block(file, BODY_TABLE, 0, 0);
        for (size_t row = 0; row < 12 && tables[i].rows[row]; row += 2)
            put_row(file, table, tables[i].rows[row], tables[i].rows[row + 1]);
        put(file, 0, 0, prose);
        const struct release *release = read_file(file);
        assert_nothing_said(file);
        assert_string_equal(release->title, "Ny bro");
        assert_int_equal(release->embargo_at, INT64_C(1780977600000));
        assert_string_equal(release->contacts->name, "Mette Holm");
        assert_string_equal(release->contacts->next->name, "Anna Lund");
        assert_string_equal(release->topics->label, "Trafik");
        assert_string_equal(release->topics->next->name, "vej");
        assert_null(strstr(body_text(file), "Embargo"));
        teardown((void **)&file);
    }
}

static void a_cell_is_one_value_whatever_stands_in_it(void **state)
{
    struct file *file = *state;
    struct body_node *table = put_block(file, BODY_TABLE, 0, 0);
    put_row(file, table, "Titel", "Ny bro|status: klar|embargo: ingen");
    put_row(file, table, "Status", "kladde");
    put_row(file, table, "Kontakter", "Mette Holm, 55 10 20 30|embargo: ingen");
    put(file, 0, 0, prose);
    const struct release *release = read_file(file);
    assert_string_equal(release->title, "Ny bro status: klar embargo: ingen");
    assert_int_equal(release->status, RELEASE_DRAFT);
}

static void an_unknown_field_in_a_table_of_fields_is_refused_with_the_nearest(void **state)
{
    struct file *file = *state;
    struct body_node *table = put_block(file, BODY_TABLE, 0, 0);
    put_row(file, table, "Titel", "Ny bro");
    put_row(file, table, "Embarg", "9. juni 2026 kl. 6");
    put_row(file, table, "Status", "klar");
    put(file, 0, 0, prose);
    (void)read_file(file);
    assert_true(says(file, INTAKE_REFUSED, INTAKE_MESSAGE_KEY_NEAR));
}

static void a_field_twice_in_a_table_is_refused(void **state)
{
    struct file *file = *state;
    struct body_node *table = put_block(file, BODY_TABLE, 0, 0);
    put_row(file, table, "Titel", "Ny bro");
    put_row(file, table, "Overskrift", "En bro");
    put(file, 0, 0, prose);
    (void)read_file(file);
    assert_true(says(file, INTAKE_REFUSED, INTAKE_MESSAGE_KEY_TWICE_HERE));
}

static void a_table_of_other_words_is_text(void **state)
{
    struct file *file = *state;
    put(file, RICH_TEXT_TITLE, 0, "Ny bro");
    struct body_node *table = put_block(file, BODY_TABLE, 0, 0);
    put_row(file, table, "Længde", "400 meter");
    put_row(file, table, "Titel", "Fjordbroen");
    put_row(file, table, "Pris", "2 mia. kr.");
    put(file, 0, 0, prose);
    const struct release *release = read_file(file);
    assert_nothing_said(file);
    assert_string_equal(release->title, "Ny bro");
    assert_non_null(strstr(body_text(file), "<td>Fjordbroen</td>"));
}

static void lines_at_the_top_are_fields_too(void **state)
{
    struct file *file = *state;
    put(file, 0, 0, "Titel: Ny bro");
    put(file, 0, 0, "Status: kladde|Kontakter: Mette Holm, 55 10 20 30|Emner: Trafik");
    put_block(file, BODY_RULE, 0, 0);
    put(file, 0, 0, prose);
    const struct release *release = read_file(file);
    assert_nothing_said(file);
    assert_string_equal(release->title, "Ny bro");
    assert_int_equal(release->status, RELEASE_DRAFT);
    assert_string_equal(release->contacts->name, "Mette Holm");
    assert_null(strstr(body_text(file), "kladde"));
    assert_non_null(strstr(body_text(file), "fire års byggeri"));
}

static void the_text_begins_with_the_first_paragraph_that_is_no_field(void **state)
{
    struct file *file = *state;
    put(file, 0, 0, "Titel: Ny bro");
    put(file, 0, 0, "Kontakter:");
    put(file, 0, 0, "Mette Holm, 55 10 20 30");
    put(file, 0, 0, "Anna Lund, 55 10 20 31");
    put(file, 0, 0, "Status: kladde");
    put(file, 0, 0, prose);
    const struct release *release = read_file(file);
    assert_nothing_said(file);
    assert_string_equal(release->contacts->next->name, "Anna Lund");
    assert_int_equal(release->status, RELEASE_DRAFT);
    assert_non_null(strstr(body_text(file), "<p>Broen over fjorden"));
}

/* Holds I1. */
static void a_slip_in_the_name_of_a_field_is_no_text(void **state)
{
    struct file *file = *state;
    put(file, 0, 0, "Titel: Ny bro");
    put(file, 0, 0, "Embarg: 9. juni 2026 kl. 6");
    put(file, 0, 0, prose);
    (void)read_file(file);
    assert_true(says(file, INTAKE_REFUSED, INTAKE_MESSAGE_KEY_NEAR));
}

/* ---- layout ---- */

static void title_lead_headings_and_contacts_are_found_by_their_looks(void **state)
{
    struct file *file = *state;
    put(file, 0, 0, "UDTALELSE");
    put(file, 0, 0, "Lillesund, den 7. juni 2026");
    put(file, RICH_TEXT_BOLD | RICH_TEXT_LARGE, 0, "Ny bro åbner på onsdag");
    put(file, RICH_TEXT_BOLD, 0,
        "Efter fire år er broen færdig. Den koster det, som den skulle koste, siger regionen.");
    put(file, 0, 0, prose);
    put(file, RICH_TEXT_BOLD, 0, "Trafikken lægges om");
    put(file, 0, 0, prose);
    put(file, 0, 0, "– Det er en god dag, siger borgmesteren.");
    put(file, 0, 0, "Læs mere på www.nordhav.example.");
    put(file, RICH_TEXT_BOLD, 0, "Kontakt:");
    put(file, 0, 0, "Mette Holm, pressechef|Tlf. 55 10 20 30|mette@nordhav.example");
    const struct release *release = read_file(file);
    assert_nothing_said(file);
    assert_string_equal(release->title, "Ny bro åbner på onsdag");
    assert_string_equal(release->type, "statement");
    assert_memory_equal(release->lead, "Efter fire år", strlen("Efter fire år"));
    assert_string_equal(release->contacts->name, "Mette Holm");
    assert_string_equal(release->contacts->email, "mette@nordhav.example");
    assert_null(release->contacts->next);
    const char *body = body_text(file);
    assert_non_null(strstr(body, "<h2>Trafikken lægges om</h2>"));
    assert_non_null(strstr(body, "<blockquote>"));
    assert_non_null(strstr(body, "https://www.nordhav.example"));
    assert_null(strstr(body, "Kontakt"));
    assert_null(strstr(body, "Lillesund"));
}

static void outline_levels_become_levels_without_gaps(void **state)
{
    struct file *file = *state;
    put(file, 0, 1, "Ny bro");
    put(file, RICH_TEXT_SUBTITLE, 0, "Fire år tog det");
    put(file, 0, 0, prose);
    put(file, 0, 3, "Trafik");
    put(file, 0, 0, prose);
    put(file, 0, 5, "Cykler");
    put(file, 0, 0, prose);
    const struct release *release = read_file(file);
    assert_string_equal(release->title, "Ny bro");
    assert_string_equal(release->lead, "Fire år tog det");
    assert_non_null(strstr(body_text(file), "<h2>Trafik</h2>"));
    assert_non_null(strstr(body_text(file), "<h3>Cykler</h3>"));
}

static void without_any_looks_the_first_line_is_the_title(void **state)
{
    struct file *file = *state;
    put(file, 0, 0, "Ny bro åbner");
    put(file, RICH_TEXT_BOLD, 0, "Broen er færdig og åbner på onsdag, siger regionen.");
    put(file, 0, 0, prose);
    const struct release *release = read_file(file);
    assert_string_equal(release->title, "Ny bro åbner");
    assert_string_equal(release->lead, "Broen er færdig og åbner på onsdag, siger regionen.");
}

/* Holds I6. */
static void letters_in_are_letters_out(void **state)
{
    struct file *file = *state;
    put(file, 0, 0, "TIL OMGÅENDE BRUG");
    put(file, RICH_TEXT_TITLE, 0, "Ny bro åbner");
    put(file, 0, 0, prose);
    put(file, 0, 0,
        "Kontakt|Mette Holm, 55 10 20 30|Og her er en sætning, som ikke er en kontakt, "
        "fordi den er for lang til det.");
    put(file, 0, 0, "###");
    put_finding(file, RICH_TEXT_DELETED, 1, "slettet 7");
    struct body_node *list = put_block(file, BODY_LIST, 0, 0);
    put_words(file, body_append(&file->arena, list, BODY_ITEM), "et punkt");
    size_t in = text_letters_of_body(file->text->body) + text_letters_of("slettet 7");
    const struct release *release = read_file(file);
    assert_int_equal(text_letters_of_release(release) + file->problems.letters_left_out, in);
}

/* ---- embargoes ---- */

/* Holds I1. */
static void an_embargo_in_words_waits_and_leaves_the_text(void **state)
{
    static const char *const lines[] = {
        "EMBARGO til tirsdag den 9. juni 2026 kl. 6",
        "Klausuleret til den 9. juni 2026 kl. 6.00",
    };
    (void)state;
    for (size_t i = 0; i < 2 * sizeof lines / sizeof lines[0]; i++) {
        struct file *file;
        setup((void **)&file);
        if (i % 2 == 0)
            put(file, i < 2 ? RICH_TEXT_BOLD : 0, 0, lines[i / 2]);
        put(file, RICH_TEXT_TITLE, 0, "Ny bro");
        if (i % 2)
            put(file, RICH_TEXT_BOLD, 0, lines[i / 2]);
        put(file, 0, 0, prose);
        const struct release *release = read_file(file);
        assert_string_equal(release->title, "Ny bro");
        assert_int_equal(release->embargo_at, INT64_C(1780977600000));
        assert_null(strstr(body_text(file), "2026"));
        teardown((void **)&file);
    }
}

/* Holds I1. */
static void an_embargo_in_the_header_of_pages_counts(void **state)
{
    struct file *file = *state;
    put(file, RICH_TEXT_TITLE, 0, "Ny bro");
    for (int i = 0; i < 12; i++)
        put(file, 0, 0, prose);
    put_finding(file, RICH_TEXT_PAGE_HEADER, 1, "Region Nordhav");
    file->text->findings->lines = "Region Nordhav\nSide 1 af 2 Havnegade 1 EMBARGO til tirsdag den "
                                  "9. juni 2026 kl. 6. Side 2";
    const struct release *release = read_file(file);
    assert_int_equal(release->embargo_at, INT64_C(1780977600000));
}

/* ---- pictures ---- */

static void pictures_come_with_their_words(void **state)
{
    struct file *file = *state;
    put(file, RICH_TEXT_TITLE, 0, "Ny bro");
    put(file, 0, 0, prose);
    put_picture(file, "picture-1.jpg", "En bro", "Broen set fra nord. Foto: Ida Lund");
    put_picture(file, "picture-2.png", "", NULL);
    put(file, 0, 0, "Foto: Bo Friis/Region Nordhav");
    const struct release *release = read_file(file);
    const struct release_asset *asset = release->assets;
    assert_string_equal(asset->file, "picture-1.jpg");
    assert_string_equal(asset->alt, "En bro");
    assert_string_equal(asset->caption, "Broen set fra nord.");
    assert_string_equal(asset->credit, "Ida Lund");
    assert_null(asset->next->alt);
    assert_string_equal(asset->next->credit, "Bo Friis/Region Nordhav");
    assert_non_null(file->read.parts);
    assert_memory_equal(file->read.parts->bytes, picture_bytes, sizeof picture_bytes);
    assert_non_null(file->read.parts->next);
    assert_null(strstr(body_text(file), "Foto:"));
}

/* ---- what is found beside the text ---- */

static void each_finding_is_told(void **state)
{
    struct file *file = *state;
    put(file, RICH_TEXT_TITLE, 0, "Ny bro");
    put(file, 0, 0, prose);
    for (int kind = RICH_TEXT_INSERTED; kind <= RICH_TEXT_FORMULA; kind++)
        put_finding(file, (enum rich_text_finding_kind)kind, 2, "ordene");
    (void)read_file(file);
    for (int id = INTAKE_MESSAGE_FOUND_INSERTED; id <= INTAKE_MESSAGE_FOUND_FORMULA; id++)
        assert_true(says(file, INTAKE_NOTICE, (enum intake_message_id)id) ||
                    says(file, INTAKE_ADVICE, (enum intake_message_id)id));
    assert_int_equal(file->problems.refused, 0);
}

static void a_page_of_which_less_than_half_was_read_waits(void **state)
{
    (void)state;
    for (size_t times = 2; times <= 3; times++) {
        struct file *file;
        setup((void **)&file);
        put(file, 0, 1, "Ny bro");
        put(file, RICH_TEXT_BOLD, 0, prose);
        put(file, 0, 0, "Kontakt");
        put(file, 0, 0, "Mette Holm, 55 10 20 30");
        file->text->page_letters = times * text_letters_of_body(file->text->body);
        const struct release *release = read_file(file);
        assert_int_equal(release->has_open_changes, times > 2);
        assert_int_equal(says(file, INTAKE_NOTICE, INTAKE_MESSAGE_PAGE_PART), times > 2);
        teardown((void **)&file);
    }
}

static void each_fault_refuses_with_words(void **state)
{
    (void)state;
    for (int fault = RICH_TEXT_FAULT_BROKEN; fault <= RICH_TEXT_FAULT_UNSAFE; fault++) {
        struct file *file;
        setup((void **)&file);
        file->text->fault = (enum rich_text_fault)fault;
        file->text->detail = "xlsx";
        (void)read_file(file);
        assert_true(says(file, INTAKE_REFUSED,
                         (enum intake_message_id)(INTAKE_MESSAGE_RICH_BROKEN + fault - 1)));
        assert_int_equal(file->problems.refused, 1);
        teardown((void **)&file);
    }
}

static void a_copied_mail_is_refused(void **state)
{
    struct file *file = *state;
    put(file, 0, 0, "Fra: Mads Overby|Sendt: 7. juni 2026 10:00|Til: Mette Holm|Emne: Ny bro");
    put(file, 0, 0, prose);
    (void)read_file(file);
    assert_true(says(file, INTAKE_REFUSED, INTAKE_MESSAGE_COPIED_MAIL));
}

static void an_empty_one_is_refused(void **state)
{
    struct file *file = *state;
    (void)read_file(file);
    assert_true(says(file, INTAKE_REFUSED, INTAKE_MESSAGE_TEXT_EMPTY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_gives_the_fields_in_each_language),
        cmocka_unit_test_setup_teardown(a_cell_is_one_value_whatever_stands_in_it, setup, teardown),
        cmocka_unit_test_setup_teardown(
            an_unknown_field_in_a_table_of_fields_is_refused_with_the_nearest, setup, teardown),
        cmocka_unit_test_setup_teardown(a_field_twice_in_a_table_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_table_of_other_words_is_text, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_at_the_top_are_fields_too, setup, teardown),
        cmocka_unit_test_setup_teardown(the_text_begins_with_the_first_paragraph_that_is_no_field,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_slip_in_the_name_of_a_field_is_no_text, setup, teardown),
        cmocka_unit_test_setup_teardown(title_lead_headings_and_contacts_are_found_by_their_looks,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(outline_levels_become_levels_without_gaps, setup, teardown),
        cmocka_unit_test_setup_teardown(without_any_looks_the_first_line_is_the_title, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(letters_in_are_letters_out, setup, teardown),
        cmocka_unit_test(an_embargo_in_words_waits_and_leaves_the_text),
        cmocka_unit_test_setup_teardown(an_embargo_in_the_header_of_pages_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(pictures_come_with_their_words, setup, teardown),
        cmocka_unit_test_setup_teardown(each_finding_is_told, setup, teardown),
        cmocka_unit_test(a_page_of_which_less_than_half_was_read_waits),
        cmocka_unit_test(each_fault_refuses_with_words),
        cmocka_unit_test_setup_teardown(a_copied_mail_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(an_empty_one_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
