/* SPDX-License-Identifier: MIT */
/* Pictures, documents and folders, on ground that somebody else may write to. */
#include "pictures.h"

#include "intake/media_type.h"
#include "release/release.h"

#include <time.h>

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";

#define JPEG "\xFF\xD8\xFF\xE0 made up"
#define PNG "\x89PNG\r\n\x1A\n made up"
#define BOX                                                                                        \
    "\0\0\0\x18"                                                                                   \
    "ftyp"
#define PDF "%PDF-1.7 made up\n%%EOF\n"

static void media_types_are_known_by_content(void **state)
{
    static const struct {
        const char *name;
        const char *bytes;
        size_t length;
        const char *type;
        bool fits;
    } cases[] = {
        { "a.jpg", JPEG, sizeof JPEG - 1, "image/jpeg", true },
        { "a.JPEG", JPEG, sizeof JPEG - 1, "image/jpeg", true },
        { "a.png", JPEG, sizeof JPEG - 1, "image/jpeg", false },
        { "a.png", PNG, sizeof PNG - 1, "image/png", true },
        { "a.gif", "GIF89a...", 9, "image/gif", true },
        { "a.webp", "RIFF....WEBPVP8 ", 16, "image/webp", true },
        { "a.pdf", PDF, sizeof PDF - 1, "application/pdf", true },
        { "a.zip", "PK\x03\x04", 4, "application/zip", true },
        { "a.docx", "PK\x03\x04", 4,
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document", true },
        { "a.doc", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "application/msword", true },
        { "a.bin", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, NULL, false },
        { "a.mp4", BOX "mp42", 12, "video/mp4", true },
        { "a.mov", BOX "qt  ", 12, "video/quicktime", true },
        { "a.m4v", BOX "M4V ", 12, "video/mp4", true },
        { "a.m4a", BOX "M4A ", 12, "audio/mp4", true },
        { "a.mp4", BOX "nyt1", 12, "video/mp4", true }, /* a brand that nobody has heard of */
        { "a.bin", BOX "nyt1", 12, NULL, false },
        { "a.heic", BOX "heic", 12, "image/heic", true },
        { "a.HEIF", BOX "mif1\0\0\0\0heic", 20, "image/heic", true },
        { "a.mp4", BOX "heic", 12, "image/heic", false },
        { "a.avif", BOX "avif", 12, "image/avif", true },
        { "a.jpg", BOX "avif", 12, "image/avif", false },
        { "a.cr3", BOX "crx ", 12, NULL, false },
        { "a.tif", "II*\0", 4, "image/tiff", true },
        { "a.tiff", "MM\0*", 4, "image/tiff", true },
        { "a.jpg", "MM\0*", 4, "image/tiff", false },
        { "a.nef", "MM\0*", 4, NULL, false }, /* raw: others see a thumbnail in it */
        { "a.jfif", JPEG, sizeof JPEG - 1, "image/jpeg", true },
        { "a.csv", "navn;antal\nVesterhavn;3\n", 24, "text/csv", true },
        { "a.txt", "bare tekst", 10, NULL, false },
        { "a.csv", "<script>alert(1)</script>", 25, NULL, false },
        { "a.svg", "<svg xmlns='x'/>", 16, NULL, false },
        { "a.html", "<!doctype html>", 15, NULL, false },
        { "a.jpg",
          "\x7F"
          "ELF\x02",
          5, NULL, false },
        { "a.jpg", "", 0, NULL, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *type = media_type_of(cases[i].name, (const unsigned char *)cases[i].bytes,
                                         cases[i].length);
        if (cases[i].type)
            assert_string_equal(type, cases[i].type);
        else
            assert_null(type);
        if (type)
            assert_int_equal(media_type_fits_name(type, cases[i].name), cases[i].fits);
    }
}

static const struct release_asset *asset_named(const struct release *release, const char *file)
{
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        if (strcmp(asset->file, file) == 0)
            return asset;
    return NULL;
}

static void a_folder_is_one_release_with_all_that_is_in_it(void **state)
{
    struct stage *stage = *state;
    stage_write(
        stage, "huse/presse.md", "Huse",
        "images: [{file: hus.jpg, alt: Et hus}]\ndocuments: [{file: plan/a.pdf, title: A}]\n",
        text);
    stage_put_jpeg(stage, "huse/hus.jpg", "");
    stage_put_bytes(stage, "huse/mere.png", (const char *)picture_png, sizeof picture_png);
    stage_put(stage, "huse/plan/a.pdf", PDF);
    stage_put(stage, "huse/plan/b.pdf", PDF " b");
    stage_put(stage, "huse/noter.psd", "8BPS");
    assert_int_equal(stage_run(stage)->added, 1);
    const struct release *release = stage_release(stage, "huse/");
    assert_string_equal(release->assets->file, "hus.jpg");
    assert_string_equal(release->assets->next->file, "mere.png");
    assert_int_equal(asset_named(release, "mere.png")->kind, RELEASE_IMAGE);
    assert_int_equal(asset_named(release, "plan/a.pdf")->kind, RELEASE_DOCUMENT);
    assert_non_null(asset_named(release, "plan/b.pdf"));
    assert_null(asset_named(release, "noter.psd"));
    const struct release_asset *picture = asset_named(release, "hus.jpg");
    assert_string_equal(picture->media_type, "image/jpeg");
    assert_int_equal(picture->size_bytes, sizeof picture_jpeg + 4);
    struct string_builder copy;
    struct error error;
    struct stat status;
    const char *path = release_asset_path(&stage->arena, &picture->hash);
    string_builder_init(&copy, 0);
    assert_true(file_read(stage->state, path, &copy, &error));
    assert_int_equal(copy.length, sizeof picture_jpeg + 4);
    assert_memory_equal(copy.data + 6, picture_jpeg + 2, sizeof picture_jpeg - 2);
    string_builder_release(&copy);
    assert_int_equal(fstatat(stage->state, path, &status, 0), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(stage_run(stage)->unchanged, 1);
    /* Another picture under the same name is another revision. */
    stage_put_jpeg(stage, "huse/hus.jpg", "2");
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_int_equal(stage_row(stage, "huse/")->revision, 2);
}

static void files_of_a_single_text_stand_beside_it(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse.md", "Huse", "",
                "![Et hus](hus%20nord.jpg)\n\nSe [planen](plan.docx) og [tal](tal/tal.csv).\n");
    stage_put_jpeg(stage, "hus nord.jpg", "");
    stage_put_jpeg(stage, "uden for.jpg", "");
    stage_put_zip(stage, "plan.docx");
    stage_put(stage, "tal/tal.csv", "navn;antal\n");
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.refused, 0); /* plan.docx and tal/ are no releases gone wrong */
    const struct release *release = stage_release(stage, "huse.md");
    assert_string_equal(asset_named(release, "hus nord.jpg")->alt, "Et hus");
    assert_non_null(asset_named(release, "plan.docx"));
    assert_non_null(asset_named(release, "tal/tal.csv"));
    assert_null(asset_named(release, "uden for.jpg"));
    assert_int_equal(stage_run(stage)->added + stage->counts.changed + stage->counts.refused, 0);
    stage_put_jpeg(stage, "hus nord.jpg", "2");
    assert_int_equal(stage_run(stage)->changed, 1);
    stage_remove_file(stage, "hus nord.jpg");
    (void)stage_run(stage);
    stage_assert_refused(stage, "huse.md", "hus nord.jpg: filen findes ikke");
    stage_put_jpeg(stage, "hus nord.jpg", "2");
    (void)stage_run(stage);
    assert_null(stage_read(stage, "huse.md.problems.txt"));
}

static void a_name_from_a_mac_is_found(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "a.md", "Huse",
                "images: [{file: \"\xC3\x85"
                "dal.jpg\", alt: x}]\n",
                text);
    stage_put_jpeg(stage,
                   "A\xCC\x8A"
                   "dal.jpg",
                   ""); /* decomposed */
    stage_write(stage, "b/b.md", "Broer", "",
                "![Å](\xC3\x85"
                "dal.jpg)\n\nBroen er åben igen.\n");
    stage_put_jpeg(stage,
                   "b/A\xCC\x8A"
                   "dal.jpg",
                   "");
    assert_int_equal(stage_run(stage)->added, 2);
    assert_null(stage_release(stage, "b/")->assets->next);
}

