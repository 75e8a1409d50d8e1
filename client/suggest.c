/* See suggest.h. The distance counts inserted, lost, changed and swapped letters (restricted
 * Damerau-Levenshtein); words longer than the fixed table are never suggested. */
#include "suggest.h"

#include <string.h>

enum { LONGEST = 40 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t edits(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t table[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= a_length; i++)
        table[i][0] = i;
    for (size_t j = 0; j <= b_length; j++)
        table[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        for (size_t j = 1; j <= b_length; j++) {
            size_t change = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            size_t best = least(least(table[i - 1][j], table[i][j - 1]) + 1, change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = least(best, table[i - 2][j - 2] + 1);
            table[i][j] = best;
        }
    }
    return table[a_length][b_length];
}

void wv_suggest(const char *word, size_t length, const char *candidate, const char **best,
                size_t *distance)
{
    size_t other = strlen(candidate);
    if (length == 0 || length > LONGEST || other > LONGEST)
        return;
    size_t found = edits(word, length, candidate, other);
    if (length >= 3 && strncmp(word, candidate, least(length, other)) == 0)
        found = least(found, 1); /* the beginning of a word is as good as a slip */
    if (found <= (least(length, other) + 1) / 3 && found < *distance) {
        *distance = found;
        *best = candidate;
    }
}
