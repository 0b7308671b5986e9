#pragma once
#include "cmicrohttpd.h"

#include <microhttpd.h>

struct cmicrohttpd_request {
  struct MHD_Connection *connection;
  const char *method;
  const char *path;
  uint8_t *body;
  size_t length;
  size_t capacity;
  int is_too_long;
  struct MHD_Response *response;
  unsigned status;
};
