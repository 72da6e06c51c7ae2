/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include "intake/drop_container.h"
#include "intake/drop_directory.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";

static void what_systems_leave_is_passed_over(void **state)
{
    struct stage *stage = *state;
    static const char *const folders[] = {
        "@eaDir",       "$RECYCLE.BIN", "System Volume Information",
        "__MACOSX",     "lost+found",   "#recycle",
        "$Recycle.Bin", ".Trash-1000"
    };
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        stage_put(stage, arena_format(&stage->arena, "%s/x.md", folders[i]), text);
        stage_put(stage, arena_format(&stage->arena, "huse/%s/bus.jpg", folders[i]), "x");
    }
    stage_put(stage, "Thumbs.db", "x");
    stage_put(stage, "huse/desktop.ini", "x");
    stage_put(stage, "huse/.DS_Store", "x");
    stage_write(stage, "huse/huse.md", "Huse", "", text);
    const struct intake_counts *counts = stage_run(stage);
    assert_int_equal(counts->added, 1);
    assert_int_equal(counts->refused + counts->warned, 0);
    assert_null(stage_read(stage, "$RECYCLE.BIN/x.md.problems.txt"));
    assert_null(stage_release(stage, "huse/")->assets);
}

static void make_socket(struct stage *stage, const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/releases/%s", stage->path, name);
    assert_int_equal(
        bind(descriptor, (const struct sockaddr *)(const void *)&address, sizeof address), 0);
    (void)close(descriptor);
}

static void assert_note(struct stage *stage, const char *note, const char *words)
{
    const char *found = stage_read(stage, note);
    if (!found || !strstr(found, words))
        fail_msg("%s: %s", note, found ? found : "is not there");
}

static void what_is_no_file_is_named_and_never_opened(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(mkfifoat(stage->releases, "pipe.md", 0644), 0);
    assert_int_equal(mkfifoat(stage->releases, "pipe", 0644), 0);
    assert_int_equal(mkfifoat(stage->releases, "billede.png", 0644), 0);
    assert_int_equal(mkfifoat(stage->releases, "felter.yaml", 0644), 0);
    make_socket(stage, "sokkel.docx");
    stage_write(stage, "god.md", "God", "", text);
    stage_write(stage, "mappe/x.md", "Mappen", "images: [{file: bus.png, alt: Bus}]\n", text);
    assert_int_equal(mkfifoat(stage->releases, "mappe/bus.png", 0644), 0);
    stage_put(stage, "tom/nul.jpg", "x");
    assert_int_equal(mkfifoat(stage->releases, "tom/x.md", 0644), 0);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.refused, 7);
    assert_note(stage, "pipe.md.problems.txt", "navngivet rør (FIFO)");
    assert_note(stage, "pipe.problems.txt", "navngivet rør (FIFO)");
    assert_note(stage, "billede.png.problems.txt", "navngivet rør (FIFO)");
    assert_note(stage, "felter.yaml.problems.txt", "navngivet rør (FIFO)");
    assert_note(stage, "sokkel.docx.problems.txt", "sokkel");
    assert_note(stage, "mappe/x.md.problems.txt", "bus.png: er et rør");
    assert_note(stage, "tom/x.md.problems.txt", "x.md: er et rør");
    assert_int_equal(stage_run(stage)->still_refused, 7);
}

/* ---- what is no text, by what it is ---- */

#define OLE "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
#define WORD_STREAM "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"
#define MAIL_STREAM "_\0_\0n\0a\0m\0e\0i\0d\0_\0v\0e\0r\0s\0i\0o\0n\0"
#define PNG "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"
#define BYTES(string) string, sizeof(string) - 1

