#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <pango/pangocairo.h>

static inline void endora_object_unref(void *object) { g_object_unref(object); }
