/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_PICTURE_RECORD_H
#define PUBLISH_PICTURE_RECORD_H

#include "base/hash.h"
#include "publish/picture.h"

#include <stdbool.h>

struct arena;
struct database;
struct error;

/* Inside publish/ only: what became of a picture, for all releases that have its bytes. */
struct picture_record {
    struct hash key; /* picture_key() */
    int recipe;      /* by which the renditions were made; 0: it was never made */
    struct picture_rendition renditions[PICTURE_SIZES];
    int failed_recipe; /* by which it could not be made; 0: none */
    enum picture_trouble trouble;
};

/* Those of the database, and new ones until they are stored there. */
struct picture_records;
struct picture_records *picture_records_new(struct arena *arena, struct database *database);

/* One that knows nothing but its key where there is none. False: the database failed. */
bool picture_records_find(const struct picture_records *records, const struct hash *key,
                          struct picture_record *record, struct error *error)
    __attribute__((warn_unused_result));

/* Puts it in place of what was known. */
void picture_records_put(struct picture_records *records, const struct picture_record *record);

/* Inside a transaction. */
bool picture_records_store(const struct picture_records *records, struct error *error);

#endif
