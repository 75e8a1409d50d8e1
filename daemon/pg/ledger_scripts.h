/* The numbered scripts of ledger/, embedded at build: script i brings the ledger from version i to
 * i + 1. In each, @schema@ stands for the quoted schema of the ledger. */
#ifndef WV_LEDGER_SCRIPTS_H
#define WV_LEDGER_SCRIPTS_H

extern const char *const wv_ledger_scripts[];
extern const int wv_ledger_scripts_count;

#endif
