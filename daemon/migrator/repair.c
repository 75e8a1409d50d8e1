/* See repair.h. */
#include "repair.h"

#include "accept.h"
#include "ledger_journal.h"
#include "loose.h"

bool wv_repair_run(struct wv_story *story, struct wv_err *err)
{
    static const enum wv_ledger_repair choices[] = {
        [WV_REPAIR_DONE] = WV_LEDGER_TAKE_AS_DONE,
        [WV_REPAIR_AGAIN] = WV_LEDGER_RUN_AGAIN,
        [WV_REPAIR_ABANDON] = WV_LEDGER_ABANDON,
    };
    const struct wv_link *link = story->run->link;
    if (story->job->repair == WV_REPAIR_ACCEPT)
        return wv_accept_run(story, err);
    if (story->look.interrupted.revision == NULL) {
        wv_err_set(err, WV_NOTHING_TO_REPAIR, "no step was interrupted");
        return wv_err_hint(err, "about edited files, which `wovenctl migrate verify` lists, decide "
                                "with `--accept`");
    }
    if (story->job->repair == WV_REPAIR_NONE)
        return wv_loose_interrupted(&story->look.interrupted, err);
    return wv_ledger_journal_repair(link->ledger, link->pg, &story->ledger_job,
                                    choices[story->job->repair], story->run->wait, err);
}