static void what_is_no_text_is_told_by_what_it_is(void **state)
{
    static const struct {
        const char *name;
        const char *bytes;
        size_t length;
        const char *words;
    } files[] = {
        { "a.rtf", BYTES("{\\rtf1\\ansi Nyt}"), "rtf-filer kan ikke læses som meddelelse" },
        { "b.doc", BYTES(OLE "\0\0\0" WORD_STREAM), "doc-filer kan ikke læses som meddelelse" },
        { "c.doc", BYTES("{\\rtf1 Nyt}"), "doc-filer kan ikke læses som meddelelse" },
        { "d.pages", BYTES("PK\x03\x04zzIndex/Document.iwa"), "vælg “Arkiv”, “Eksporter til”" },
        { "e.msg", BYTES(OLE "zz" MAIL_STREAM), "kopiér teksten over i et nyt dokument" },
        { "f.wpd", BYTES("\xFFWPC"), "wpd-filer kan ikke læses" },
        { "g.tex", BYTES("\\documentclass"), "tex-filer kan ikke læses" },
        { "h.xml", BYTES("<?xml version='1.0'?><x/>"), "xml-filer kan ikke læses" },
        { "i.txt", BYTES("{\\rtf1\\ansi Nyt}"),
          "er i virkeligheden en RTF-fil, selv om navnet ender på .txt; åbn den" },
        { "j.md", BYTES(OLE "zz" WORD_STREAM), "et Word-dokument af den gamle slags (.doc)" },
        { "k.txt", BYTES("%PDF-1.7\n"), "er i virkeligheden en PDF" },
        { "l.md", BYTES(PNG), "er i virkeligheden et billede" },
        { "s.txt", BYTES("PK\x03\x04zzword/document.xml"),
          "er i virkeligheden et Word-dokument (.docx), selv om navnet ender på .txt; " },
        { "t.md", BYTES("PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text"),
          "er i virkeligheden et LibreOffice-dokument (.odt), selv om navnet ender på .md; " },
        { "u.txt", BYTES("PK\x03\x04zzxl/workbook.xml"),
          "er i virkeligheden et Office-dokument, selv om navnet ender på .txt, og det kan ikke" },
        { "m.rtf", BYTES("PK\x03\x04zz"), "er i virkeligheden et ZIP-arkiv" },
        { "n.msg", BYTES(OLE "zz" WORD_STREAM), "et Word-dokument af den gamle slags (.doc)" },
        { "o.pages", BYTES("%PDF-1.7\n"), "er i virkeligheden en PDF" },
        { "p/x.rtf", BYTES("{\\rtf1 Nyt}"), "for “x.rtf” er en RTF-fil" },
        { "q/x.pdf", BYTES("%PDF-1.7\n"), "en PDF kan ikke selv være en meddelelse" },
        { "r/x.png", BYTES(PNG), "der er ingen tekst i mappen; læg meddelelsen i den, gemt som “" },
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        stage_put_bytes(stage, files[i].name, files[i].bytes, files[i].length);
    (void)stage_run(stage);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *slash = strchr(files[i].name, '/');
        const char *note = slash ? arena_format(&stage->arena, "%c/%c.problems.txt",
                                                files[i].name[0], files[i].name[0])
                                 : arena_format(&stage->arena, "%s.problems.txt", files[i].name);
        assert_note(stage, note, files[i].words);
    }
    assert_int_equal(stage->counts.refused, sizeof files / sizeof *files);
    assert_int_equal(stage->counts.added, 0);
}

static void the_end_of_a_long_file_says_what_it_is_too(void **state)
{
    enum { LENGTH = 300000 };

    struct stage *stage = *state;
    char *bytes = arena_allocate(&stage->arena, LENGTH);
    memcpy(bytes, OLE, 8);
    memcpy(bytes + LENGTH - 100, MAIL_STREAM, sizeof MAIL_STREAM - 1);
    stage_put_bytes(stage, "lang.doc", bytes, LENGTH);
    (void)stage_run(stage);
    assert_note(stage, "lang.doc.problems.txt", "en mail fra Outlook (.msg)");
}

static void a_pdf_alone_is_told_what_it_lacks(void **state)
{
    struct stage *stage = *state;
    stage_put_bytes(stage, "nyt.pdf", BYTES("%PDF-1.7\n%%EOF\n"));
    assert_int_equal(stage_run(stage)->orphans, 1);
    assert_note(stage, "nyt.pdf.problems.txt",
                "en PDF kan ikke selv være en; er den en meddelelse, så åbn det dokument");
}

/* The kernel's clock, so much later. */
static int64_t later_now(void *payload)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + *(int64_t *)payload;
}

static void never_wait(void *payload, int64_t milliseconds)
{
    (void)payload;
    (void)milliseconds;
    fail_msg("waited");
}

static void an_empty_folder_is_reported_when_nobody_fills_it(void **state)
{
    struct stage *stage = *state;
    int64_t later_ms = 9 * INT64_C(60000);
    const struct intake_waiting waiting = { later_now, never_wait, &later_ms };
    stage->settings.waiting = &waiting;
    assert_int_equal(mkdirat(stage->releases, "ny", 0755), 0);
    assert_int_equal(stage_run(stage)->refused, 0);
    assert_null(stage_read(stage, "ny/ny.problems.txt"));
    later_ms = 11 * INT64_C(60000);
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_note(stage, "ny/ny.problems.txt", "mappen er tom");
    assert_int_equal(stage_run(stage)->still_refused, 1);
    stage_write(stage, "ny/x.md", "Ny", "", text);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_null(stage_read(stage, "ny/ny.problems.txt"));
    /* A release that was there is missed at once. */
    stage_remove_file(stage, "ny/x.md");
    later_ms = 0;
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_note(stage, "ny/ny.problems.txt", "mappen er tom");
}

