public import CommandLine
import Studies
public import Workbench

private let peer = Option<PeerAddress?>("peer", "The other system, TITLE@HOST:PORT.")
private let web = Option<String?>("web", "The other system's DICOMweb service, such as https://pacs/dicom-web.")
private let token = Option<FilePath?>("token", "A file with the token that the service wants.")
private let login = Option<FilePath?>("login", "A file with user:password, where the service wants those.")
private let title = Option("title", "Our application entity title.", default: "ENDORA")
private let secure = Flag("tls", "Secure the connection.")
private let trusted = Option<FilePath?>("trusted", "The certificates (PEM) of those whom we believe.")
private let certificate = Option<FilePath?>("certificate", "Our certificate (PEM).")
private let key = Option<FilePath?>("key", "The key of our certificate (PEM).")
private let patient = Option("patient", "The Patient ID.", default: "")
private let date = Option("date", "The study's date, such as 20261103.", default: "")
private let modality = Option("modality", "A modality of the study, such as PT.", default: "")
private let accession = Option("accession", "The Accession Number.", default: "")
private let study = Option<String?>("study", "List the series of this study.")
private let wanted = Argument<String>("study", "The Study Instance UID.")
private let target = Argument<FolderPath>("folder", "The folder into which studies come.")
private let movePort = Option<Int?>("move-port", "Let the other system send to this port of ours (C-MOVE).")
private let paths = Rest<FolderPath>("path", "DICOM files, or folders with them.", required: true)
private let port = Option("port", "The port to listen on.", default: 11112)
private let once = Flag("once", "End after the first sender.")
private let own: [any Parameter] = [title, secure, trusted, certificate, key]

private func ownSide(_ arguments: ParsedArguments) throws -> OwnSide {
  OwnSide(
    title: try arguments[title], isSecure: try arguments[secure], trusted: try arguments[trusted]?.path,
    certificate: try arguments[certificate]?.path, key: try arguments[key]?.path)
}

private func chosen(_ arguments: ParsedArguments) throws -> PeerChoice {
  switch (try arguments[peer], try arguments[web]) {
  case (let address?, nil): return .entity(address)
  case (nil, let url?):
    return
      try .web(url: url, tokenFile: arguments[token]?.path, loginFile: arguments[login]?.path)
  default: throw PeerChoice.ambiguous
  }
}

let exchangeCommands = [
  Command(
    "find", "The studies of another system.", example: "endora dicom find --peer PACS@10.0.0.5:104 --modality PT",
    takes: [peer, web, token, login, patient, date, modality, accession, study] + own + [json]
  ) { arguments in
    var query = StudyQuery()
    query.patientID = try arguments[patient]
    query.date = try arguments[date]
    query.modality = try arguments[modality]
    query.accessionNumber = try arguments[accession]
    let found = try Exchange.find(
      at: chosen(arguments), ownSide(arguments), query, study: arguments[study])
    try show(found.document, as: arguments, text: found.summary)
  },
  Command(
    "retrieve", "Bring a study from another system, whole or not at all.",
    example: "endora dicom retrieve 1.2.840.113619.2.5 imaging --peer PACS@10.0.0.5:104",
    takes: [wanted, target, peer, web, token, login, movePort] + own + [json]
  ) { arguments in
    let arrival = try Exchange.retrieve(
      arguments[wanted], from: chosen(arguments), ownSide(arguments), to: arguments[target].path,
      movePort: arguments[movePort])
    try show(arrival.document, as: arguments, text: arrival.summary)
  },
  Command(
    "send", "Send files to another system.", example: "endora dicom send --peer PACS@10.0.0.5:104 export",
    takes: [peer, web, token, login] + own + [json, paths]
  ) { arguments in
    let sent = try Exchange.send(
      arguments[paths].map(\.path), to: chosen(arguments), ownSide(arguments))
    try show(sent.document, as: arguments, text: sent.summary)
  },
  Command(
    "receive", "Take studies that others send, each whole or not at all.",
    example: "endora dicom receive imaging --port 11112", takes: [target, port, once] + own + [json]
  ) { arguments in
    let isJSON = try arguments[json]
    try Exchange.receive(
      into: arguments[target].path, port: arguments[port], ownSide(arguments), once: arguments[once]
    ) { document, line in
      let text = isJSON ? (try? document.text()).map { $0 + "\n" } ?? "" : line
      try? OutputStream.standardOutput.write(text)
    }
  },
]

extension PeerAddress: ArgumentValue {
  public init?(argument: String) { self.init(argument) }
  public var argument: String { text }
  public static var valueName: String? { "TITLE@HOST:PORT" }
  public static var kind: String { "a system, TITLE@HOST:PORT" }
  public static var completion: Completion { .nothing }
}
