/* What an event or a result of the migrator means for the state of a job; for board.c alone. */
#ifndef WV_BOARD_MOVE_H
#define WV_BOARD_MOVE_H

#include "board.h"

void wv_board_move_event(struct wv_board_job *job, enum wv_job_event_kind kind);
void wv_board_move_result(struct wv_board_job *job, const struct wv_job_result *result);

#endif
