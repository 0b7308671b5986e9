#include "request.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct cmicrohttpd {
  struct MHD_Daemon *daemon;
  cmicrohttpd_handler handler;
  void *context;
  size_t body_limit;
};

/// Paths and queries stay as they were sent: what is not in a table of known paths is not found, however it is spelt.
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  return strlen(text);
}

static int append(struct cmicrohttpd_request *request, const char *data, size_t size, size_t limit) {
  if (size > limit - request->length) return 0;
  if (request->length + size > request->capacity) {
    const size_t capacity = (request->length + size) * 2;
    uint8_t *grown = realloc(request->body, capacity);
    if (grown == NULL) return 0;
    request->body = grown;
    request->capacity = capacity;
  }
  memcpy(request->body + request->length, data, size);
  request->length += size;
  return 1;
}

static enum MHD_Result handle(
  void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
  const char *data, size_t *size, void **state) {
  (void)version;
  struct cmicrohttpd *server = context;
  struct cmicrohttpd_request *request = *state;
  if (request == NULL) {
    request = calloc(1, sizeof *request);
    *state = request;
    return request == NULL ? MHD_NO : MHD_YES;
  }
  if (*size > 0) {
    if (!request->is_too_long && !append(request, data, *size, server->body_limit)) request->is_too_long = 1;
    *size = 0;
    return MHD_YES;
  }
  request->connection = connection;
  request->method = method;
  request->path = path;
  if (request->is_too_long) {
    cmicrohttpd_answer(request, 413, NULL, 0, NULL, 0);
  } else {
    server->handler(server->context, request);
  }
  if (request->response == NULL) return MHD_NO;
  const enum MHD_Result queued = MHD_queue_response(connection, request->status, request->response);
  MHD_destroy_response(request->response);
  request->response = NULL;
  return queued;
}

static void completed(
  void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why) {
  (void)context;
  (void)connection;
  (void)why;
  struct cmicrohttpd_request *request = *state;
  if (request == NULL) return;
  free(request->body);
  free(request);
  *state = NULL;
}

static void silent(void *context, const char *format, va_list arguments) {
  (void)context;
  (void)format;
  (void)arguments;
}

cmicrohttpd *cmicrohttpd_start(
  uint16_t port, unsigned threads, unsigned connections, unsigned silence, size_t body_limit,
  cmicrohttpd_handler handler, void *context) {
  struct cmicrohttpd *server = calloc(1, sizeof *server);
  if (server == NULL) return NULL;
  server->handler = handler;
  server->context = context;
  server->body_limit = body_limit;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server->daemon = MHD_start_daemon(
    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME, port, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER,
    silent, NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
    connections, MHD_OPTION_CONNECTION_TIMEOUT, silence, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)64 << 10,
    MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
  if (server->daemon == NULL) {
    free(server);
    return NULL;
  }
  return server;
}

void cmicrohttpd_stop(cmicrohttpd *server) {
  MHD_stop_daemon(server->daemon);
  free(server);
}

uint16_t cmicrohttpd_port(const cmicrohttpd *server) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == NULL ? 0 : info->port;
}

const char *cmicrohttpd_method(const cmicrohttpd_request *request) { return request->method; }

const char *cmicrohttpd_path(const cmicrohttpd_request *request) { return request->path; }

const char *cmicrohttpd_header(const cmicrohttpd_request *request, const char *name) {
  return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *cmicrohttpd_query(const cmicrohttpd_request *request, const char *name) {
  return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

const uint8_t *cmicrohttpd_body(const cmicrohttpd_request *request, size_t *length) {
  *length = request->length;
  return request->body;
}

void cmicrohttpd_answer(
  cmicrohttpd_request *request, unsigned status, const char *const *headers, size_t header_count, const uint8_t *body,
  size_t length) {
  request->status = status;
  request->response = MHD_create_response_from_buffer(length, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
  if (request->response == NULL) return;
  for (size_t i = 0; i + 1 < header_count; i += 2) {
    MHD_add_response_header(request->response, headers[i], headers[i + 1]);
  }
}
