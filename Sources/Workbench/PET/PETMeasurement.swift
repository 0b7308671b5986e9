public import JSON
public import Provenance
import Quantities
import Studies
import Uptake
import Volumes

/// The uptake of regions in one PET series.
public struct PETMeasurement: Sendable {
  /// What the values are normalised to.
  public enum Kind: String, CaseIterable, Sendable {
    case bw, lbmjames128, lbmjanma, bsa, ibw

    var suv: SUVKind {
      switch self {
      case .bw: .bodyWeight
      case .lbmjames128: .leanJames128
      case .lbmjanma: .leanJanmahasatian
      case .bsa: .bodySurface
      case .ibw: .idealBodyWeight
      }
    }

    var unit: String { self == .bsa ? "cm²/mL" : "g/mL" }
  }

  /// How the peak's sphere is laid: with voxels at its surface by the fraction inside or by their centre, or by the
  /// fraction with its middle anywhere between voxels.
  public enum Peak: String, CaseIterable, Sendable {
    case fractional, centre
    case subVoxel = "sub-voxel"

    var search: PeakSearch {
      switch self {
      case .fractional: .voxels(.fractional)
      case .centre: .voxels(.centre)
      case .subVoxel: .betweenVoxels
      }
    }
  }

  /// Which of a lesion's parts that hang together count: all, the one with the most voxels, the hottest.
  public enum Parts: String, CaseIterable, Sendable {
    case all, largest, hottest

    var rule: UptakeThreshold.Parts {
      switch self {
      case .all: .all
      case .largest: .largest
      case .hottest: .hottest
      }
    }
  }

  let pet: QuantifiedPET
  let kind: Kind
  let results: [(name: String, outcome: Result<(whole: RegionUptake, lesion: RegionUptake?), AnyRefusal>)]
  let threshold: ThresholdText?
  let findings: [Finding]

  /// Measures every region of a file.
  ///
  /// - Parameters:
  ///   - regions: the path of an RTSTRUCT or of a JSON5 file.
  ///   - series: the Series Instance UID; needed when the folder holds several.
  ///   - threshold: `41 %` of the region's maximum, `4` as an SUV, `gradient`, or `contrast A B BACKGROUND`; voxels
  ///     below it are left out of the lesion.
  ///   - parts: which of the lesion's parts that hang together count.
  /// - Throws: a refusal when no series fits or has a factor, or a file cannot be read. A region that cannot be laid
  ///   on the image is a result with its reason.
  public init(
    folder: String, regions path: String, series uid: String? = nil, kind: Kind = .bw, peak: Peak = .fractional,
    threshold text: String? = nil, parts: Parts = .all, stated: StatedText = StatedText()
  ) throws {
    let file = try RegionFile(path: path)
    let pet = try PETStudy(
      folder: folder, series: uid, frameOfReference: file.frameOfReferenceUID, stated: stated
    ).pet
    try file.requireFrameOfReference(of: pet.series)
    let threshold = try text.map { try ThresholdText($0) }
    let image = try pet.image(kind.suv)
    results = file.regions.map { name, shape in
      do {
        let mask = try shape.mask(on: image.grid)
        let whole = try RegionUptake(image, in: mask, peak: peak.search)
        let lesion = try threshold?.threshold.lesion(in: image, region: mask, parts: parts.rule)
        return (name, .success((whole, try lesion.map { try RegionUptake(image, in: $0, peak: peak.search) })))
      } catch let refusal as any Refusal {
        return (name, .failure(AnyRefusal(refusal)))
      } catch {
        return (name, .failure(AnyRefusal(CaseError.internalFault("A region could not be measured."))))
      }
    }
    self.pet = pet
    self.kind = kind
    self.threshold = threshold
    findings = (pet.factor.findings + file.findings).worstFirst()
  }

  /// The refusal of the first region, when all are refused.
  public var refusal: (any Refusal)? {
    let refusals = results.compactMap { if case .failure(let refusal) = $0.outcome { refusal } else { nil } }
    return refusals.count == results.count ? refusals.first : nil
  }

