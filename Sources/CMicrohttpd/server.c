#include "request.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/// As much of a body is wiped as a document may have.
static const size_t wiped = 64 << 10;

struct cmicrohttpd {
  struct MHD_Daemon *daemon;
  cmicrohttpd_handler handler;
  void *context;
  size_t body_limit;
  int is_port_taken;
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
  // It may have held a password.
  if (request->body != NULL) explicit_bzero(request->body, request->length < wiped ? request->length : wiped);
  free(request->body);
  free(request);
  *state = NULL;
}

/// Of what the library tells, only whether the port could not be had is of use.
static void told(void *context, const char *format, va_list arguments) {
  (void)arguments;
  struct cmicrohttpd *server = context;
  if (strstr(format, "bind") != NULL) server->is_port_taken = 1;
}

cmicrohttpd *cmicrohttpd_start(
  const cmicrohttpd_settings *settings, cmicrohttpd_handler handler, void *context, cmicrohttpd_failure *failure) {
  const int is_secure = settings->certificate != NULL && settings->key != NULL;
  *failure = is_secure ? cmicrohttpd_no_tls : cmicrohttpd_port_taken;
  if (is_secure && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) return NULL;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(settings->port)};
  struct cmicrohttpd *server = calloc(1, sizeof *server);
  if (server == NULL || inet_pton(AF_INET, settings->address, &address.sin_addr) != 1) {
    *failure = cmicrohttpd_port_taken;
    free(server);
    return NULL;
  }
  server->handler = handler;
  server->context = context;
  server->body_limit = settings->body_limit;
  struct MHD_OptionItem security[] = {
    {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)settings->certificate},
    {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)settings->key},
    {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t) "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"},
    {MHD_OPTION_END, 0, NULL}};
  server->daemon = MHD_start_daemon(
    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME | (is_secure ? MHD_USE_TLS : 0),
    settings->port, NULL, NULL, handle, server, MHD_OPTION_EXTERNAL_LOGGER, told, server, MHD_OPTION_SOCK_ADDR,
    &address, MHD_OPTION_THREAD_POOL_SIZE, settings->threads, MHD_OPTION_CONNECTION_LIMIT, settings->connections,
    MHD_OPTION_CONNECTION_TIMEOUT, settings->silence, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)64 << 10,
    MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, is_secure ? security : &security[3], MHD_OPTION_END);
  if (server->daemon == NULL) {
    if (server->is_port_taken) *failure = cmicrohttpd_port_taken;
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
