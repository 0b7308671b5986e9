import CDCMTK

/// Takes objects that others send (C-STORE), one sender at a time.
public struct StorageListener: Sendable {
  /// The port on which it listens.
  public let port: UInt16
  /// Its application entity title.
  public let title: String
  /// How connections are secured; `nil` where they are not.
  public let security: NetworkSecurity?

  /// - Throws: ``DICOMError`` for a title that is none, and for security without a certificate and its key.
  public init(port: UInt16, title: String, security: NetworkSecurity? = nil) throws(DICOMError) {
    try NetworkPeer.check(title)
    guard security == nil || security?.certificate != nil && security?.key != nil else {
      throw DICOMError(
        "missing-certificate", "A secure listener needs a certificate and its key.",
        remedy: "Name both files.", category: .usage)
    }
    (self.port, self.title, self.security) = (port, title, security)
  }

  /// Listens until `goesOn` is false, which is asked every second and after each sender.
  ///
  /// - Parameters:
  ///   - folder: where objects are written as they come.
  ///   - received: takes a complete file away; false when it is not kept, which the sender is told.
  ///   - ended: a sender is done: orderly, or because the connection broke.
  public func run(
    folder: String, received: @escaping (String) -> Bool, ended: @escaping (Bool) -> Void,
    goesOn: @escaping () -> Bool
  ) throws(DICOMError) {
    let calls = Box((received: received, ended: ended, goesOn: goesOn))
    var message = [CChar](repeating: 0, count: 512)
    let isDone = security.withCStrings { security in
      var security = security
      return cdcmtk_receive(
        port, title, &security, folder,
        { context, path in Self.calls(context).value.received(String(cString: path!)) },
        { context, isOrderly in Self.calls(context).value.ended(isOrderly) },
        { context in Self.calls(context).value.goesOn() },
        Unmanaged.passUnretained(calls).toOpaque(), &message, message.count)
    }
    withExtendedLifetime(calls) {}
    guard isDone else { throw NetworkPeer.failed("Listening on port \(port)", text(message)) }
  }

  private typealias Calls = (received: (String) -> Bool, ended: (Bool) -> Void, goesOn: () -> Bool)

  private static func calls(_ context: UnsafeMutableRawPointer?) -> Box<Calls> {
    Unmanaged<Box<Calls>>.fromOpaque(context!).takeUnretainedValue()
  }
}
