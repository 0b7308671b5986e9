#pragma once
// What Endora uses of DCMTK's network: DICOM's message exchange (PS3.7) as user and as provider of storage.
#include "cdcmtk.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Files that secure a connection; NULL where there are none. `trust` holds the certificates that are believed.
typedef struct cdcmtk_security {
  bool is_on;
  const char *trust, *certificate, *key;
} cdcmtk_security;

/// Another system and how we call ourselves.
typedef struct cdcmtk_peer {
  const char *host;
  uint16_t port;
  const char *calling, *called;
  cdcmtk_security security;
} cdcmtk_peer;

/// A data set in explicit little endian.
typedef void (*cdcmtk_match)(void *context, const void *data_set, size_t length);
/// An object was written to a file, which the callee moves or removes; false tells the sender that it is not kept.
typedef bool (*cdcmtk_received)(void *context, const char *path);
/// A sender is done: orderly, or because the connection broke.
typedef void (*cdcmtk_ended)(void *context, bool is_orderly);
/// Whether to go on listening; asked every second and after each sender.
typedef bool (*cdcmtk_goes_on)(void *context);

/// Each of these opens an association, does its work and closes it. On failure gives false and a message.
bool cdcmtk_echo(const cdcmtk_peer *peer, char *message, size_t capacity);
bool cdcmtk_find(
  const cdcmtk_peer *peer, cdcmtk_file *query, cdcmtk_match match, void *context, char *message, size_t capacity);
/// Objects come over the same association into numbered files of `folder`.
bool cdcmtk_get(
  const cdcmtk_peer *peer, cdcmtk_file *query, const char *folder, cdcmtk_received received, void *context,
  size_t *failed, char *message, size_t capacity);
/// Objects come over another association to the system that the peer knows as `destination`.
bool cdcmtk_move(
  const cdcmtk_peer *peer, cdcmtk_file *query, const char *destination, size_t *failed, char *message,
  size_t capacity);
bool cdcmtk_send(
  const cdcmtk_peer *peer, const char *const *paths, size_t count, size_t *sent, char *message, size_t capacity);

/// Takes objects from whoever sends them, one sender at a time, until `goes_on` is false.
bool cdcmtk_receive(
  uint16_t port, const char *title, const cdcmtk_security *security, const char *folder, cdcmtk_received received,
  cdcmtk_ended ended, cdcmtk_goes_on goes_on, void *context, char *message, size_t capacity);

#ifdef __cplusplus
}
#endif
