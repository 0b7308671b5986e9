#pragma once
// What Endora uses of libmicrohttpd: a server that hands over whole requests.
#include <stddef.h>
#include <stdint.h>

typedef struct cmicrohttpd cmicrohttpd;
typedef struct cmicrohttpd_request cmicrohttpd_request;
/// A body that is sent as it comes. Two sides hold it: who writes and the connection; the last one frees it.
typedef struct cmicrohttpd_stream cmicrohttpd_stream;

/// Answers one request; called on the server's threads. The answer is given with cmicrohttpd_answer.
typedef void (*cmicrohttpd_handler)(void *context, cmicrohttpd_request *request)
  __attribute__((swift_attr("@Sendable")));

/// Where and how to listen.
typedef struct {
  /// A numeric IPv4 address and a port; 0 for any that is free.
  const char *address;
  uint16_t port;
  unsigned threads;
  unsigned connections;
  /// Seconds after which a silent connection is closed.
  unsigned silence;
  /// A request with a longer body is answered 413 without the handler.
  size_t body_limit;
  /// PEM texts for TLS 1.2 and 1.3, both or neither; they are not needed after the start.
  const char *certificate;
  const char *key;
} cmicrohttpd_settings;

typedef enum { cmicrohttpd_port_taken = 1, cmicrohttpd_no_tls = 2 } cmicrohttpd_failure;

/// Listens and answers with `threads` threads. NULL with the reason when it cannot.
cmicrohttpd *cmicrohttpd_start(
  const cmicrohttpd_settings *settings, cmicrohttpd_handler handler, void *context, cmicrohttpd_failure *failure);
/// Waits for requests under way and ends the server.
void cmicrohttpd_stop(cmicrohttpd *server);
uint16_t cmicrohttpd_port(const cmicrohttpd *server);

const char *cmicrohttpd_method(const cmicrohttpd_request *request);
/// The path as sent, without the query and not decoded.
const char *cmicrohttpd_path(const cmicrohttpd_request *request);
/// A header or a field of the query, not decoded; NULL when it is absent.
const char *cmicrohttpd_header(const cmicrohttpd_request *request, const char *name);
const char *cmicrohttpd_query(const cmicrohttpd_request *request, const char *name);
const uint8_t *cmicrohttpd_body(const cmicrohttpd_request *request, size_t *length);

/// Gives the answer: names and values of headers in turn, then a copy of the body. Once a request.
void cmicrohttpd_answer(
  cmicrohttpd_request *request, unsigned status, const char *const *headers, size_t header_count, const uint8_t *body,
  size_t length);

/// A body without an end yet; NULL without memory.
cmicrohttpd_stream *cmicrohttpd_stream_make(void);
/// Appends to the body; 0 when nobody reads it any more.
int cmicrohttpd_stream_write(cmicrohttpd_stream *stream, const uint8_t *bytes, size_t length);
/// Ends the body after what was written.
void cmicrohttpd_stream_end(cmicrohttpd_stream *stream);
/// The writer ends the body and lets go of it.
void cmicrohttpd_stream_release(cmicrohttpd_stream *stream);
/// Gives the answer with a body that is still being written. Once a request.
void cmicrohttpd_answer_stream(
  cmicrohttpd_request *request, unsigned status, const char *const *headers, size_t header_count,
  cmicrohttpd_stream *stream);