  /// `{"series", "type", "regions": [...]}` as the contract of `pet measure` has it.
  public var document: JSONValue {
    [
      "series": .string(pet.series.seriesUID), "type": .string(kind.rawValue), "unit": .string(kind.unit),
      "suvbw": pet.factorDocument, "threshold": JSONValue(threshold?.text),
      "regions": JSONValue(
        results.map { name, outcome in
          switch outcome {
          case .failure(let refusal): return ["name": .string(name), "refused": refusal.document]
          case .success(let (whole, lesion)):
            var members = JSONObject([("name", JSONValue.string(name))] + whole.members)
            if threshold != nil { members["lesion"] = lesion.map { .object(JSONObject($0.members)) } ?? .null }
            return .object(members)
          }
        }),
      "findings": JSONValue(findings.map(\.document)),
    ]
  }

  /// One line a region.
  public var summary: String {
    let lines = results.map { name, outcome in
      switch outcome {
      case .failure(let refusal): return "\(printable(name)): refused: \(refusal.reason) \(refusal.remedy)"
      case .success(let (whole, lesion)):
        let below = lesion.map { "; above \(threshold?.text ?? ""): \($0.line)" } ?? ""
        return "\(printable(name)): \(whole.line)\(below)"
      }
    }
    return
      (["Uptake in \(kind.unit) (\(kind.rawValue)), series \(pet.series.seriesUID)"] + lines
      + findings.map { "\($0.severity.rawValue): \($0.text)" }).joined(separator: "\n") + "\n"
  }
}

/// A threshold as a person types it: `41 %` of the maximum, `4`, `gradient`, or `contrast 0.5 0.6 1.9`.
struct ThresholdText: Sendable {
  let text: String
  let threshold: UptakeThreshold

  init(_ text: String) throws {
    let words = text.split(separator: " ").map(String.init)
    let numbers = words.dropFirst().compactMap(Double.init)
    if words == ["gradient"] {
      self.text = "the steepest fall"
      threshold = .gradient
    } else if words.first == "contrast", words.count == 4, numbers.count == 3, numbers.allSatisfy({ $0.isFinite }) {
      self.text = "\(words[1]) × mean above half of the maximum + \(words[2]) × \(words[3])"
      threshold = .contrastAdapted(a: numbers[0], b: numbers[1], background: UptakeValue(base: numbers[2]))
    } else {
      (self.text, threshold) = try Self.number(words.joined())
    }
  }

  private static func number(_ word: String) throws -> (String, UptakeThreshold) {
    let isFraction = word.hasSuffix("%")
    guard let number = Double(isFraction ? String(word.dropLast()) : word), number > 0, number.isFinite,
      !isFraction || number <= 100
    else {
      throw CaseError(
        "threshold-invalid", "The threshold cannot be read.",
        remedy: "Give a percentage of the maximum, an SUV, gradient, or contrast with a, b and the background.",
        category: .usage)
    }
    return isFraction
      ? ("\(word.dropLast()) % of the maximum", .fractionOfMaximum(number / 100))
      : (word, .fixed(UptakeValue(base: number)))
  }
}

extension RegionUptake {
  var members: [(String, JSONValue)] {
    [
      ("suvMax", .number(maximum.base)), ("suvPeak", .number(peak.base)), ("suvMean", .number(mean.base)),
      ("suvSd", .number(standardDeviation.base)), ("suvMedian", .number(median.base)),
      ("suvMin", .number(minimum.base)),
      (
        "percentiles",
        .object(JSONObject([10, 25, 50, 75, 90].map { ("\($0)", JSONValue(percentiles[$0]?.base)) }))
      ), ("volumeMl", .number(volume.millilitres)), ("voxels", JSONValue(voxels)),
      ("totalUptake", .number(total.base)), ("findings", JSONValue(findings.map(\.document))),
    ]
  }

  var line: String {
    "max \(shortNumber(maximum.base)), peak \(shortNumber(peak.base)), mean \(shortNumber(mean.base)) ± "
      + "\(shortNumber(standardDeviation.base)), \(shortNumber(volume.millilitres)) mL, total "
      + "\(shortNumber(total.base))"
  }
}
