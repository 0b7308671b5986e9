import DICOM
import Foundation
public import JSON
import Provenance
public import Studies

/// Another system, and how connections to and from it are secured, as a person names them.
public struct PeerAddress: Hashable, Sendable {
  /// Its application entity title.
  public let title: String
  /// Its name or address.
  public let host: String
  /// Its port.
  public let port: UInt16

  /// Reads `TITLE@HOST:PORT`.
  public init?(_ text: String) {
    guard let at = text.firstIndex(of: "@"), let colon = text.lastIndex(of: ":"), at < colon,
      let port = UInt16(text[text.index(after: colon)...]), port > 0, at > text.startIndex,
      text.index(after: at) < colon
    else { return nil }
    title = String(text[..<at])
    host = String(text[text.index(after: at)..<colon])
    self.port = port
  }

  /// `TITLE@HOST:PORT`.
  public var text: String { "\(title)@\(host):\(port)" }
}

/// How another system is reached.
public enum PeerChoice: Hashable, Sendable {
  /// By DICOM's own network protocol.
  case entity(PeerAddress)
  /// By DICOMweb at an address, with what HTTP's Authorization says where the service wants it.
  case web(String, authorization: String?)

  /// A service with a token or a login (`user:password`) in a file, without the white space around it.
  public static func web(url: String, tokenFile: String?, loginFile: String?) throws -> PeerChoice {
    switch (tokenFile, loginFile) {
    case (nil, nil): return .web(url, authorization: nil)
    case (let path?, nil):
      let token = try secret(in: path)
      guard !token.contains(" ") else {
        throw CaseError(
          "web-token", "The file with the token holds several words.", remedy: "Put the token alone in its file.",
          category: .usage)
      }
      return .web(url, authorization: "Bearer \(token)")
    case (nil, let path?):
      let login = try secret(in: path)
      guard let colon = login.firstIndex(of: ":"), colon > login.startIndex else {
        throw CaseError(
          "web-login", "The file with the login has no user and password with a colon between them.",
          remedy: "Write user:password into it.", category: .usage)
      }
      return .web(url, authorization: "Basic \(Data(login.utf8).base64EncodedString())")
    case (_?, _?):
      throw CaseError(
        "two-logins", "A token and a login are given.", remedy: "Give the one that the service wants.", category: .usage
      )
    }
  }

  private static func secret(in path: String) throws -> String {
    guard let text = FileManager.default.contents(atPath: path).flatMap({ String(data: $0, encoding: .utf8) }) else {
      throw CaseError(
        "token-missing", "The file with the token or login cannot be read.", remedy: "Check its path.",
        category: .missing)
    }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Why one way and only one must be named.
  public static var ambiguous: CaseError {
    CaseError(
      "no-peer", "The other system is named not at all, or in two ways.",
      remedy: "Give --peer TITLE@HOST:PORT or --web URL.", category: .usage)
  }

  var text: String {
    switch self {
    case .entity(let address): address.text
    case .web(let url, _): url
    }
  }
}

/// Our own side of an exchange: title and certificates.
public struct OwnSide: Hashable, Sendable {
  let title: String
  let security: NetworkSecurity?

  /// - Parameter isSecure: whether to use TLS; certificates ask for it too.
  public init(title: String, isSecure: Bool, trusted: String?, certificate: String?, key: String?) {
    self.title = title
    let isSecure = isSecure || trusted != nil || certificate != nil || key != nil
    security = isSecure ? NetworkSecurity(trusted: trusted, certificate: certificate, key: key) : nil
  }

  func peer(_ address: PeerAddress) throws -> NetworkPeer {
    try NetworkPeer(
      host: address.host, port: address.port, title: address.title, ownTitle: title, security: security)
  }

  func peer(_ choice: PeerChoice) throws -> any StudyPeer {
    switch choice {
    case .entity(let address): try peer(address)
    case .web(let url, let authorization): try WebPeer(url: url, authorization: authorization, security: security)
    }
  }
}

/// The exchange of studies with other systems: `endora dicom find`, `retrieve`, `send` and `receive`.
public enum Exchange {
  /// The studies that match, or the series of one study.
  public static func find(
    at choice: PeerChoice, _ own: OwnSide, _ query: StudyQuery, study: String?
  ) throws -> (document: JSONValue, summary: String) {
    let peer = try own.peer(choice)
    guard let study else {
      let studies = try peer.studies(query)
      return (
        [
          "studies": .array(
            studies.map {
              [
                "uid": JSONValue($0.uid), "patientId": JSONValue($0.patientID), "date": JSONValue($0.date),
                "description": JSONValue($0.description), "modalities": .array($0.modalities.map { JSONValue($0) }),
                "instances": $0.instances.map { JSONValue($0) } ?? .null,
              ]
            })
        ],
        studies.map { study in
          [study.uid, study.date ?? "", study.modalities.joined(separator: "/"), printable(study.description ?? "")]
            .filter { !$0.isEmpty }.joined(separator: " · ") + "\n"
        }.joined()
      )
    }
    let series = try peer.series(of: study)
    return (
      [
        "series": .array(
          series.map {
            [
              "uid": JSONValue($0.uid), "modality": JSONValue($0.modality), "description": JSONValue($0.description),
              "instances": $0.instances.map { JSONValue($0) } ?? .null,
            ]
          })
      ],
      series.map { one in
        [one.uid, one.modality ?? "", printable(one.description ?? ""), one.instances.map { "\($0) objects" } ?? ""]
          .filter { !$0.isEmpty }.joined(separator: " · ") + "\n"
      }.joined()
    )
  }

