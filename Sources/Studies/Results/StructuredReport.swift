import DICOM

extension ResultWriter {
  /// Writes a structured report in English by Endora as observer (PS3.3 A.35, PS3.16 TID 1204 and 1002).
  ///
  /// - Parameters:
  ///   - items: below the root, after language and observer.
  ///   - title: the concept of the root.
  ///   - others: results to which items refer.
  func writeReport(
    _ items: [ContentItem], under title: Code, template: String, sopClassUID: String, name: String,
    beside others: [WrittenResult], number: Int, to path: String
  ) throws -> WrittenResult {
    var draft = header(sopClassUID: sopClassUID, modality: "SR", name: name, number: number)
    draft.put(.referencedPerformedProcedureStep, items: [])
    draft.put(.performedProcedureCode, items: [])
    draft.put(.completionFlag, "COMPLETE")
    draft.put(.verificationFlag, "UNVERIFIED")
    draft.put(.evidence, items: [evidence(others)])
    draft.put(.valueType, "CONTAINER")
    draft.put(.conceptName, items: [title.item])
    draft.put(.continuityOfContent, "SEPARATE")
    draft.put(.contentTemplate, items: [ContentItem.template(template)])
    let context = [
      ContentItem(
        .modifier, Code("121049", "DCM", "Language of Content Item and Descendants"),
        .code(Code("en", "RFC5646", "English"))),
      ContentItem(.context, Code("121005", "DCM", "Observer Type"), .code(Code("121007", "DCM", "Device"))),
      ContentItem(.context, Code("121012", "DCM", "Device Observer UID"), .uid(uid("device", "Endora"))),
      ContentItem(.context, Code("121013", "DCM", "Device Observer Name"), .text("Endora")),
    ]
    draft.put(.content, items: (context + items).map(\.item))
    return try write(draft, kind: "structured report", name: name, sopClassUID: sopClassUID, to: path)
  }

  /// What a report rests on: the source and the results to which it refers.
  private func evidence(_ others: [WrittenResult]) -> DataSetDraft {
    var study = DataSetDraft()
    study.put(.studyInstanceUID, source.files[0].studyUID)
    var series = DataSetDraft()
    series.put(.seriesInstanceUID, source.uid)
    series.put(.referencedSOPs, items: source.files.map(Self.reference))
    let written = Dictionary(grouping: Set(others), by: \.seriesUID)
    let more = written.sorted { $0.key < $1.key }.map { uid, results in
      var series = DataSetDraft()
      series.put(.seriesInstanceUID, uid)
      series.put(.referencedSOPs, items: results.sorted { $0.sopInstanceUID < $1.sopInstanceUID }.map(\.reference))
      return series
    }
    study.put(.referencedSeriesSequence, items: [series] + more)
    return study
  }
}

extension WrittenResult {
  var reference: DataSetDraft {
    var item = DataSetDraft()
    item.put(.referencedSOPClassUID, sopClassUID)
    item.put(.referencedSOPInstanceUID, sopInstanceUID)
    return item
  }
}
