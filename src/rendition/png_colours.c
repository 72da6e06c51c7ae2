/* SPDX-License-Identifier: MIT */
#include "rendition/png_colours.h"

#include "base/string_builder.h"
#include "picture/png_chunks.h"

#include <math.h>

enum { AXES = 3, PRIMARIES = 3 };

/* As x and y of CIE 1931. */
struct point {
    double x;
    double y;
};

struct colours {
    bool is_grey;
    bool has_gamma;
    bool has_points;
    double exponent; /* from samples to light */
    struct point white;
    struct point primaries[PRIMARIES]; /* red, green, blue */
};

static const struct colours usual = { .exponent = 2.2,
                                      .white = { 0.3127, 0.3290 },
                                      .primaries = {
                                          { 0.64, 0.33 }, { 0.30, 0.60 }, { 0.15, 0.06 } } };

/* Of D50, under which profiles are written. */
static const double profile_white[AXES] = { 0.9642, 1.0, 0.8249 };

/* ---- what the file says ---- */

static struct point point_at(struct span data, size_t index)
{
    enum { NUMBER_SIZE = 4 };

    const double unit = 100000;
    return (struct point){
        (double)span_big(data, 2 * index * NUMBER_SIZE, NUMBER_SIZE) / unit,
        (double)span_big(data, (2 * index + 1) * NUMBER_SIZE, NUMBER_SIZE) / unit,
    };
}

static void read_gamma(struct span data, struct colours *colours)
{
    const double least = 0.1;
    const double most = 10;
    double gamma = point_at(data, 0).x;
    if (gamma < least || gamma > most)
        return;
    colours->has_gamma = true;
    colours->exponent = 1 / gamma;
}

static void read_points(struct span data, struct colours *colours)
{
    enum { POINTS = 1 + PRIMARIES, SIZE = 2 * POINTS * 4 };

    for (size_t i = 0; i < POINTS; i++) {
        struct point point = point_at(data, i);
        if (data.length != SIZE || point.x <= 0 || point.y <= 0 || point.x + point.y > 1)
            return;
    }
    colours->has_points = true;
    colours->white = point_at(data, 0);
    for (size_t i = 0; i < PRIMARIES; i++)
        colours->primaries[i] = point_at(data, i + 1);
}

/* False where the file has no usable gamma and primaries, or states its colours in a way that
 * counts more. */
static bool read_colours(struct span file, struct colours *colours)
{
    enum { COLOUR_TYPE = 9, HAS_COLOUR = 2 };

    struct png_chunk chunk;
    for (size_t at = 0; png_next(file, &at, &chunk) && !png_is(&chunk, "IDAT");) {
        if (!png_is_sound(&chunk))
            continue;
        if (png_is(&chunk, "sRGB") || png_is(&chunk, "iCCP") || png_is(&chunk, "cICP"))
            return false;
        if (png_is(&chunk, "IHDR"))
            colours->is_grey = !(span_byte(chunk.data, COLOUR_TYPE) & HAS_COLOUR);
        else if (png_is(&chunk, "gAMA"))
            read_gamma(chunk.data, colours);
        else if (png_is(&chunk, "cHRM"))
            read_points(chunk.data, colours);
    }
    return colours->has_gamma || colours->has_points;
}

static bool are_near(struct point one, struct point other)
{
    const double distance = 0.005;
    return fabs(one.x - other.x) < distance && fabs(one.y - other.y) < distance;
}

/* A gamma within 5 % of the usual one counts as that, as in libpng. */
static bool is_usual(const struct colours *colours)
{
    const double share = 0.05;
    bool are_usual = are_near(colours->white, usual.white);
    for (size_t i = 0; i < PRIMARIES; i++)
        are_usual = are_usual && are_near(colours->primaries[i], usual.primaries[i]);
    return fabs(colours->exponent / usual.exponent - 1) < share && (are_usual || colours->is_grey);
}

/* ---- as XYZ ---- */