static void files_that_cannot_be_used_refuse_the_release(void **state)
{
    struct stage *stage = *state;

    static const struct {
        const char *fields;
        const char *words;
    } cases[] = {
        { "images: [{file: væk.jpg, alt: x}]\n", "linje 3: væk.jpg: filen findes ikke" },
        { "images: [{file: link.jpg, alt: x}]\n", "link.jpg: er et symbolsk link" },
        { "images: [{file: ud/hus.jpg, alt: x}]\n", "ud/hus.jpg: ligger uden for" },
        { "images: [{file: ../hus.jpg, alt: x}]\n", "“../hus.jpg” er ikke en fil" },
        { "images: [{file: /etc/passwd, alt: x}]\n", "“/etc/passwd” er ikke en fil" },
        { "images: [{file: rør.jpg, alt: x}]\n", "rør.jpg: er et rør" },
        { "images: [{file: mappe.jpg, alt: x}]\n", "mappe.jpg: er en mappe og ingen fil" },
        { "images: [{file: tegning.svg, alt: x}]\n", "SVG kan indeholde programmer" },
        { "images: [{file: plan.pdf, alt: x}]\n", "er en PDF" },
        { "documents: [{file: program.exe}]\n", "er af en slags, der ikke udgives" },
        { "documents: [{file: løgn.pdf}]\n", "er i virkeligheden et JPEG-billede" },
        { "documents: [{file: stor.pdf}]\n", "stor.pdf: er større end" },
    };

    stage->settings.asset_maximum_bytes = 1000000;
    stage_put_jpeg(stage, "hus.jpg", "");
    stage_put(stage, "plan.pdf", PDF);
    stage_put(stage, "tegning.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");
    stage_put(stage, "program.exe", "MZ\x90");
    stage_put_jpeg(stage, "løgn.pdf", "");
    stage_put(stage, "stor.pdf", PDF);
    assert_int_equal(symlinkat("hus.jpg", stage->releases, "link.jpg"), 0);
    assert_int_equal(symlinkat("..", stage->releases, "ud"), 0);
    assert_int_equal(mkfifoat(stage->releases, "rør.jpg", 0644), 0);
    assert_int_equal(mkdirat(stage->releases, "mappe.jpg", 0755), 0);
    int file = openat(stage->releases, "stor.pdf", O_WRONLY | O_CLOEXEC);
    assert_int_equal(ftruncate(file, 1000001), 0);
    (void)close(file);
    (void)stage_run(stage); /* the link to a folder is reported once */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stage_write(stage, "huse.md", "Huse", cases[i].fields, text);
        (void)stage_run(stage);
        stage_assert_refused(stage, "huse.md", cases[i].words);
    }
}

