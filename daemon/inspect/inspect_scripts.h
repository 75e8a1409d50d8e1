/* The queries of sql/ and edges/, embedded at build; see fragment.h for what is marked in them. */
#ifndef WV_INSPECT_SCRIPTS_H
#define WV_INSPECT_SCRIPTS_H

extern const char *const wv_inspect_scripts[];
extern const char *const wv_inspect_scripts_names[]; /* "table", "alias", ... */
extern const int wv_inspect_scripts_count;

#endif
