#pragma once
// What Endora uses of libcurl: one request over HTTP or HTTPS, without following redirections.
#include <stdbool.h>
#include <stddef.h>

/// A request. NULL for what there is none of.
typedef struct ccurl_request {
  const char *method, *url;
  const char *const *headers;
  size_t header_count;
  const void *body;
  size_t length;
  /// PEM files: whom we believe instead of the system's certificates, and who we are.
  const char *trusted, *certificate, *key;
} ccurl_request;

/// A piece of the answer; false ends the request.
typedef bool (*ccurl_chunk)(void *context, const void *bytes, size_t length);

/// Sends a request and waits for the answer. On failure gives false and a message.
bool ccurl_send(
  const ccurl_request *request, ccurl_chunk chunk, void *context, long *status, char *content_type,
  size_t type_capacity, char *message, size_t capacity);