static void what_is_no_folder_of_a_release(void **state)
{
    struct stage *stage = *state;
    stage_put_jpeg(stage, "tom/hus.jpg", "");
    (void)stage_run(stage);
    assert_non_null(strstr(stage_read(stage, "tom/tom.problems.txt"), "der er ingen tekst"));
    stage_write(stage, "tom/a.md", "A", "", text);
    (void)stage_run(stage);
    assert_int_equal(stage->counts.added, 1);
    assert_null(stage_read(stage, "tom/tom.problems.txt"));
    stage_write(stage, "tom/b.txt", "B", "", text);
    (void)stage_run(stage);
    assert_int_equal(stage->counts.refused, 1);
    stage_remove_file(stage, "tom/b.txt");
    stage_put(stage, "tom/andet.yaml", "embargo: 2026-06-09\n");
    (void)stage_run(stage);
    stage_assert_refused(stage, "tom/a.md", "andet.yaml hører ikke til nogen tekst");
    stage_remove_file(stage, "tom/andet.yaml");
    assert_int_equal(symlinkat("/etc/hostname", stage->releases, "tom/navn.png"), 0);
    (void)stage_run(stage);
    stage_assert_refused(stage, "tom/a.md", "navn.png: er et symbolsk link");
    stage_remove_file(stage, "tom/navn.png");
    stage->settings.folder_files_maximum = 1;
    stage_put_jpeg(stage, "tom/c.jpg", "");
    (void)stage_run(stage);
    assert_int_equal(stage->counts.refused, 1);
}

