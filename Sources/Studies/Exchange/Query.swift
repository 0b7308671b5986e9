public import DICOM

/// What a peer says of a study.
public struct FoundStudy: Hashable, Sendable {
  /// The Study Instance UID.
  public let uid: String
  /// The Patient ID.
  public let patientID: String?
  /// The date as the peer gives it.
  public let date: String?
  /// The Study Description.
  public let description: String?
  /// The modalities of its series.
  public let modalities: [String]
  /// How many objects it has, where the peer tells it.
  public let instances: Int?
}

/// What a peer says of a series.
public struct FoundSeries: Hashable, Sendable {
  /// The Series Instance UID.
  public let uid: String
  /// The modality.
  public let modality: String?
  /// The Series Description.
  public let description: String?
  /// How many objects it has, where the peer tells it.
  public let instances: Int?
}

/// What studies are looked for; what is empty matches all.
public struct StudyQuery: Hashable, Sendable {
  /// The Patient ID.
  public var patientID = ""
  /// The study's date, `YYYYMMDD`.
  public var date = ""
  /// A modality of the study.
  public var modality = ""
  /// The Accession Number.
  public var accessionNumber = ""

  public init() {}
}

extension NetworkPeer {
  /// The studies that match, by date and UID.
  public func studies(_ query: StudyQuery) throws -> [FoundStudy] {
    var draft = DataSetDraft()
    draft.put(.queryLevel, "STUDY")
    draft.put(.patientID, query.patientID)
    draft.put(.studyDate, query.date)
    draft.put(.modalitiesInStudy, query.modality)
    draft.put(.accessionNumber, query.accessionNumber)
    for tag in [Tag.studyInstanceUID, .studyDescription, .studyInstances] { draft.put(tag) }
    return try find(draft).compactMap { match in
      guard let uid = try match.uid(.studyInstanceUID) else { return nil }
      return FoundStudy(
        uid: uid, patientID: try match.string(.patientID), date: try match.string(.studyDate),
        description: try match.string(.studyDescription),
        modalities: try match.strings(.modalitiesInStudy).filter { !$0.isEmpty },
        instances: try? match.integer(.studyInstances))
    }.sorted { ($0.date ?? "", $0.uid) < ($1.date ?? "", $1.uid) }
  }

  /// The series of a study, by UID.
  public func series(of study: String) throws -> [FoundSeries] {
    var draft = DataSetDraft()
    draft.put(.queryLevel, "SERIES")
    draft.put(.studyInstanceUID, study)
    for tag in [Tag.seriesInstanceUID, .modality, .seriesDescription, .seriesInstances] { draft.put(tag) }
    return try find(draft).compactMap { match in
      guard let uid = try match.uid(.seriesInstanceUID) else { return nil }
      return FoundSeries(
        uid: uid, modality: try match.string(.modality), description: try match.string(.seriesDescription),
        instances: try? match.integer(.seriesInstances))
    }.sorted { $0.uid < $1.uid }
  }

  /// The SOP Instance UIDs of a series.
  func instances(of series: String, in study: String) throws -> [String] {
    var draft = DataSetDraft()
    draft.put(.queryLevel, "IMAGE")
    draft.put(.studyInstanceUID, study)
    draft.put(.seriesInstanceUID, series)
    draft.put(.sopInstanceUID)
    return try find(draft).compactMap { try $0.uid(.sopInstanceUID) }.sorted()
  }
}
