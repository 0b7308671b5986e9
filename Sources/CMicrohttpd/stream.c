#include "request.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct cmicrohttpd_stream {
  pthread_mutex_t lock;
  uint8_t *waiting;
  size_t length;
  size_t capacity;
  struct MHD_Connection *connection;
  int is_suspended;
  int is_ended;
  int is_read;
  int holders;
};

cmicrohttpd_stream *cmicrohttpd_stream_make(void) {
  cmicrohttpd_stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) return NULL;
  if (pthread_mutex_init(&stream->lock, NULL) != 0) {
    free(stream);
    return NULL;
  }
  stream->holders = 1;
  stream->is_read = 1;
  return stream;
}

/// With the lock held.
static void wake(cmicrohttpd_stream *stream) {
  if (!stream->is_suspended) return;
  stream->is_suspended = 0;
  MHD_resume_connection(stream->connection);
}

/// Unlocks; the last holder frees.
static void release(cmicrohttpd_stream *stream) {
  const int holders = --stream->holders;
  pthread_mutex_unlock(&stream->lock);
  if (holders > 0) return;
  pthread_mutex_destroy(&stream->lock);
  free(stream->waiting);
  free(stream);
}

int cmicrohttpd_stream_write(cmicrohttpd_stream *stream, const uint8_t *bytes, size_t length) {
  pthread_mutex_lock(&stream->lock);
  int taken = stream->is_read && !stream->is_ended;
  if (taken && stream->length + length > stream->capacity) {
    const size_t capacity = (stream->length + length) * 2;
    uint8_t *grown = realloc(stream->waiting, capacity);
    if (grown == NULL) {
      taken = 0;
    } else {
      stream->waiting = grown;
      stream->capacity = capacity;
    }
  }
  if (taken) {
    memcpy(stream->waiting + stream->length, bytes, length);
    stream->length += length;
    wake(stream);
  }
  pthread_mutex_unlock(&stream->lock);
  return taken;
}

void cmicrohttpd_stream_end(cmicrohttpd_stream *stream) {
  pthread_mutex_lock(&stream->lock);
  stream->is_ended = 1;
  wake(stream);
  pthread_mutex_unlock(&stream->lock);
}

void cmicrohttpd_stream_release(cmicrohttpd_stream *stream) {
  pthread_mutex_lock(&stream->lock);
  stream->is_ended = 1;
  wake(stream);
  release(stream);
}

static ssize_t read_stream(void *context, uint64_t position, char *buffer, size_t space) {
  (void)position;
  cmicrohttpd_stream *stream = context;
  pthread_mutex_lock(&stream->lock);
  ssize_t count = 0;
  if (stream->length > 0) {
    const size_t taken = stream->length < space ? stream->length : space;
    memcpy(buffer, stream->waiting, taken);
    stream->length -= taken;
    memmove(stream->waiting, stream->waiting + taken, stream->length);
    count = (ssize_t)taken;
  } else if (stream->is_ended) {
    count = MHD_CONTENT_READER_END_OF_STREAM;
  } else {
    stream->is_suspended = 1;
    MHD_suspend_connection(stream->connection);
  }
  pthread_mutex_unlock(&stream->lock);
  return count;
}

static void stream_closed(void *context) {
  cmicrohttpd_stream *stream = context;
  pthread_mutex_lock(&stream->lock);
  stream->is_read = 0;
  stream->is_suspended = 0;
  release(stream);
}

void cmicrohttpd_answer_stream(
  cmicrohttpd_request *request, unsigned status, const char *const *headers, size_t header_count,
  cmicrohttpd_stream *stream) {
  pthread_mutex_lock(&stream->lock);
  stream->connection = request->connection;
  ++stream->holders;
  pthread_mutex_unlock(&stream->lock);
  request->status = status;
  request->response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, stream, stream_closed);
  if (request->response == NULL) {
    stream_closed(stream);
    return;
  }
  for (size_t i = 0; i + 1 < header_count; i += 2) {
    MHD_add_response_header(request->response, headers[i], headers[i + 1]);
  }
}
