/* SPDX-License-Identifier: MIT */
#include "picture/source_type.h"

#include "base/arena.h"

#include <string.h>
#include <strings.h>

#define CODES "http://cv.iptc.org/newscodes/digitalsourcetype/"

/* The codes of the vocabulary, retired ones too. In a URI any name passes: IPTC adds some. */
static const char *const names[] = {
    "algorithmicMedia",
    "algorithmicallyEnhanced",
    "composite",
    "compositeCapture",
    "compositeSynthetic",
    "compositeWithTrainedAlgorithmicMedia",
    "computationalCapture",
    "dataDrivenMedia",
    "digitalArt",
    "digitalCapture",
    "digitalCreation",
    "humanEdits",
    "minorHumanEdits",
    "multiFrameComputationalCapture",
    "negativeFilm",
    "positiveFilm",
    "print",
    "screenCapture",
    "softwareImage",
    "trainedAlgorithmicData",
    "trainedAlgorithmicMedia",
    "virtualRecording",
};

static const char *known_name(const char *value)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(names[i], value) == 0)
            return names[i];
    return NULL;
}

static const char *name_in_uri(const char *value)
{
    enum { NAME_MAXIMUM = 60 };

    static const char *const starts[] = { CODES, "https://cv.iptc.org/newscodes/digitalsourcetype/",
                                          "digsrctype:" };
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        size_t length = strlen(starts[i]);
        if (strncasecmp(value, starts[i], length) != 0)
            continue;
        const char *name = value + length;
        size_t size = strlen(name);
        return size && size <= NAME_MAXIMUM && strspn(name, letters) == size ? name : NULL;
    }
    return NULL;
}

const char *source_type_uri(struct arena *arena, const char *value)
{
    const char *name = name_in_uri(value);
    if (!name)
        name = known_name(value);
    return name ? arena_format(arena, CODES "%s", name) : NULL;
}
