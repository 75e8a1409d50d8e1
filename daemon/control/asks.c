/* Two batches: the one whose question is under way, and the one that asks next. Loop thread.
 * Refuses to know what is asked for. */
#include "asks.h"

#include <stdlib.h>

#include "clock.h"
#include "control_parts.h"

static void post(struct wv_desk *desk)
{
    struct wv_asks *asks = &desk->asks;
    if (asks->current.number != 0 || asks->next.count == 0)
        return;
    asks->current = asks->next;
    asks->next = (struct wv_question){0};
    asks->current.number = ++asks->last_number;
    asks->current.project = wv_project_ref(wv_files_fresh(desk->files));
    struct wv_message *message = wv_message_new(WV_MSG_ASK);
    message->ask.question = asks->current.number;
    message->ask.project = wv_project_ref(asks->current.project);
    message->ask.with_sql = asks->current.with_sql;
    message->ask.deadline = wv_clock_ms() + WV_LOOK_MS;
    wv_mailbox_put(desk->to_watcher, message); /* bounded: one at a time */
}

static void add(struct wv_desk *desk, struct wv_request *request, wv_ask_then *then, bool with_sql)
{
    struct wv_question *next = &desk->asks.next;
    if (request != NULL && wv_stop_refuse_questions(desk, request))
        return;
    next->with_sql = next->with_sql || with_sql;
    WV_GROW(next->items, next->count, next->capacity);
    next->items[next->count++] =
        (struct wv_ask){.request = request, .then = then, .deadline = wv_clock_ms() + WV_ASK_MS};
    post(desk);
}

void wv_ask(struct wv_desk *desk, struct wv_request *request, wv_ask_then *then)
{
    add(desk, request, then, false);
}

void wv_ask_with_sql(struct wv_desk *desk, struct wv_request *request, wv_ask_then *then)
{
    add(desk, request, then, true);
}

static void answer_all(struct wv_desk *desk, struct wv_question *question,
                       const struct wv_db_state *state)
{
    struct wv_project *project = question->project;
    if (project == NULL)
        project = wv_project_ref(wv_files_fresh(desk->files));
    for (size_t i = 0; i < question->count; i++)
        question->items[i].then(desk, question->items[i].request, project, state);
    wv_project_unref(project);
    free(question->items);
}

void wv_asks_answer(struct wv_desk *desk, uint64_t number, const struct wv_db_state *state)
{
    struct wv_question done = desk->asks.current;
    if (number != done.number)
        return;
    desk->asks.current = (struct wv_question){0};
    answer_all(desk, &done, state);
    post(desk);
}

/* Moves those whose time is over out of `question`, which keeps its place. */
static struct wv_question expired(struct wv_question *question, int64_t now)
{
    struct wv_question late = {0};
    size_t kept = 0;
    for (size_t i = 0; i < question->count; i++) {
        struct wv_ask ask = question->items[i];
        if (ask.deadline > now) {
            question->items[kept++] = ask;
            continue;
        }
        WV_GROW(late.items, late.count, late.capacity);
        late.items[late.count++] = ask;
    }
    question->count = kept;
    if (late.count > 0)
        late.project = question->project != NULL ? wv_project_ref(question->project) : NULL;
    return late;
}

void wv_asks_turn(struct wv_desk *desk, int64_t now)
{
    if (wv_asks_next(&desk->asks) > now)
        return;
    struct wv_question late = expired(&desk->asks.current, now);
    if (late.count > 0)
        answer_all(desk, &late, NULL);
    late = expired(&desk->asks.next, now);
    if (late.count > 0)
        answer_all(desk, &late, NULL);
}

/* Deadlines grow with time, so the first of a batch is the next one due. */
int64_t wv_asks_next(const struct wv_asks *asks)
{
    if (asks->current.count > 0)
        return asks->current.items[0].deadline;
    return asks->next.count > 0 ? asks->next.items[0].deadline : WV_NEVER;
}

static void question_clear(struct wv_question *question, const struct wv_err *why)
{
    for (size_t i = 0; i < question->count; i++)
        if (question->items[i].request != NULL)
            wv_request_fail(question->items[i].request, why);
    wv_project_unref(question->project);
    free(question->items);
    *question = (struct wv_question){0};
}

void wv_asks_clear(struct wv_asks *asks, const struct wv_err *why)
{
    question_clear(&asks->current, why);
    question_clear(&asks->next, why);
}
