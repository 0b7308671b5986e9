#include "ccurl.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

struct sink {
  ccurl_chunk chunk;
  void *context;
};

static size_t take(char *bytes, size_t size, size_t count, void *data) {
  struct sink *sink = data;
  return sink->chunk(sink->context, bytes, size * count) ? size * count : 0;
}

bool ccurl_send(
  const ccurl_request *request, ccurl_chunk chunk, void *context, long *status, char *content_type,
  size_t type_capacity, char *message, size_t capacity) {
  message[0] = content_type[0] = 0;
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    snprintf(message, capacity, "libcurl cannot be started");
    return false;
  }
  CURL *curl = curl_easy_init();
  if (curl == NULL) {
    snprintf(message, capacity, "libcurl cannot be started");
    curl_global_cleanup();
    return false;
  }
  struct curl_slist *headers = NULL;
  for (size_t n = 0; n < request->header_count; n++) headers = curl_slist_append(headers, request->headers[n]);
  struct sink sink = {chunk, context};
  char error[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(curl, CURLOPT_URL, request->url);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 15L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 120L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
  if (request->body != NULL) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->length);
  }
  if (request->trusted != NULL) curl_easy_setopt(curl, CURLOPT_CAINFO, request->trusted);
  if (request->certificate != NULL) curl_easy_setopt(curl, CURLOPT_SSLCERT, request->certificate);
  if (request->key != NULL) curl_easy_setopt(curl, CURLOPT_SSLKEY, request->key);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sink);
  CURLcode code = curl_easy_perform(curl);
  char *type = NULL;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
  if (curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != NULL) {
    snprintf(content_type, type_capacity, "%s", type);
  }
  if (code != CURLE_OK) snprintf(message, capacity, "%s", error[0] ? error : curl_easy_strerror(code));
  curl_slist_free_all(headers);
  curl_easy_cleanup(curl);
  curl_global_cleanup();
  return code == CURLE_OK;
}