struct matrix {
    double at[AXES][AXES];
};

static void multiply(const struct matrix *matrix, const double *vector, double *product)
{
    for (int row = 0; row < AXES; row++)
        product[row] = matrix->at[row][0] * vector[0] + matrix->at[row][1] * vector[1] +
                       matrix->at[row][2] * vector[2];
}

/* False where it has no inverse to speak of. */
static bool invert(const struct matrix *matrix, struct matrix *inverse)
{
    const double least = 1e-6;
    double determinant = 0;
    for (int row = 0; row < AXES; row++)
        for (int column = 0; column < AXES; column++) {
            int a = (column + 1) % AXES;
            int b = (column + 2) % AXES;
            int c = (row + 1) % AXES;
            int d = (row + 2) % AXES;
            inverse->at[row][column] = matrix->at[a][c] * matrix->at[b][d] -
                                       matrix->at[a][d] * matrix->at[b][c];
        }
    for (int i = 0; i < AXES; i++)
        determinant += matrix->at[0][i] * inverse->at[i][0];
    if (fabs(determinant) < least)
        return false;
    for (int row = 0; row < AXES; row++)
        for (int column = 0; column < AXES; column++)
            inverse->at[row][column] /= determinant;
    return true;
}

static void put_xyz(struct point point, double *xyz)
{
    xyz[0] = point.x / point.y;
    xyz[1] = 1;
    xyz[2] = (1 - point.x - point.y) / point.y;
}

/* Adapts the colorants from the file's white to that of the profile (Bradford's method, ICC.1:2022,
 * annex E). */
static void adapt(const double *white, double colorants[PRIMARIES][AXES])
{
    static const struct matrix cones = {
        { { 0.8951, 0.2664, -0.1614 }, { -0.7502, 1.7135, 0.0367 }, { 0.0389, -0.0685, 1.0296 } }
    };
    struct matrix back;
    double from[AXES];
    double to[AXES];
    double seen[AXES];
    (void)invert(&cones, &back);
    multiply(&cones, white, from);
    multiply(&cones, profile_white, to);
    for (int i = 0; i < PRIMARIES; i++) {
        multiply(&cones, colorants[i], seen);
        for (int axis = 0; axis < AXES; axis++)
            seen[axis] *= to[axis] / from[axis];
        multiply(&back, seen, colorants[i]);
    }
}

/* How much of each primary makes white, under the profile's white. */
static bool find_colorants(const struct colours *colours, double colorants[PRIMARIES][AXES])
{
    struct matrix columns;
    struct matrix inverse;
    double white[AXES];
    double shares[PRIMARIES];
    put_xyz(colours->white, white);
    for (int i = 0; i < PRIMARIES; i++) {
        put_xyz(colours->primaries[i], colorants[i]);
        for (int axis = 0; axis < AXES; axis++)
            columns.at[axis][i] = colorants[i][axis];
    }
    if (!invert(&columns, &inverse))
        return false;
    multiply(&inverse, white, shares);
    for (int i = 0; i < PRIMARIES; i++) {
        if (shares[i] <= 0)
            return false;
        for (int axis = 0; axis < AXES; axis++)
            colorants[i][axis] *= shares[i];
    }
    adapt(white, colorants);
    return true;
}

/* ---- the profile (ICC.1:2001-04) ---- */

enum { HEAD_SIZE = 128, ENTRY_SIZE = 12, XYZ_SIZE = 20, CURVE_SIZE = 14 + 2 /* filled up */ };

static void append_big(struct string_builder *out, uint32_t number, int bytes)
{
    while (bytes-- > 0)
        string_builder_append_character(out, (char)(number >> 8 * bytes & 0xFF));
}

static void append_word(struct string_builder *out, const char *word)
{
    string_builder_append_bytes(out, word, 4);
}

static void append_zeros(struct string_builder *out, size_t count)
{
    while (count-- > 0)
        string_builder_append_character(out, '\0');
}