static void a_file_with_a_name_that_nobody_can_write_is_reported(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse/huse.md", "Huse", "", text);
    stage_put(stage, "huse/gr\xf8n.jpg", "x");
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.warned, 1);
    assert_note(stage, "huse/huse.md.problems.txt", "“gr\\xF8n.jpg” er udeladt");
}

/* ---- containers ---- */

static const struct intake_container sundhed = { .name = "sundhed" };
static const struct intake_container german_drafts = {
    .name = "entwürfe", .place = RELEASE_PLACE_DRAFTS, .readme = "lies mich.txt", .next = &sundhed
};
static const struct intake_container planned = { .name = "planlagt",
                                                 .place = RELEASE_PLACE_SCHEDULED,
                                                 .readme = "læs mig.txt",
                                                 .next = &german_drafts };
static const struct intake_container drafts = {
    .name = "kladder", .place = RELEASE_PLACE_DRAFTS, .readme = "læs mig.txt", .next = &planned
};

static struct drop_directory scan_of(struct stage *stage)
{
    struct error error = { 0 };
    struct drop_directory scan = { 0 };
    stage->settings.containers = &drafts;
    if (!drop_directory_scan(stage->releases, &stage->settings, &stage->arena, &scan, &error))
        fail_msg("%s", error.message);
    return scan;
}

static void containers_may_stand_in_one_of_the_other_kind(void **state)
{
    static const struct {
        const char *file;
        const char *entry;
        const char *container;
        enum release_place place;
        bool has_folder;
    } files[] = {
        { "x.md", "x.md", "", RELEASE_PLACE_NONE, false },
        { "Kladder/x.md", "Kladder/x.md", "Kladder/", RELEASE_PLACE_DRAFTS, false },
        { "PLANLAGT/x.md", "PLANLAGT/x.md", "PLANLAGT/", RELEASE_PLACE_SCHEDULED, false },
        { "Sundhed/x.md", "Sundhed/x.md", "Sundhed/", RELEASE_PLACE_NONE, true },
        { "Sundhed/Kladder/x.md", "Sundhed/Kladder/x.md", "Sundhed/Kladder/", RELEASE_PLACE_DRAFTS,
          true },
        { "Kladder/sundhed/x.md", "Kladder/sundhed/x.md", "Kladder/sundhed/", RELEASE_PLACE_DRAFTS,
          true },
        /* Two of a kind: the inner one is a release's folder. */
        { "Kladder/Planlagt/x.md", "Kladder/Planlagt/", "Kladder/", RELEASE_PLACE_DRAFTS, false },
        { "Sundhed/Sundhed/x.md", "Sundhed/Sundhed/", "Sundhed/", RELEASE_PLACE_NONE, true },
        { "Kladder/huse/x.md", "Kladder/huse/", "Kladder/", RELEASE_PLACE_DRAFTS, false },
        { "huse/Kladder/x.md", NULL, NULL, RELEASE_PLACE_NONE, false },
        /* As Linux and Windows write it, and as a Mac does. */
        { "Entw\xc3\xbcrfe/x.md", "Entw\xc3\xbcrfe/x.md", "Entw\xc3\xbcrfe/", RELEASE_PLACE_DRAFTS,
          false },
        { "Entwu\xcc\x88rfe/x.md", "Entwu\xcc\x88rfe/x.md", "Entwu\xcc\x88rfe/",
          RELEASE_PLACE_DRAFTS, false },
    };
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        stage_put(stage, files[i].file, text);
    struct drop_directory scan = scan_of(stage);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct drop_place place;
        if (!files[i].entry)
            continue;
        const struct drop_entry *entry = drop_directory_find(&scan, files[i].entry);
        if (!entry)
            fail_msg("%s is not there", files[i].entry);
        assert_string_equal(entry->container, files[i].container);
        assert_string_equal(entry->text, files[i].file);
        assert_int_equal(drop_container_length(&stage->settings, entry->path, &place),
                         strlen(files[i].container));
        assert_int_equal(place.place, files[i].place);
        assert_int_equal(place.folder != NULL, files[i].has_folder);
    }
    /* And "huse/", which has no text straight in it. */
    assert_int_equal(scan.count, sizeof files / sizeof files[0]);
    assert_non_null(drop_directory_find(&scan, "huse/"));
    assert_int_equal(scan.closed_count, 0);
}