static void what_is_no_text_of_a_release(void **state)
{
    struct stage *stage = *state;
    stage_put_bytes(stage, "nul.md", "---\ntitle: x\0y\n---\n", 18);
    (void)stage_run(stage);
    stage_assert_refused(stage, "nul.md", "linje 2: er ikke en tekst");
    stage_remove_file(stage, "nul.md");
    stage_put(stage, "stor.md", "---\n");
    int file = openat(stage->releases, "stor.md", O_WRONLY | O_CLOEXEC);
    assert_int_equal(ftruncate(file, 100000000), 0);
    (void)close(file);
    (void)stage_run(stage);
    stage_assert_refused(stage, "stor.md", "er større end 2 MB");
    stage_remove_file(stage, "stor.md");
    assert_int_equal(symlinkat("/etc/hostname", stage->releases, "link.md"), 0);
    (void)stage_run(stage);
    stage_assert_refused(stage, "link.md", "er et symbolsk link");
    stage_remove_file(stage, "link.md");
    assert_int_equal(mkfifoat(stage->releases, "rør.txt", 0644), 0);
    (void)stage_run(stage);
    stage_assert_refused(stage, "rør.txt", "er et navngivet rør (FIFO)");
    stage_remove_file(stage, "rør.txt");
    stage_put_zip(stage, "presse.docx");
    (void)stage_run(stage);
    stage_assert_refused(stage, "presse.docx", "er ikke det, navnet siger (zip)");
    stage_remove_file(stage, "presse.docx");
    if (geteuid() != 0) {
        stage_write(stage, "lukket.md", "Lukket", "", text);
        assert_int_equal(fchmodat(stage->releases, "lukket.md", 0, 0), 0);
        (void)stage_run(stage);
        stage_assert_refused(stage, "lukket.md", "må ikke læses");
    }
    stage_put(stage, "b\xC3\x28.md", "x");
    assert_int_equal(stage_run(stage)->refused, 1);
}

static void a_press_services_page_may_name_what_was_not_copied(void **state)
{
    struct stage *stage = *state;
    stage_put(stage, "huse.txt",
              "Huse\n7.6.2026 08:00 CEST | Region Nordhav | Pressemeddelelse\nTekst er her.\n"
              "Billeder\nHuset i Ådal, hus.jpg\nvæk.jpg\nDokumenter\nplan.pdf\n");
    stage_put_jpeg(stage, "hus.jpg", "");
    assert_int_equal(stage_run(stage)->added, 1);
    const struct release *release = stage_release(stage, "huse.txt");
    assert_string_equal(release->assets->caption, "Huset i Ådal");
    assert_null(release->assets->next);
    stage_put(stage, "plan.pdf", PDF); /* put beside it later: taken then */
    assert_int_equal(stage_run(stage)->changed, 1);
    assert_non_null(asset_named(stage_release(stage, "huse.txt"), "plan.pdf"));
}

/* ---- files that are still being written ---- */

struct writer {
    struct stage *stage;
    int64_t now;
    int writes; /* how many more times somebody writes while we wait */
    int waits;
    const char *path;
};

static int64_t writer_now(void *payload)
{
    return ((struct writer *)payload)->now;
}

static void writer_wait(void *payload, int64_t milliseconds)
{
    struct writer *writer = payload;
    writer->now += milliseconds;
    writer->waits++;
    if (writer->writes-- <= 0)
        return;
    stage_put(writer->stage, writer->path, "---\ntitle: Huse\n---\nNu med mere tekst.\n");
    struct timespec times[2];
    times[0] = times[1] = (struct timespec){ .tv_sec = writer->now / 1000,
                                             .tv_nsec = writer->now % 1000 * 1000000 };
    (void)utimensat(writer->stage->releases, writer->path, times, 0);
}

static int64_t kernel_now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000 + 5;
}

static void a_run_waits_until_files_are_still(void **state)
{
    struct stage *stage = *state;
    struct writer writer = { .stage = stage, .path = "a.md" };
    struct intake_waiting waiting = { writer_now, writer_wait, &writer };
    stage->settings.debounce_ms = 2000;
    stage->settings.waiting = &waiting;
    stage_put(stage, "a.md", "---\ntitle: Huse\n---\nNu med tekst.\n");
    writer.now = kernel_now();
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.unstable, 0);
    assert_true(writer.waits >= 1);
    writer.waits = 0;
    assert_int_equal(stage_run(stage)->unchanged, 1);
    assert_int_equal(writer.waits, 0);
    /* One that is written to meanwhile is read when it has been still. */
    writer.writes = 1;
    stage_put(stage, "a.md", "---\ntitle: Hu");
    writer.now = kernel_now();
    assert_int_equal(stage_run(stage)->changed, 0);
    assert_int_equal(stage->counts.unstable, 1);
    assert_int_equal(stage_run(stage)->changed, 1);
}

