/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DROP_DIRECTORY_H
#define INTAKE_DROP_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intake/problem.h"

struct arena;
struct error;
struct intake_settings;

/* Inside intake/ only: what lies in the drop directory, by names and times alone. Nothing is
 * opened but folders, no link is followed. */

/* One file as it was at the scan. */
struct drop_file {
    const char *name; /* relative to the entry's folder: "bus.jpg", "plan/bus.pdf" */
    int64_t size_bytes;
    int64_t modified_ns; /* mtime; 0, 0 for a file that is not there */
    int64_t changed_ns;  /* ctime */
    bool is_regular;
    bool is_link;
};

/* One release, or what stands where one should: a file, a folder with what is in it, or a version
 * in a folder ("folder/x.en.md"), with the same files. */
struct drop_entry {
    const char
        *path; /* "x.md", "folder/" or "folder/x.en.md", behind its containers: "Kladder/x.md"
                */
    const char *container; /* those: "Kladder/"; "": none */
    const char *folder;    /* "" or "folder/": what files[].name is relative to */
    const char *text;      /* the text's path, "x.md" or "folder/text.md"; NULL: see trouble */
    const char *sidecar;   /* path of its NAME.yaml; NULL: none */
    const char *misnamed_sidecar; /* a file whose name is nearly that of its sidecar; NULL: none.
                                     Only a scan of the whole directory finds those beside a text */
    const char *bad_name; /* a file of the folder that cannot be named in any text; NULL: none */
    const char *note;     /* where its problems are reported: */
    bool has_note;        /* something of that name is there */
    const char **orphan_notes; /* a folder's notes of texts that are not in it any more: paths */
    size_t orphan_note_count;
    struct drop_file *files; /* a folder's, sorted by name; else the text and its sidecar */
    size_t count;
    bool has_trouble; /* no text, two texts … : what the release is refused for */
    enum intake_message_id trouble;
    const char *trouble_a;
    const char *trouble_b;
    int64_t emptied_ns;   /* of a folder with nothing in it: when it was made, or emptied; else 0 */
    int64_t newest_ns;    /* the newest time of all its files */
    bool is_unstable;     /* set by debounce.c */
    bool is_queued;       /* queued to be read, by comparison.c and batch.c */
    bool is_queued_again; /* queued for the second pass */
    bool has_followed_original; /* a version that was changed with its original in this run */
};

struct drop_directory {
    struct drop_entry *entries; /* sorted by path, by bytes */
    size_t count;
    struct drop_file
        *other_files; /* files beside the texts that are no texts: pictures and the like, sorted */
    size_t other_count;
    const char **orphan_notes; /* notes whose file is gone */
    size_t orphan_note_count;
    const char **bad_names; /* names that are no UTF-8 or hold control characters */
    size_t bad_count;
    const char *
        *closed; /* containers that cannot be read: "Kladder/". What lay in them is not gone */
    size_t closed_count;
};

/* Reads the whole drop directory, containers included. ERROR_SYSTEM where it cannot be read:
 * nothing may be taken for vanished then. settings say how many files a folder may hold, and which
 * folders are containers. All in arena. */
bool drop_directory_scan(int directory, const struct intake_settings *settings, struct arena *arena,
                         struct drop_directory *result, struct error *error);

/* Scans one entry anew (its files, times and trouble), or one that was given by name. False: it
 * does not exist any more. */
bool drop_entry_scan(int directory, const char *path, const struct intake_settings *settings,
                     struct arena *arena, struct drop_entry *entry);

/* Binary search; NULL where it is not there. */
struct drop_entry *drop_directory_find(const struct drop_directory *scan, const char *path);

/* What the next scan is compared with: a hash over names, sizes and times of the entry's files
 * and, behind it, one a line, the named assets (files of a single text that the entry does not
 * list), whose sizes and times are in the hash as well. In arena. */
const char *drop_entry_stat_fingerprint(int directory, const struct drop_entry *entry,
                                        const char *const *assets, size_t asset_count,
                                        struct arena *arena);

/* Whether the entry still has that stat fingerprint, made with the assets that the fingerprint
 * names. */
bool drop_entry_has_stat_fingerprint(int directory, const struct drop_entry *entry,
                                     const char *stat_fingerprint);

#endif
