public import DICOM
import JSON
import Provenance

/// Another system that can be asked for studies.
public protocol StudyPeer: Sendable {
  /// The studies that match, by date and UID.
  func studies(_ query: StudyQuery) throws -> [FoundStudy]
  /// The series of a study, by UID.
  func series(of study: String) throws -> [FoundSeries]
}

extension NetworkPeer: StudyPeer {}

extension WebPeer: StudyPeer {
  /// The studies that match, by date and UID (QIDO-RS).
  public func studies(_ query: StudyQuery) throws -> [FoundStudy] {
    let wanted = [
      ("PatientID", query.patientID), ("StudyDate", query.date), ("ModalitiesInStudy", query.modality),
      ("AccessionNumber", query.accessionNumber),
    ].filter { !$0.1.isEmpty }
    let fields = ["00081030", "00080061", "00201208"].map { ("includefield", $0) }
    return try list("/studies", wanted + fields, by: .studyInstanceUID).map { match in
      FoundStudy(
        uid: match.text(.studyInstanceUID) ?? "", patientID: match.text(.patientID), date: match.text(.studyDate),
        description: match.text(.studyDescription), modalities: match.texts(.modalitiesInStudy),
        instances: match.number(.studyInstances))
    }.sorted { ($0.date ?? "", $0.uid) < ($1.date ?? "", $1.uid) }
  }

  /// The series of a study, by UID (QIDO-RS).
  public func series(of study: String) throws -> [FoundSeries] {
    let fields = ["0008103E", "00201209"].map { ("includefield", $0) }
    return try list("/studies/\(try Self.checked(study))/series", fields, by: .seriesInstanceUID).map { match in
      FoundSeries(
        uid: match.text(.seriesInstanceUID) ?? "", modality: match.text(.modality),
        description: match.text(.seriesDescription), instances: match.number(.seriesInstances))
    }.sorted { $0.uid < $1.uid }
  }

  /// Brings a study into a folder, whole or not at all, object by object (WADO-RS); objects that came before a connection
  /// broke are not asked again.
  ///
  /// - Throws: ``StudyError`` when the system has no such study (`no-such-study`), or sends another object than was asked
  ///   for (`incomplete-study`); ``DICOMError`` when the connection breaks. Starting again goes on from what came.
  public func retrieve(_ study: String, into reception: Reception) throws -> Reception.Arrival {
    let listed = try list("/studies/\(try Self.checked(study))/instances", [], by: .sopInstanceUID)
    guard !listed.isEmpty else {
      throw StudyError(
        "no-such-study", "The other system has no study of this UID.", remedy: "Look for it with endora dicom find.",
        category: .missing)
    }
    for (n, match) in listed.enumerated() {
      let (series, instance) = (
        try Self.checked(match.text(.seriesInstanceUID) ?? ""), try Self.checked(match.text(.sopInstanceUID) ?? "")
      )
      guard !reception.holds(instance, of: study) else { continue }
      let answer = try request(
        "/studies/\(study)/series/\(series)/instances/\(instance)",
        accepting: "multipart/related; type=\"application/dicom\"; transfer-syntax=*", most: FileBytes.sizeLimit)
      for part in try Self.parts(of: answer) {
        let path = "\(reception.arriving)/\(n).arriving"
        try writeWhole(Array(part), to: path)
        _ = reception.take(path)
      }
      guard reception.holds(instance, of: study) else {
        reception.leave()
        throw StudyError(
          "incomplete-study", "The other system did not send an object that it lists.",
          remedy: "Start again: what came is kept and not asked again.", category: .inputOutput)
      }
    }
    reception.resume(study)
    return try reception.complete().first { $0.studyUID == study }
      ?? Reception.Arrival(studyUID: study, folder: "\(reception.folder)/\(study)", files: listed.count)
  }

  /// Sends files (STOW-RS), some megabytes at a time.
  ///
  /// - Returns: how many the other system took.
  public func store(_ files: [String]) throws -> Int {
    var (taken, batch, size) = (0, [[UInt8]](), 0)
    func flush() throws {
      guard !batch.isEmpty else { return }
      let body = Self.multipart(batch, boundary: "endora-\(Digest(of: batch[0]).hexadecimal.prefix(48))")
      let answer = try request("/studies", accepting: "application/dicom+json", sending: body)
      let document = try Self.json(answer)
      taken += document["00081199"]?["Value"]?.array?.count ?? 0
      (batch, size) = ([], 0)
    }
    for path in files {
      let bytes = try FileBytes(path: path).all()
      if size + bytes.count > 32 << 20 { try flush() }
      batch.append(bytes)
      size += bytes.count
    }
    try flush()
    return taken
  }

  /// All matches, page by page, each once by the UID that tells it from others.
  private func list(_ path: String, _ query: [(String, String)], by key: Tag) throws -> [Match] {
    var (found, seen): ([Match], Set<String>) = ([], [])
    while true {
      let items = query + [("limit", "1000"), ("offset", "\(found.count)")]
      let text = items.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
      let answer = try request("\(path)?\(text)", accepting: "application/dicom+json")
      guard answer.status != 204 else { return found }
      let page = (try Self.json(answer).array ?? []).map(Match.init)
      let new = page.filter { match in match.text(key).map { seen.insert($0).inserted } ?? false }
      found += new
      guard !new.isEmpty, found.count < 1_000_000 else { return found }
    }
  }

  private static func json(_ answer: Answer) throws -> JSONValue {
    do {
      return try JSONDocument(answer.body, dialect: .strict, limit: 64 << 20).value
    } catch {
      throw StudyError(
        "web-answer", "The answer of the other system is no JSON.",
        remedy: "Check that the address is a DICOMweb service.", category: .inputOutput)
    }
  }

  private static func checked(_ uid: String) throws(StudyError) -> String {
    guard !uid.isEmpty, uid.utf8.count <= 64, uid.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }) else {
      throw StudyError("no-uid", "What should be a UID is none.", remedy: "Give a UID: digits and full stops.")
    }
    return uid
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      if isPlain || "-._~".utf8.contains(byte) { return String(UnicodeScalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }
}

/// One match in DICOM's JSON (PS3.18 F.2).
private struct Match {
  let value: JSONValue

  func texts(_ tag: Tag) -> [String] {
    let digits = [tag.group, tag.element].map { part in
      let text = String(part, radix: 16, uppercase: true)
      return String(repeating: "0", count: 4 - text.count) + text
    }.joined()
    return (value[digits]?["Value"]?.array ?? []).compactMap { item in
      item.string ?? item.double.flatMap { Int(exactly: $0) }.map(String.init)
    }
  }

  func text(_ tag: Tag) -> String? { texts(tag).first { !$0.isEmpty } }

  func number(_ tag: Tag) -> Int? { text(tag).flatMap { Int($0) } }
}
