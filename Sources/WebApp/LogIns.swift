import Archive
import Dispatch
import HTTP
import JSON
import Provenance
import Quantities
import Synchronization

/// Who has signed in, under accounts of the archive.
final class LogIns: Sendable {
  private struct Session: Sendable {
    var account: Account
    let begun: Double
    var used: Double
    var checked: Double
  }

  private struct State: Sendable {
    var sessions: [String: Session] = [:]
    var attempts = Attempts()
  }

  /// Seconds without a request, and seconds at most, after which one signs in again.
  static let (idle, longest) = (1800.0, 43_200.0)
  /// Seconds for which an account is taken to be as it was.
  private static let trust = 2.0
  private static let most = 1000

  private let folder: String
  private let clock: @Sendable () -> Timestamp
  private let state = Mutex(State())
  /// One password at a time is compared: it takes 64 MiB, and no attempt overtakes the count of those before.
  private let comparing = DispatchSemaphore(value: 1)

  init(folder: String, clock: @escaping @Sendable () -> Timestamp) {
    (self.folder, self.clock) = (folder, clock)
  }

  private var now: Double { clock().secondsSince1970 }

  /// Signs in.
  ///
  /// - Returns: the value of the cookie.
  func begin(_ name: String, _ password: borrowing Password) throws -> (cookie: String, account: Account) {
    let archive = try Archive(folder: folder)
    let account = try compare(name, password, archive, failing: "log-in-failed")
    try archive.note(action: "log-in", subject: "", actor: account.name, at: clock().description)
    let cookie = Gate.secret()
    let now = now
    state.withLock { state in
      state.sessions = state.sessions.filter { Self.isOpen($0.value, at: now) }
      if state.sessions.count >= Self.most, let oldest = state.sessions.min(by: { $0.value.used < $1.value.used }) {
        state.sessions[oldest.key] = nil
      }
      state.sessions[cookie] = Session(account: account, begun: now, used: now, checked: now)
    }
    return (cookie, account)
  }

  /// Who has signed in with a cookie; `nil` when nobody has, it is too long ago, or the account has changed since.
  func account(_ cookie: String?) throws -> Account? {
    guard let cookie else { return nil }
    let now = now
    guard let session = state.withLock({ $0.sessions[cookie] }) else { return nil }
    var account: Account? = session.account
    let wasChecked = !(0..<Self.trust).contains(now - session.checked)
    if !Self.isOpen(session, at: now) {
      account = nil
    } else if wasChecked {
      let found = try Archive(folder: folder).account(session.account.name)
      account = found?.stamp == session.account.stamp ? found : nil
    }
    state.withLock { state in
      guard let account else { return state.sessions[cookie] = nil }
      state.sessions[cookie]?.account = account
      state.sessions[cookie]?.used = now
      if wasChecked { state.sessions[cookie]?.checked = now }
    }
    return account
  }

  private static func isOpen(_ session: Session, at now: Double) -> Bool {
    now - session.used < idle && now - session.begun < longest
  }

  /// Signs out.
  func end(_ cookie: String?) throws {
    guard let cookie, let session = state.withLock({ $0.sessions.removeValue(forKey: cookie) }) else { return }
    try Archive(folder: folder).note(
      action: "log-out", subject: "", actor: session.account.name, at: clock().description)
  }

  /// Asks somebody who has signed in for the password once more.
  func confirm(_ name: String, _ password: borrowing Password) throws {
    _ = try compare(name, password, Archive(folder: folder), failing: "confirmation-failed")
  }

  /// - Throws: `log-in-delayed` or `log-in-refused`, neither of which tells whether there is such an account.
  private func compare(
    _ name: String, _ password: borrowing Password, _ archive: Archive, failing action: String
  ) throws -> Account {
    let key = String(name.prefix(128))
    comparing.wait()
    defer { comparing.signal() }
    let asked = now
    let wait = state.withLock { $0.attempts.wait(for: key, at: asked) }
    guard wait <= 0 else { throw Self.delayed(wait) }
    let account = try archive.account(key, password)
    let ended = now
    state.withLock { account == nil ? $0.attempts.fail(key, at: ended) : $0.attempts.succeed(key) }
    guard let account else {
      // A name that is none may be a password in the wrong field: it is not kept.
      let known = try archive.account(key)?.name ?? ""
      try archive.note(action: action, subject: known, actor: "", at: clock().description)
      throw WebAppError(
        "log-in-refused", "The name or the password is wrong.",
        remedy: "Try again; whoever keeps the server can give you another password.", category: .input)
    }
    return account
  }

  private static func delayed(_ wait: Double) -> WebAppError {
    WebAppError(
      "log-in-delayed", "There were too many attempts with this name.",
      remedy: "Wait \(Int(wait.rounded(.up))) s, then try again.", category: .input)
  }
}
