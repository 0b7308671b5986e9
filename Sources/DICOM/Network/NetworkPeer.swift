import CDCMTK
import Glibc

/// Files in PEM that secure a connection by TLS (PS3.15 B.12).
public struct NetworkSecurity: Hashable, Sendable {
  /// The certificates of those whom we believe.
  public let trusted: String?
  /// Our own certificate.
  public let certificate: String?
  /// Its key.
  public let key: String?

  public init(trusted: String? = nil, certificate: String? = nil, key: String? = nil) {
    (self.trusted, self.certificate, self.key) = (trusted, certificate, key)
  }
}

/// Another system on the network, and how we call ourselves to it.
public struct NetworkPeer: Hashable, Sendable {
  /// Its name or address.
  public let host: String
  /// Its port.
  public let port: UInt16
  /// Its application entity title.
  public let title: String
  /// Ours.
  public let ownTitle: String
  /// How the connection is secured; `nil` where it is not.
  public let security: NetworkSecurity?

  /// - Throws: ``DICOMError`` for titles that are no application entity titles (PS3.5 6.2: 1 to 16 characters).
  public init(
    host: String, port: UInt16, title: String, ownTitle: String, security: NetworkSecurity? = nil
  ) throws(DICOMError) {
    for title in [title, ownTitle] { try Self.check(title) }
    (self.host, self.port, self.title, self.ownTitle, self.security) = (host, port, title, ownTitle, security)
  }

  static func check(_ title: String) throws(DICOMError) {
    guard (1...16).contains(title.utf8.count), title.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x5C }),
      title.contains(where: { $0 != " " })
    else {
      throw DICOMError(
        "entity-title", "An application entity title has not 1 to 16 plain characters.",
        remedy: "Give the title under which the system is known.", category: .usage)
    }
  }
}

extension NetworkPeer {
  /// Asks whether the peer answers (C-ECHO).
  public func echo() throws(DICOMError) {
    try call { peer, message, capacity in cdcmtk_echo(peer, message, capacity) }
  }

  /// What matches a query (C-FIND, Study Root).
  public func find(_ query: DataSetDraft) throws(DICOMError) -> [DataSet] {
    let matches = Box<[[UInt8]]>([])
    try withFile(query) { (file) throws(DICOMError) in
      try call { peer, message, capacity in
        cdcmtk_find(
          peer, file,
          { context, bytes, count in
            let matches = Unmanaged<Box<[[UInt8]]>>.fromOpaque(context!).takeUnretainedValue()
            matches.value.append([UInt8](UnsafeRawBufferPointer(start: bytes, count: count)))
          }, Unmanaged.passUnretained(matches).toOpaque(), message, capacity)
      }
    }
    return try matches.value.map { (bytes) throws(DICOMError) in
      var parser = Parser(bytes: bytes, order: .little)
      var position = 0
      return try parser.dataSet(
        from: &position, to: bytes.count, isExplicit: true, isDelimited: false, depth: 0)
    }
  }

  /// Brings what matches over this connection (C-GET) into files of a folder, each handed on as it is complete.
  ///
  /// - Parameter received: takes the file away; false when it is not kept.
  /// - Returns: how many objects failed.
  public func get(
    _ query: DataSetDraft, into folder: String, received: @escaping (String) -> Bool
  ) throws(DICOMError) -> Int {
    let taker = Box(received)
    var failed = 0
    try withFile(query) { (file) throws(DICOMError) in
      try call { peer, message, capacity in
        cdcmtk_get(
          peer, file, folder,
          { context, path in
            Unmanaged<Box<(String) -> Bool>>.fromOpaque(context!).takeUnretainedValue().value(String(cString: path!))
          }, Unmanaged.passUnretained(taker).toOpaque(), &failed, message, capacity)
      }
    }
    return failed
  }

  /// Asks the peer to send what matches to a system that it knows by a title (C-MOVE).
  ///
  /// - Returns: how many objects failed.
  public func move(_ query: DataSetDraft, to destination: String) throws(DICOMError) -> Int {
    try Self.check(destination)
    var failed = 0
    try withFile(query) { (file) throws(DICOMError) in
      try call { peer, message, capacity in
        cdcmtk_move(peer, file, destination, &failed, message, capacity)
      }
    }
    return failed
  }

  /// Sends files (C-STORE) over one connection.
  ///
  /// - Returns: how many were sent.
  public func send(_ paths: [String]) throws(DICOMError) -> Int {
    var sent = 0
    let copies = paths.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    try call { peer, message, capacity in
      copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { paths in
        cdcmtk_send(peer, paths.baseAddress, paths.count, &sent, message, capacity)
      }
    }
    return sent
  }

  private func withFile(
    _ query: DataSetDraft, _ body: (OpaquePointer) throws(DICOMError) -> Void
  ) throws(DICOMError) {
    let file = try query.made()
    defer { cdcmtk_destroy(file) }
    try body(file)
  }

  private func call(
    _ body: (UnsafePointer<cdcmtk_peer>, UnsafeMutablePointer<CChar>, Int) -> Bool
  ) throws(DICOMError) {
    var message = [CChar](repeating: 0, count: 512)
    let isDone = host.withCString { host in
      ownTitle.withCString { calling in
        title.withCString { called in
          security.withCStrings { security in
            var peer = cdcmtk_peer(host: host, port: port, calling: calling, called: called, security: security)
            return message.withUnsafeMutableBufferPointer { body(&peer, $0.baseAddress!, $0.count) }
          }
        }
      }
    }
    guard isDone else { throw Self.failed("The exchange with \(host):\(port)", text(message)) }
  }

  static func failed(_ what: String, _ why: String) -> DICOMError {
    DICOMError(
      "network", "\(what) failed: \(why.split(separator: "\n").joined(separator: " ")).",
      remedy: "Check host, port and titles, and that the other system knows this one; then start again.",
      category: .inputOutput)
  }
}

/// A value that C hands back to us.
final class Box<Value> {
  var value: Value
  init(_ value: Value) { self.value = value }
}

extension NetworkSecurity? {
  func withCStrings<R>(_ body: (cdcmtk_security) -> R) -> R {
    func with(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
      text.map { $0.withCString { body($0) } } ?? body(nil)
    }
    return with(self?.trusted) { trusted in
      with(self?.certificate) { certificate in
        with(self?.key) { key in
          body(cdcmtk_security(is_on: self != nil, trust: trusted, certificate: certificate, key: key))
        }
      }
    }
  }
}
