/* cmocka wants these before itself. */
#ifndef WV_CMOCKA_ALL_H
#define WV_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