static void what_tells_people_of_a_place_is_not_read(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "Kladder/Læs mig.txt", text);
    stage_put(stage, "Kladder/Sundhed/læs mig.txt", text);
    stage_put(stage, "Entwürfe/Lies mich.txt", text);
    struct drop_directory scan = scan_of(stage);
    assert_int_equal(scan.count, 0);
    /* Elsewhere a file may be called so. */
    stage_put(stage, "Læs mig.txt", text);
    stage_put(stage, "Sundhed/Læs mig.txt", text);
    stage_put(stage, "Kladder/huse/Læs mig.txt", text);
    scan = scan_of(stage);
    assert_int_equal(scan.count, 3);
}

static void notes_and_pictures_belong_to_what_lies_in_their_container(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "Kladder/x.md", text);
    stage_put(stage, "Kladder/x.md.problems.txt", "-- pressroom --\n");
    stage_put(stage, "Kladder/gone.md.problems.txt", "-- pressroom --\n");
    stage_put(stage, "Kladder/y.md", text);
    stage_put(stage, "Kladder/y.yaml", "title: Y\n");
    stage_put(stage, "y.md", text);
    stage_put(stage, "Kladder/bus.jpg", "x");
    struct drop_directory scan = scan_of(stage);
    const struct drop_entry *entry = drop_directory_find(&scan, "Kladder/x.md");
    assert_true(entry->has_note);
    assert_string_equal(entry->note, "Kladder/x.md.problems.txt");
    assert_int_equal(scan.orphan_note_count, 1);
    assert_string_equal(scan.orphan_notes[0], "Kladder/gone.md.problems.txt");
    assert_string_equal(drop_directory_find(&scan, "Kladder/y.md")->sidecar, "Kladder/y.yaml");
    assert_null(drop_directory_find(&scan, "y.md")->sidecar);
    assert_int_equal(scan.other_count, 1);
    assert_string_equal(scan.other_files[0].name, "Kladder/bus.jpg");
}

/* Holds I1. */
static void a_container_that_is_a_link_is_not_followed(void **state)
{
    struct stage *stage = *state;
    char elsewhere[128];
    (void)snprintf(elsewhere, sizeof elsewhere, "%s/state", stage->path);
    stage_put(stage, "x.md", text);
    assert_int_equal(linkat(stage->releases, "x.md", stage->state, "x.md", 0), 0);
    assert_int_equal(symlinkat(elsewhere, stage->releases, "Kladder"), 0);
    struct drop_directory scan = scan_of(stage);
    assert_int_equal(scan.count, 2);
    assert_string_equal(scan.entries[0].path, "Kladder");
    assert_true(scan.entries[0].has_trouble);
    assert_string_equal(scan.entries[1].path, "x.md");
}

/* Holds I1. */
static void what_lies_in_a_container_that_cannot_be_read_is_not_gone(void **state)
{
    enum { NOBODY = 65534 };

    struct stage *stage = *state;
    bool is_root = geteuid() == 0;
    stage_put(stage, "Planlagt/x.md", text);
    assert_int_equal(fchmodat(stage->releases, "Planlagt", 0, 0), 0);
    if (is_root)
        assert_int_equal(seteuid(NOBODY), 0);
    struct drop_directory scan = scan_of(stage);
    if (is_root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(fchmodat(stage->releases, "Planlagt", 0755, 0), 0);
    assert_int_equal(scan.count, 0);
    assert_int_equal(scan.closed_count, 1);
    assert_string_equal(scan.closed[0], "Planlagt/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_systems_leave_is_passed_over, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_named_and_never_opened, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_text_is_told_by_what_it_is, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(the_end_of_a_long_file_says_what_it_is_too, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(a_pdf_alone_is_told_what_it_lacks, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(an_empty_folder_is_reported_when_nobody_fills_it,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_file_with_a_name_that_nobody_can_write_is_reported,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(containers_may_stand_in_one_of_the_other_kind, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_tells_people_of_a_place_is_not_read, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(notes_and_pictures_belong_to_what_lies_in_their_container,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_container_that_is_a_link_is_not_followed, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_lies_in_a_container_that_cannot_be_read_is_not_gone,
                                        stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
