import Dispatch
import Glibc
public import HTTP
public import Quantities
import Synchronization

/// The app and its server, from start to a signal that ends them.
public enum ServedApplication {
  /// Serves until the process is told to end (SIGINT, SIGTERM), then finishes requests under way.
  ///
  /// - Parameter started: gets the address to open, which holds the token of this start where nobody signs in.
  public static func run(
    folder: String, at doorway: Doorway, actor: String, clock: @escaping @Sendable () -> Timestamp,
    started: (String) throws -> Void
  ) throws {
    let running = try start(folder: folder, at: doorway, actor: actor, clock: clock)
    try started(running.address)
    let ended = DispatchSemaphore(value: 0)
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { ended.signal() }
      source.resume()
      return source
    }
    ended.wait()
    running.server.stop()
    sources.forEach { $0.cancel() }
  }

  /// Starts the app and returns; ``Server/stop()`` ends it.
  public static func start(
    folder: String, at doorway: Doorway, actor: String, clock: @escaping @Sendable () -> Timestamp
  ) throws -> (server: Server, address: String) {
    let shared = Shared()
    let server = try Server(
      address: doorway.address, port: doorway.port, identity: doorway.identity, fields: WebApplication.fields
    ) { request in
      shared.application.withLock { $0 }?.response(to: request) ?? Response(503, text: "Endora is starting.")
    }
    do {
      let gate = try doorway.gate(port: server.port, folder: folder)
      let made = try WebApplication(folder: folder, actor: actor, gate: gate, clock: clock)
      shared.application.withLock { $0 = made }
      return (server, gate.address)
    } catch {
      server.stop()
      throw error
    }
  }

  /// The app needs the port, which the server has only once it answers.
  private final class Shared: Sendable {
    let application = Mutex<WebApplication?>(nil)
  }
}
