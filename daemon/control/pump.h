/* What comes out of the loop's mailbox: to the board, to those who watch, to those who wait. Loop
 * thread. */
#ifndef WV_PUMP_H
#define WV_PUMP_H

struct wv_desk;

/* Takes what is there, up to a bound, so that clients get their turn too. */
void wv_pump(struct wv_desk *desk);

#endif
