/* What the server prints of an array that is cast as a whole, "(ARRAY['a'::character
 * varying])::text[]", it reads again as an array whose elements are cast, and prints in another way
 * from then on. With the type that the array has by itself, "(ARRAY['a'::character
 * varying]::character varying[])::text[]", it stays what it was (PostgreSQL's manual, "Array
 * Constructors": a cast right behind a constructor goes to its elements). Pure, any thread. */
#ifndef WV_ARRAY_CAST_H
#define WV_ARRAY_CAST_H

/* The text with such types added, which is the caller's own; NULL when there is nothing to add. */
char *wv_array_casts_kept(const char *text);

#endif