static void restless_files_are_left_for_the_next_run(void **state)
{
    struct stage *stage = *state;
    struct writer writer = { .stage = stage, .writes = 1000, .path = "a.md" };
    struct intake_waiting waiting = { writer_now, writer_wait, &writer };
    stage->settings.debounce_ms = 2000;
    stage->settings.waiting = &waiting;
    stage_put(stage, "a.md", "---\ntitle: Hu");
    stage_write(stage, "b.md", "Broer", "", "Broen er åben.\n");
    int64_t start = writer.now = kernel_now();
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.unstable, 1);
    assert_int_equal(stage->counts.refused, 0);
    assert_in_range(writer.now - start, 0, 2100); /* b.md waits for itself alone */
    assert_null(stage_read(stage, "a.md.problems.txt"));
    writer.writes = 0;
    writer.now += 60000;
    assert_int_equal(stage_run(stage)->added, 1);
}

static void a_picture_still_being_copied_holds_its_release_back(void **state)
{
    struct stage *stage = *state;
    struct writer writer = { .stage = stage, .writes = 1000, .path = "hus.jpg" };
    struct intake_waiting waiting = { writer_now, writer_wait, &writer };
    stage->settings.debounce_ms = 2000;
    stage->settings.waiting = &waiting;
    stage_write(stage, "a.md", "Huse", "images: [{file: hus.jpg, alt: x}]\n", text);
    stage_put(stage, "hus.jpg", "\xFF\xD8");
    writer.now = kernel_now();
    assert_int_equal(stage_run(stage)->added, 0);
    assert_int_equal(stage->counts.unstable, 1);
    stage_put_jpeg(stage, "hus.jpg", "");
    writer.writes = 0;
    writer.now += 60000;
    assert_int_equal(stage_run(stage)->added, 1);
}

static void a_drop_directory_that_may_only_be_read_stops_nothing(void **state)
{
    struct stage *stage = *state;
    stage->has_foreign_notes = true;
    stage_put(stage, "a.md", "\n");
    stage_write(stage, "b.md", "Broer", "", "Broen er åben.\n");
    stage->settings.state_directory = stage->public; /* and no assets are needed */
    if (geteuid() == 0) /* who may write anywhere: a folder stands where the note would */
        assert_int_equal(mkdirat(stage->releases, "a.md.problems.txt", 0755), 0);
    else
        assert_int_equal(fchmod(stage->releases, 0555), 0);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.refused, 1);
    (void)fchmod(stage->releases, 0755);
}

static struct intake_checker checker_of(struct stage *stage)
{
    return (struct intake_checker){ &stage->settings, stage->database, &stage->clock,
                                    &stage->random };
}

static void a_check_changes_nothing(void **state)
{
    struct stage *stage = *state;
    const struct intake_checker checker = checker_of(stage);
    struct intake_check check;
    struct error error = { 0 };
    stage_write(stage, "huse/a.md", "Huse", "id: huse\ntopics: [sundhed]\n", text);
    stage_put_jpeg(stage, "huse/hus.jpg", "");
    struct intake_place place = { stage->releases, "huse", true };
    assert_true(intake_check_file(&checker, &place, &stage->arena, &check, &error));
    assert_int_equal(check.problems.refused, 0);
    assert_string_equal(check.release->assets->media_type, "image/jpeg");
    assert_string_equal(check.folder, "huse/");
    assert_null(stage_row_of(stage, "huse"));
    assert_int_equal(faccessat(stage->state, "assets", F_OK, 0), -1);
    (void)stage_run(stage);
    stage_write(stage, "en.md", "Houses", "translation_of: huse\nlanguage: en\n", text);
    place.name = "en.md";
    assert_true(intake_check_file(&checker, &place, &stage->arena, &check, &error));
    assert_string_equal(check.release->topics->name, "sundhed");
    stage_write(stage, "en.md", "Houses", "translation_of: hus\n", text);
    assert_true(intake_check_file(&checker, &place, &stage->arena, &check, &error));
    assert_int_equal(check.problems.refused, 1);
    assert_null(stage_read(stage, "en.md.problems.txt"));
    place.name = "findes-ikke.md";
    assert_true(intake_check_file(&checker, &place, &stage->arena, &check, &error));
    assert_int_equal(check.problems.refused, 1);
}

