import CSQLite

/// A connection to an SQLite database, for one thread at a time.
final class Database {
  /// A value of a column.
  enum Value: Hashable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)

    var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    var real: Double? { if case .real(let value) = self { value } else { integer.map(Double.init) } }
    var text: String? { if case .text(let value) = self { value } else { nil } }
  }

  private let handle: OpaquePointer
  private var prepared: [String: OpaquePointer] = [:]

  /// Opens a database file; another process that writes is waited for, half a minute at most.
  init(path: String, isReadOnly: Bool = false, creates: Bool = false) throws(ArchiveError) {
    let access = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
    let flags = access | (creates ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOMUTEX
    var handle: OpaquePointer?
    let status = sqlite3_open_v2(path, &handle, flags, nil)
    guard status == SQLITE_OK, let handle else {
      sqlite3_close_v2(handle)
      throw Self.error(status)
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, 30_000)
  }

  deinit {
    for statement in prepared.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Runs a statement and gives the rows it returns.
  @discardableResult
  func run(_ sql: String, _ values: [Value] = []) throws(ArchiveError) -> [[Value]] {
    let statement = try statement(sql)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() {
      let place = Int32(index + 1)
      switch value {
      case .null: sqlite3_bind_null(statement, place)
      case .integer(let number): sqlite3_bind_int64(statement, place, Int64(number))
      case .real(let number): sqlite3_bind_double(statement, place, number)
      case .text(let text): _ = csqlite_bind_text(statement, place, text, Int32(text.utf8.count))
      }
    }
    var rows: [[Value]] = []
    while true {
      let status = sqlite3_step(statement)
      guard status == SQLITE_ROW else {
        guard status == SQLITE_DONE else { throw error() }
        return rows
      }
      rows.append((0..<sqlite3_column_count(statement)).map { Self.column($0, of: statement) })
    }
  }

  /// Runs several statements that return nothing.
  func execute(_ script: String) throws(ArchiveError) {
    guard sqlite3_exec(handle, script, nil, nil, nil) == SQLITE_OK else { throw error() }
  }

  /// Makes all changes of a piece of work or none of them.
  func transaction<T>(_ work: () throws -> T) throws -> T {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try work()
      try run("COMMIT")
      return result
    } catch {
      _ = try? run("ROLLBACK")
      throw error
    }
  }

  /// The row that was inserted last.
  var lastInserted: Int { Int(sqlite3_last_insert_rowid(handle)) }

  private func statement(_ sql: String) throws(ArchiveError) -> OpaquePointer {
    if let known = prepared[sql] { return known }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else { throw error() }
    prepared[sql] = statement
    return statement
  }

  private static func column(_ index: Int32, of statement: OpaquePointer) -> Value {
    switch sqlite3_column_type(statement, index) {
    case SQLITE_INTEGER: .integer(Int(sqlite3_column_int64(statement, index)))
    case SQLITE_FLOAT: .real(sqlite3_column_double(statement, index))
    case SQLITE_TEXT: .text(sqlite3_column_text(statement, index).map { String(cString: $0) } ?? "")
    default: .null
    }
  }

  private func error() -> ArchiveError { Self.error(sqlite3_extended_errcode(handle)) }

  private static func error(_ status: Int32) -> ArchiveError {
    let text = String(cString: sqlite3_errstr(status))
    switch status & 0xFF {
    case SQLITE_NOTADB, SQLITE_CORRUPT, SQLITE_FORMAT:
      return ArchiveError(
        "damaged-archive", "The archive's database is damaged (\(text)).",
        remedy: "Restore the last backup, then index the folder again; the case folders hold the truth.")
    case SQLITE_CONSTRAINT:
      return ArchiveError(
        "archive-constraint", "The archive does not allow the change (\(text)).",
        remedy: "Report this: it is a fault of Endora.", category: .internalFault)
    case SQLITE_BUSY, SQLITE_LOCKED:
      return ArchiveError(
        "archive-busy", "Another process has been writing to the archive for half a minute.",
        remedy: "Try again when it has finished.", category: .inputOutput)
    default:
      return ArchiveError(
        "archive-not-written", "The archive's database cannot be used (\(text)).",
        remedy: "Free space or check the permissions of the folder; what was acknowledged before is kept.",
        category: .inputOutput)
    }
  }
}