  /// As ``find(at:_:_:study:)``, with what is looked for as texts; empty ones match all.
  public static func find(
    at address: PeerAddress, _ own: OwnSide, patient: String, date: String, modality: String, study: String?
  ) throws -> (document: JSONValue, summary: String) {
    var query = StudyQuery()
    (query.patientID, query.date, query.modality) = (patient, date, modality)
    return try find(at: .entity(address), own, query, study: study)
  }

  /// Brings a study into a folder.
  ///
  /// - Parameter movePort: the port on which the peer, which knows our title, reaches us; without it the study comes
  ///   over our own connection.
  public static func retrieve(
    _ study: String, from choice: PeerChoice, _ own: OwnSide, to folder: String, movePort: Int?
  ) throws -> (document: JSONValue, summary: String) {
    guard case .entity(let address) = choice else {
      guard case .web(let url, let authorization) = choice, movePort == nil else {
        throw CaseError(
          "move-port", "DICOMweb sends nothing to a port of ours.", remedy: "Leave --move-port out.", category: .usage)
      }
      let peer = try WebPeer(url: url, authorization: authorization, security: own.security)
      let arrival = try peer.retrieve(study, into: Reception(folder: folder))
      return (arrival.document, arrival.line)
    }
    let route: RetrievalRoute =
      try movePort.map { port in
        guard let port = UInt16(exactly: port), port > 0 else { throw portError(port) }
        return .move(try StorageListener(port: port, title: own.title, security: own.security))
      } ?? .get
    let arrival = try own.peer(address).retrieve(study, into: Reception(folder: folder), by: route)
    return (arrival.document, arrival.line)
  }

  /// The DICOM files below a folder; none where it is not there.
  public static func files(below folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try StudyIndex.scan(folder: folder).series.flatMap(\.files).map(\.path)
  }

  /// Sends the DICOM files below folders, and single ones.
  public static func send(
    _ paths: [String], to choice: PeerChoice, _ own: OwnSide
  ) throws -> (document: JSONValue, summary: String) {
    let files = try paths.flatMap { path in try StudyIndex.scan(folder: path).series.flatMap(\.files).map(\.path) }
    guard !files.isEmpty else {
      throw CaseError(
        "no-files", "There are no DICOM files to send.", remedy: "Name files, or folders with files.",
        category: .missing)
    }
    let sent =
      switch choice {
      case .entity(let address): try own.peer(address).send(files)
      case .web(let url, let authorization):
        try WebPeer(url: url, authorization: authorization, security: own.security).store(files)
      }
    guard sent == files.count else {
      throw CaseError(
        "not-all-sent", "\(sent) of \(files.count) files were taken by the other system.",
        remedy: "See there why it refuses the others, and send again: what it has it keeps.", category: .inputOutput)
    }
    return (["sent": JSONValue(sent)], "\(sent) files sent to \(choice.text)\n")
  }

  /// Takes studies that others send; `note` is told of each that came whole.
  ///
  /// - Parameter once: ends after the first sender that is done in order.
  public static func receive(
    into folder: String, port: Int, _ own: OwnSide, once: Bool, note: @escaping (JSONValue, String) -> Void
  ) throws {
    guard let number = UInt16(exactly: port), number > 0 else { throw portError(port) }
    let reception = try Reception(folder: folder)
    let listener = try StorageListener(port: number, title: own.title, security: own.security)
    var (isDone, failure): (Bool, (any Error)?) = (false, nil)
    try listener.run(
      folder: reception.arriving, received: { reception.take($0) },
      ended: { isOrderly in
        guard isOrderly else { return reception.leave() }
        do {
          let arrivals = try reception.complete()
          for arrival in arrivals { note(arrival.document, arrival.line) }
          isDone = isDone || once && !arrivals.isEmpty
        } catch { (isDone, failure) = (true, error) }
      }, goesOn: { !isDone })
    if let failure { throw failure }
  }

  private static func portError(_ port: Int) -> CaseError {
    CaseError("port", "\(port) is no port.", remedy: "Give a number from 1 to 65535.", category: .usage)
  }
}

extension Reception.Arrival {
  fileprivate var document: JSONValue {
    ["study": JSONValue(studyUID), "folder": JSONValue(folder), "files": JSONValue(files)]
  }

  fileprivate var line: String { "\(folder): \(files) files\n" }
}
