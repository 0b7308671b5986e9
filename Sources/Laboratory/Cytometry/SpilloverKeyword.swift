public import Provenance

extension FCSDataset {
  /// The spillover matrix that the file carries.
  public struct StatedSpillover: Sendable {
    /// The matrix; `nil` when the file states none or it cannot be read.
    public let matrix: SpilloverMatrix?
    /// The keyword.
    public let keyword: String?
    /// What was found on the way, among it why a stated matrix cannot be used.
    public let findings: [Finding]
  }

  /// Reads $SPILLOVER or, without it, SPILL or SPILLOVER: names or numbers of channels, line breaks, decimal commas.
  ///
  /// The older $COMP and $DFCiTOj state what to subtract, mostly what the instrument already has subtracted: they are
  /// reported and not applied, unless ``stating(_:)`` was given ``legacySpillover()``.
  public var statedSpillover: StatedSpillover {
    if let assigned { return StatedSpillover(matrix: assigned, keyword: "given", findings: []) }
    var findings: [Finding] = []
    let stated = ["$SPILLOVER", "SPILL", "SPILLOVER", "$SPILL"].filter { keywords.trimmed($0) != nil }
    if let first = stated.first, stated.dropFirst().contains(where: { keywords.trimmed($0) != keywords.trimmed(first) })
    {
      findings.append(
        .fcs(
          .caution, "spillover-twice", "The file states several spillover matrices.",
          "\(stated.joined(separator: ", ")) differ; \(first) counts."))
    }
    let legacy = keywords.pairs.map(\.key).filter {
      $0.uppercased() == "$COMP" || $0.uppercased().hasPrefix("$DFC")
    }
    if !legacy.isEmpty {
      findings.append(
        .fcs(
          .info, "legacy-compensation", "The file states an older compensation.",
          "\(legacy[0])\(legacy.count > 1 ? " and \(legacy.count - 1) more" : "") describe a compensation of the "
            + "instrument; they were not applied; see --legacy-compensation."))
    }
    guard let keyword = stated.first, let text = keywords.trimmed(keyword) else {
      return StatedSpillover(matrix: nil, keyword: nil, findings: findings)
    }
    do {
      guard let matrix = try spillover(text, &findings) else {
        return StatedSpillover(matrix: nil, keyword: keyword, findings: findings)
      }
      _ = try Compensation(matrix, of: self)
      return StatedSpillover(matrix: matrix, keyword: keyword, findings: findings)
    } catch {
      let refusal = error as? LaboratoryError
      findings.append(
        .fcs(
          .serious, refusal?.code ?? "spillover-invalid", "The stated spillover matrix cannot be used.",
          "\(keyword): \(refusal?.reason ?? "\(error)")"))
      return StatedSpillover(matrix: nil, keyword: keyword, findings: findings)
    }
  }

  private func spillover(_ text: String, _ findings: inout [Finding]) throws -> SpilloverMatrix? {
    func invalid(_ what: String) -> LaboratoryError {
      LaboratoryError(
        "spillover-invalid", "The stated spillover matrix \(what).",
        remedy: "Give the matrix in a Gating-ML file, or gate without compensation.")
    }
    let tokens = text.split(separator: ",", omittingEmptySubsequences: false).map(\.trimming)
    guard let count = Int(tokens[0]), (0...1000).contains(count) else { throw invalid("does not begin with its size") }
    guard count > 0 else { return nil }
    guard tokens.count > count else { throw invalid("lacks names") }
    var names = Array(tokens[1...count])
    var numbers = Array(tokens[(count + 1)...])
    while numbers.last == "" { numbers.removeLast() }
    guard !numbers.isEmpty else { throw invalid("has names and no coefficients") }
    if numbers.count != count * count {
      guard let joined = Self.decimalCommas(numbers, size: count) else {
        throw invalid("has \(numbers.count) coefficients where \(count * count) belong")
      }
      numbers = joined
      findings.append(
        .fcs(
          .caution, "spillover-decimal-comma", "The spillover matrix is written with decimal commas.",
          "Its \(count * count) coefficients were joined; the reading with 1 on the diagonal and less than 1 beside it is "
            + "the only one."))
    }
    let values = numbers.compactMap { Double($0) }
    guard values.count == count * count else { throw invalid("holds something that is not a number") }
    let isByNumber = names.allSatisfy { name in
      Int(name).map { channels.indices.contains($0 - 1) } ?? false && !channels.contains { $0.name == name }
    }
    if isByNumber {
      findings.append(
        .fcs(
          .info, "spillover-by-number", "The spillover matrix names channels by number.",
          names.joined(separator: ", ") + " are " + names.map { channels[Int($0)! - 1].name }.joined(separator: ", ")))
      names = names.map { channels[Int($0)! - 1].name }
    }
    return try SpilloverMatrix(
      fluorochromes: names, detectors: names,
      rows: (0..<count).map { Array(values[($0 * count)..<(($0 + 1) * count)]) })
  }

  /// Joins coefficients that decimal commas split, if only one way gives 1 on the diagonal and less than 1 beside it.
  private static func decimalCommas(_ tokens: [String], size: Int) -> [String]? {
    let total = size * size
    guard tokens.count > total, tokens.count <= 2 * total, tokens.count <= 20_000 else { return nil }
    // ways[p][t]: how many readings of the tokens from t give the coefficients from p, at most 2.
    var ways = Array(repeating: [Int](repeating: 0, count: tokens.count + 1), count: total + 1)
    ways[total][tokens.count] = 1
    func single(_ p: Int, _ t: Int) -> Bool {
      guard t < tokens.count else { return false }
      return p % (size + 1) == 0 ? tokens[t] == "1" : tokens[t] == "0"
    }
    func pair(_ p: Int, _ t: Int) -> Bool {
      guard t + 1 < tokens.count, let first = tokens[t + 1].first, first.isNumber else { return false }
      if p % (size + 1) == 0 { return tokens[t] == "1" && tokens[t + 1].allSatisfy { $0 == "0" } }
      return (tokens[t] == "0" || tokens[t] == "-0") && Double("0." + tokens[t + 1]) != nil
    }
    for p in (0..<total).reversed() {
      for t in tokens.indices {
        let a = single(p, t) ? ways[p + 1][t + 1] : 0
        let b = pair(p, t) ? ways[p + 1][t + 2] : 0
        ways[p][t] = min(2, a + b)
      }
    }
    guard ways[0][0] == 1 else { return nil }
    var (joined, t): ([String], Int) = ([], 0)
    for p in 0..<total {
      if single(p, t), ways[p + 1][t + 1] == 1 {
        joined.append(tokens[t])
        t += 1
      } else {
        joined.append(tokens[t] + "." + tokens[t + 1])
        t += 2
      }
    }
    return joined
  }
}
