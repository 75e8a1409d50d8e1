/* What the pure core costs by itself: loads version directories, plans from nothing to all heads
 * and back, and prints the milliseconds of each and the peak of memory, in one line that run(1)
 * reads. Usage: bench_core DIRECTORY... */
#include <stdio.h>

#include "clock.h"
#include "plan.h"
#include "project.h"

static bool plan(const struct wv_graph *graph, bool up, int64_t *took_us, struct wv_err *err)
{
    struct wv_strlist rows WV_AUTOSTRLIST = {0};
    struct wv_strlist targets WV_AUTOSTRLIST = {0};
    struct wv_span heads = wv_graph_real_heads(graph);
    for (size_t i = 0; !up && i < heads.count; i++)
        wv_strlist_add(&rows, wv_graph_id(graph, heads.items[i]));
    wv_strlist_add(&targets, up ? "heads" : "base");
    struct wv_plan_request request = {
        .kind = up ? WV_PLAN_UPGRADE : WV_PLAN_DOWNGRADE, .current = &rows, .targets = &targets};
    int64_t began = wv_clock_us();
    struct wv_plan made = {0};
    if (!wv_plan_make(graph, &request, &made, err))
        return false;
    *took_us = wv_clock_us() - began;
    bool whole = made.count == wv_graph_count(graph);
    wv_plan_free(&made);
    return whole || wv_err_set(err, WV_INTERNAL, "the plan has not all steps");
}

/* getrusage(2) would tell the peak of whoever started us. */
static long peak_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, "VmHWM: %ld", &kb) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kb;
}

static bool measure(const struct wv_strlist *dirs, struct wv_err *err)
{
    int64_t began = wv_clock_us();
    struct wv_project *project = wv_project_load(dirs, NULL);
    int64_t load_us = wv_clock_us() - began;
    began = wv_clock_us();
    struct wv_project *again = wv_project_load(dirs, project);
    int64_t reload_us = wv_clock_us() - began;
    int64_t up_us = 0;
    int64_t down_us = 0;
    bool done = wv_project_check(project, err) && plan(project->graph, true, &up_us, err) &&
                plan(project->graph, false, &down_us, err);
    if (done)
        printf("revisions %zu load %.3f reload %.3f up %.3f down %.3f peak_kb %ld\n",
               project->count, (double)load_us / 1000, (double)reload_us / 1000,
               (double)up_us / 1000, (double)down_us / 1000, peak_kb());
    wv_project_unref(again);
    wv_project_unref(project);
    return done;
}

int main(int argc, char **argv)
{
    struct wv_strlist dirs WV_AUTOSTRLIST = {0};
    struct wv_err err WV_AUTOERR = {0};
    for (int i = 1; i < argc; i++)
        wv_strlist_add(&dirs, argv[i]);
    if (measure(&dirs, &err))
        return 0;
    fprintf(stderr, "bench_core: %s\n", err.message);
    return 1;
}