static void append_numbers(struct string_builder *out, const double *xyz)
{
    const double unit = 65536;
    for (int axis = 0; axis < AXES; axis++)
        append_big(out, (uint32_t)(int32_t)lround(xyz[axis] * unit), 4);
}

static void append_xyz(struct string_builder *out, const double *xyz)
{
    append_word(out, "XYZ ");
    append_zeros(out, 4);
    append_numbers(out, xyz);
}

static void append_curve(struct string_builder *out, double exponent)
{
    const double unit = 256;
    append_word(out, "curv");
    append_zeros(out, 4);
    append_big(out, 1, 4);
    append_big(out, (uint32_t)lround(exponent * unit), 2);
    append_zeros(out, 2);
}

static void append_head(struct string_builder *out, const char *space, size_t size)
{
    enum { VERSION = 0x02400000, BEFORE_SIGNATURE = 36, BEFORE_WHITE = 68 };

    append_big(out, (uint32_t)size, 4);
    append_zeros(out, 4);
    append_big(out, VERSION, 4);
    append_word(out, "mntr");
    append_word(out, space);
    append_word(out, "XYZ ");
    append_zeros(out, BEFORE_SIGNATURE - 24);
    append_word(out, "acsp");
    append_zeros(out, BEFORE_WHITE - BEFORE_SIGNATURE - 4);
    append_numbers(out, profile_white);
    append_zeros(out, HEAD_SIZE - BEFORE_WHITE - XYZ_SIZE + 8);
}

static void append_entry(struct string_builder *out, const char *name, size_t at, size_t size)
{
    append_word(out, name);
    append_big(out, (uint32_t)at, 4);
    append_big(out, (uint32_t)size, 4);
}

static void append_grey(struct string_builder *out, double exponent)
{
    enum { TAGS = 2, DATA = HEAD_SIZE + 4 + TAGS * ENTRY_SIZE };

    append_head(out, "GRAY", DATA + XYZ_SIZE + CURVE_SIZE);
    append_big(out, TAGS, 4);
    append_entry(out, "wtpt", DATA, XYZ_SIZE);
    append_entry(out, "kTRC", DATA + XYZ_SIZE, CURVE_SIZE);
    append_xyz(out, profile_white);
    append_curve(out, exponent);
}

/* All three colours have one curve. */
static void append_rgb(struct string_builder *out, double exponent,
                       double colorants[PRIMARIES][AXES])
{
    enum { TAGS = 7, DATA = HEAD_SIZE + 4 + TAGS * ENTRY_SIZE, CURVE = DATA + 4 * XYZ_SIZE };

    static const char *const points[] = { "rXYZ", "gXYZ", "bXYZ" };
    static const char *const curves[] = { "rTRC", "gTRC", "bTRC" };
    append_head(out, "RGB ", CURVE + CURVE_SIZE);
    append_big(out, TAGS, 4);
    append_entry(out, "wtpt", DATA, XYZ_SIZE);
    for (size_t i = 0; i < PRIMARIES; i++)
        append_entry(out, points[i], DATA + (i + 1) * XYZ_SIZE, XYZ_SIZE);
    for (size_t i = 0; i < PRIMARIES; i++)
        append_entry(out, curves[i], CURVE, CURVE_SIZE);
    append_xyz(out, profile_white);
    for (size_t i = 0; i < PRIMARIES; i++)
        append_xyz(out, colorants[i]);
    append_curve(out, exponent);
}

bool png_colours_append(const void *bytes, size_t length, struct string_builder *profile)
{
    struct colours colours = usual;
    double colorants[PRIMARIES][AXES];
    if (!read_colours((struct span){ .bytes = bytes, .length = length }, &colours) ||
        is_usual(&colours))
        return false;
    if (colours.is_grey)
        append_grey(profile, colours.exponent);
    else if (find_colorants(&colours, colorants))
        append_rgb(profile, colours.exponent, colorants);
    else
        return false;
    return true;
}
