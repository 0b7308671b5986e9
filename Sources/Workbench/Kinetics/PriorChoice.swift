import Foundation
import JSON
import Kinetics
import Provenance
import Quantities

/// A population's half-lives by name or from a file that `tac population` wrote.
public struct PriorChoice: Sendable {
  private let word: String
  private let spread: Double?

  /// - Parameters:
  ///   - word: `kidney`, `tumour`, one of the published half-lives without a spread, or the path of a file.
  ///   - spread: the relative standard deviation between patients, for a half-life that is published without one.
  public init(_ word: String, spread: Double? = nil) {
    self.word = word
    self.spread = spread
  }

  /// The priors that it stands for.
  enum Resolved: Sendable {
    case one(PopulationPrior)
    case byRegion([PopulationPrior], file: String)

    /// The prior of a region.
    ///
    /// - Throws: ``CaseError`` when the file does not know the region.
    func prior(for region: String) throws -> PopulationPrior {
      switch self {
      case .one(let prior): return prior
      case .byRegion(let priors, let file):
        guard let prior = priors.first(where: { $0.name == region }) else {
          throw CaseError(
            "prior-lacks-region", "\(file) has no population of region “\(region)”.",
            remedy: "It has \(priors.map(\.name).joined(separator: ", ")): name the region like one of them.")
        }
        return prior
      }
    }
  }

  func resolved() throws -> Resolved {
    if let prior = PopulationPrior.named.first(where: { $0.name == word }) {
      guard spread == nil else {
        throw CaseError(
          "spread-not-needed", "Prior “\(word)” has a published spread.", remedy: "Leave out --prior-spread.",
          category: .usage)
      }
      return .one(prior)
    }
    if let published = PublishedHalfLife.named.first(where: { $0.name == word }) {
      guard let spread else {
        throw CaseError(
          "spread-unknown",
          "\(shortNumber(published.halfLife.hours)) h of “\(word)” is published without a spread between patients "
            + "(\(published.source.citation)).",
          remedy: "State one with --prior-spread, such as 0.25, or fit a cohort with tac population.", category: .usage)
      }
      return .one(try published.prior(spread: spread))
    }
    guard word.contains("/") || word.hasSuffix(".json") || FileManager.default.fileExists(atPath: word) else {
      let names = PopulationPrior.named.map(\.name) + PublishedHalfLife.named.map(\.name)
      let near = Suggestion.nearest(to: word, among: names)
      throw CaseError(
        "prior-unknown", "There is no prior “\(word.prefix(40))”, and no such file.",
        remedy: near.map { "Did you mean \($0)?" } ?? "Known are \(names.joined(separator: ", ")).", category: .usage)
    }
    return try Self.populations(readFile(word), file: word)
  }

  /// The populations of a file.
  static func populations(_ bytes: [UInt8], file: String) throws -> Resolved {
    let root = try JSONDocument(bytes).root
    guard try root.required("format").string() == PopulationResults.format else {
      throw CaseError(
        "prior-format", "\(fileName(file)) is not a population of \(PopulationResults.format).",
        remedy: "Make it with endora tac population FOLDER -o FILE.")
    }
    return .byRegion(try root.required("regions").list().map { try prior($0, file: file) }, file: fileName(file))
  }

  private static func prior(_ node: JSONNode, file: String) throws -> PopulationPrior {
    func distribution(_ node: JSONNode) throws -> HalfLifeDistribution {
      let (median, deviation) = (try node.required("median").double(), try node.required("logDeviation").double())
      guard median > 0, median < 1e5, deviation > 1e-4, deviation < 5 else {
        throw CaseError(
          "prior-invalid", "\(fileName(file)) has a half-life of \(median) h with the deviation \(deviation).",
          remedy: "Make the file anew with tac population.")
      }
      return HalfLifeDistribution(median: .hours(median), logDeviation: deviation)
    }
    let late = try distribution(node.required("effectiveHalfLife"))
    return PopulationPrior(
      name: try node.required("name").string(), median: late.median, logDeviation: late.logDeviation,
      uptake: try node["uptakeHalfLife"].map(distribution), correlation: try node["correlation"]?.double() ?? 0,
      source: Source("\(fileName(file)), \(try node.required("patients").int()) patients"))
  }
}
