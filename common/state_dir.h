/* Where a service, root and a user keep what has to last. Any thread; the environment must not
 * change meanwhile. */
#ifndef WV_STATE_DIR_H
#define WV_STATE_DIR_H

/* The service's own folder ($STATE_DIRECTORY, systemd.exec(5)), else /var/lib/woven for root, else
 * $XDG_STATE_HOME/woven or ~/.local/state/woven. The caller's own; absolute. */
char *wv_state_dir(void);

#endif
