public import JSON
public import Provenance
import Quantities
import Radionuclides
import Studies
import Uptake

/// The PET series of a folder, each with its factor to SUV by body weight or the reason why there is none.
public struct PETListing: Sendable {
  /// One series.
  struct Entry: Sendable {
    let uid: String
    let description: String?
    let outcome: Result<QuantifiedPET, AnyRefusal>
  }

  let entries: [Entry]
  let refusedFiles: [RefusedFile]

  /// Reads all series of modality PT below a folder.
  ///
  /// A series that is refused is an entry with its reason. Files that begin like DICOM and cannot be read are refused
  /// as a whole when no series is left.
  /// - Throws: a refusal when the folder is not there or holds no PET.
  public init(folder: String, stated: StatedText = StatedText()) throws {
    let index = try StudyIndex.scan(folder: folder)
    let series = index.series.filter { $0.modality == "PT" }
    guard !series.isEmpty else {
      if let refused = index.refused.first {
        throw CaseError(
          refused.code, "\(fileName(refused.path)): \(refused.reason)", remedy: "Export the file again.")
      }
      throw CaseError(
        "no-pet", "The folder holds no PET series (modality PT).", remedy: "Name the folder of the PET study.",
        category: .missing)
    }
    refusedFiles = index.refused
    let nuclides = try NuclideTable.icrp107()
    let stated = try stated.facts()
    entries = try series.map { one in
      do {
        let pet = try QuantifiedPET(one, stated: stated, nuclides: nuclides)
        return Entry(uid: one.uid, description: one.description, outcome: .success(pet))
      } catch let refusal as any Refusal {
        return Entry(uid: one.uid, description: one.description, outcome: .failure(AnyRefusal(refusal)))
      }
    }
  }

  /// The refusal of the first series, when all are refused.
  public var refusal: (any Refusal)? {
    guard entries.allSatisfy({ if case .failure = $0.outcome { true } else { false } }),
      case .failure(let refusal)? = entries.first?.outcome
    else { return nil }
    return refusal
  }

  /// `{"series": [...]}` as the contract of `pet suv` has it, and `refusedFiles` where there are some.
  public var document: JSONValue {
    let series = entries.map { entry -> JSONValue in
      switch entry.outcome {
      case .success(let pet): pet.document
      case .failure(let refusal): ["uid": .string(entry.uid), "refused": refusal.document]
      }
    }
    var document = JSONObject([("series", JSONValue(series))])
    if !refusedFiles.isEmpty {
      document["refusedFiles"] = JSONValue(
        refusedFiles.map { file in
          ["file": .string(fileName(file.path)), "code": .string(file.code), "reason": .string(file.reason)]
        })
    }
    return .object(document)
  }

  /// A few lines a series.
  public var summary: String {
    let series = entries.map { entry in
      let name = entry.description.map { "\(printable($0)) · " } ?? ""
      switch entry.outcome {
      case .success(let pet): return "\(name)\(entry.uid)\n\(pet.summary)\n"
      case .failure(let refusal): return "\(name)\(entry.uid)\n  refused: \(refusal.reason)\n  \(refusal.remedy)\n"
      }
    }
    let files = refusedFiles.map { "\(printable(fileName($0.path))): refused: \($0.reason)\n" }
    return (series + files).joined(separator: "\n")
  }
}
