/// The tables of the archive and how older ones become today's.
enum Layout {
  /// `PRAGMA application_id`: the letters ENDO.
  static let applicationID = 0x454E_444F

  /// One script a version, in order; a database is at version n when the first n have run.
  static let migrations = [
    """
    CREATE TABLE cases (
      id INTEGER PRIMARY KEY,
      path TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      stage TEXT NOT NULL,
      digest TEXT NOT NULL,
      findings TEXT NOT NULL
    ) STRICT;
    CREATE TABLE series (
      id INTEGER PRIMARY KEY,
      case_id INTEGER NOT NULL REFERENCES cases(id) ON DELETE CASCADE,
      uid TEXT NOT NULL,
      modality TEXT,
      kind TEXT NOT NULL,
      instances INTEGER NOT NULL CHECK (instances > 0),
      UNIQUE (case_id, uid)
    ) STRICT;
    CREATE TABLE regions (
      id INTEGER PRIMARY KEY,
      case_id INTEGER NOT NULL REFERENCES cases(id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      UNIQUE (case_id, name)
    ) STRICT;
    CREATE TABLE settings (
      id INTEGER PRIMARY KEY,
      case_id INTEGER NOT NULL REFERENCES cases(id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      UNIQUE (case_id, name)
    ) STRICT;
    CREATE TABLE results (
      id INTEGER PRIMARY KEY,
      case_id INTEGER NOT NULL REFERENCES cases(id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      digest TEXT NOT NULL CHECK (length(digest) = 64),
      size INTEGER NOT NULL CHECK (size >= 0),
      UNIQUE (case_id, name)
    ) STRICT;
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      at TEXT NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,
      detail TEXT NOT NULL,
      previous TEXT NOT NULL CHECK (length(previous) = 64),
      hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
    ) STRICT;
    CREATE TRIGGER audit_rows_stay BEFORE DELETE ON audit
      BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;
    CREATE TRIGGER audit_rows_do_not_change BEFORE UPDATE ON audit
      BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
    """,
    """
    CREATE TABLE accounts (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      role TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'signer')),
      password TEXT NOT NULL
    ) STRICT;
    """,
  ]

  /// Brings a database to today's layout; refuses what is no archive and what a newer release wrote.
  ///
  /// One that is at today's layout is not written to, so that readers do not wait for writers.
  static func migrate(_ database: Database) throws {
    guard try version(of: database) < migrations.count else { return }
    try database.transaction {
      // Another process may have been faster.
      let version = try version(of: database)
      guard version < migrations.count else { return }
      for script in migrations[version...] { try database.execute(script) }
      try database.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(migrations.count);")
    }
  }

  private static func version(of database: Database) throws -> Int {
    let version = try database.run("PRAGMA user_version")[0][0].integer ?? 0
    let isEmpty = try database.run("SELECT 1 FROM sqlite_schema LIMIT 1").isEmpty
    let application = try database.run("PRAGMA application_id")[0][0].integer ?? 0
    guard application == applicationID || (isEmpty && version == 0) else {
      throw ArchiveError(
        "not-an-archive", "The database is not an archive of Endora.",
        remedy: "Name the folder that holds your cases; Endora keeps its archive there in .endora.")
    }
    guard version <= migrations.count else {
      throw ArchiveError(
        "newer-archive", "The archive has layout \(version); this release knows \(migrations.count).",
        remedy: "Use the release that wrote it, or a newer one.")
    }
    return version
  }
}
