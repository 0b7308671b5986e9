import CSQLite

struct SQLiteFailure: Error {}

/// Changes a database behind the archive's back.
func sqlite(_ path: String, _ script: String) throws {
  var handle: OpaquePointer?
  defer { sqlite3_close_v2(handle) }
  guard sqlite3_open(path, &handle) == SQLITE_OK, sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else {
    throw SQLiteFailure()
  }
}