static void count_checks(const struct intake_checker *checker, int counts[2])
{
    struct error error;
    struct intake_check check;
    struct intake_check_cursor *cursor = intake_check_open(checker, &error);
    assert_non_null(cursor);
    counts[0] = counts[1] = 0;
    while (intake_check_next(cursor, &check))
        counts[check.problems.refused > 0]++;
    intake_check_close(cursor);
}

static void a_check_of_all_sees_what_a_run_would(void **state)
{
    struct stage *stage = *state;
    const struct intake_checker checker = checker_of(stage);
    int counts[2] = { 0, 0 };
    stage_write(stage, "a.md", "Huse", "documents: [{file: presse.docx}]\n", text);
    stage_put_zip(stage, "presse.docx");
    stage_put(stage, "b.md", "uden titel\n");
    count_checks(&checker, counts);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 1);
    /* an original and its version; two files with one id; a copy */
    stage_write(stage, "en.md", "Houses", "id: en\nlanguage: en\ntranslation_of: o\n",
                "Houses are built.\n");
    stage_write(stage, "o.md", "Original", "id: o\n", "Den er ny.\n");
    stage_write(stage, "o2.md", "En anden", "id: o\n", "Noget helt andet her.\n");
    stage_write(stage, "ø.md", "Original", "", "Den er ny.\n");
    count_checks(&checker, counts);
    (void)stage_run(stage);
    assert_int_equal(counts[0], stage->counts.added);
    assert_int_equal(counts[1], stage->counts.refused);
    assert_int_equal(counts[0], 3);
    assert_int_equal(counts[1], 3);
    /* and when all of them are known */
    count_checks(&checker, counts);
    assert_int_equal(counts[0], 3);
    assert_int_equal(counts[1], 3);
}

static void a_version_is_checked_with_the_original_that_lies_beside_it(void **state)
{
    struct stage *stage = *state;
    const struct intake_checker checker = checker_of(stage);
    struct intake_check check;
    struct error error = { 0 };
    stage_write(stage, "en/t.md", "Houses", "language: en\ntranslation_of: o\n", text);
    stage_write(stage, "o.md", "Original", "id: o\ntopics: [sundhed]\n", "Den er ny.\n");
    static const char *const names[] = { "en", "en/", "en/t.md" };
    for (size_t i = 0; i < 3; i++) {
        struct intake_place place = { stage->releases, names[i], true };
        assert_true(intake_check_file(&checker, &place, &stage->arena, &check, &error));
        assert_int_equal(check.problems.refused, 0);
        assert_string_equal(check.title, "Houses");
        assert_string_equal(check.folder, "en/");
        assert_string_equal(check.release->topics->name, "sundhed");
    }
    assert_null(stage_row_of(stage, "en/"));
}

int main(void)
{
#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, stage_setup_pictures, stage_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(media_types_are_known_by_content),
        STAGE_TEST(a_folder_is_one_release_with_all_that_is_in_it),
        STAGE_TEST(files_of_a_single_text_stand_beside_it),
        STAGE_TEST(a_name_from_a_mac_is_found),
        STAGE_TEST(files_that_cannot_be_used_refuse_the_release),
        STAGE_TEST(what_is_no_folder_of_a_release),
        STAGE_TEST(what_is_no_text_of_a_release),
        STAGE_TEST(a_press_services_page_may_name_what_was_not_copied),
        STAGE_TEST(a_run_waits_until_files_are_still),
        STAGE_TEST(restless_files_are_left_for_the_next_run),
        STAGE_TEST(a_picture_still_being_copied_holds_its_release_back),
        STAGE_TEST(a_drop_directory_that_may_only_be_read_stops_nothing),
        STAGE_TEST(a_check_changes_nothing),
        STAGE_TEST(a_check_of_all_sees_what_a_run_would),
        STAGE_TEST(a_version_is_checked_with_the_original_that_lies_beside_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
