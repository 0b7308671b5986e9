/// The cycles of a real-time PCR in the Real-time PCR Data Markup Language, RDML 1.0 to 1.3.
public struct RDMLDocument: Sendable {
  /// The measured cycles of samples, without controls without template and standards.
  public let cycles: [RunCycle]
  /// The targets that the document calls references.
  public let references: [String]
  /// The samples that it calls calibrators between runs.
  public let runCalibrators: [String]
  /// Amplification factors that it states, such as 1.93.
  public let efficiencies: [String: Double]

  /// Reads the XML, which a `.rdml` file holds compressed.
  ///
  /// - Throws: ``LaboratoryError`` for what is no RDML or has no cycle.
  public init(xml bytes: [UInt8]) throws {
    let root = try XMLElement(document: bytes)
    guard root.name == "rdml" else {
      throw LaboratoryError(
        "not-rdml", "The root element of the document is <\(root.name.prefix(40))>.", remedy: "Give an RDML file.")
    }
    func text(_ element: XMLElement, _ name: String) -> String? {
      element.first(name)?.text.trimming
    }
    var references: [String] = []
    var efficiencies: [String: Double] = [:]
    for target in root.all("target") {
      guard let id = target.attributes["id"] else { continue }
      if text(target, "type") == "ref" { references.append(id) }
      if let factor = text(target, "amplificationEfficiency").flatMap({ Double($0) }) { efficiencies[id] = factor }
    }
    var runCalibrators: [String] = []
    var leftOut: Set<String> = []
    for sample in root.all("sample") {
      guard let id = sample.attributes["id"] else { continue }
      if text(sample, "interRunCalibrator") == "true" { runCalibrators.append(id) }
      if sample.all("type").contains(where: { ["ntc", "nac", "ntp", "nrt", "std", "opt"].contains($0.text.trimming) }) {
        leftOut.insert(id)
      }
    }
    var cycles: [RunCycle] = []
    for experiment in root.all("experiment") {
      for run in experiment.all("run") {
        for react in run.all("react") {
          guard let sample = react.first("sample")?.attributes["id"], !leftOut.contains(sample) else { continue }
          for data in react.all("data") where data.first("excl") == nil {
            guard let target = data.first("tar")?.attributes["id"] else { continue }
            let cycle = text(data, "cq").flatMap { Double($0) }
            cycles.append(
              RunCycle(
                run: run.attributes["id"] ?? "",
                cycle: .init(
                  group: sample, gene: target, value: cycle.flatMap { $0.isFinite && $0 > 0 ? $0 : nil })))
          }
        }
      }
    }
    guard cycles.contains(where: { $0.cycle.value != nil }) else {
      throw LaboratoryError(
        "rdml-empty", "The RDML document holds no threshold cycle.",
        remedy: "Let the instrument's program analyse it first.")
    }
    (self.cycles, self.references) = (cycles, references)
    (self.runCalibrators, self.efficiencies) = (runCalibrators, efficiencies)
  }
}
