#pragma once
#include <zlib.h>

// Swift does not see the macro of the same purpose.
static inline int czlib_inflate_init(z_stream *stream, int window_bits) { return inflateInit2(stream, window_bits); }
