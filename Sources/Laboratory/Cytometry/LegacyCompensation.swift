extension FCSDataset {
  /// The spillover that the keywords of FCS 2.0 and 3.0, $DFCiTOj or $COMP, take out.
  ///
  /// $DFCiTOj is the percentage of the observed fluorescence i that was to be subtracted from fluorescence j; i and j count
  /// the channels that are neither scatter nor time. $COMP is n and n·n coefficients, row by row, of all channels or of
  /// those: 1 on the diagonal and beside it the part of row i to subtract from column j, as a positive or a negative
  /// number. Both say true = observed · C with C the identity less these parts, so that the spillover matrix is C⁻¹.
  ///
  /// - Returns: `nil` when the file has none of them.
  /// - Throws: ``LaboratoryError`` for keywords that make no matrix.
  public func legacySpillover() throws -> SpilloverMatrix? {
    let dyes = channels.filter { !$0.isScatter && !$0.isTime }
    func invalid(_ what: String) -> LaboratoryError {
      LaboratoryError(
        "legacy-compensation-invalid", "The older compensation \(what).",
        remedy: "Give a matrix with --compensation, or gate without it.")
    }
    var parts: [[Double]] = []
    var names = dyes.map(\.name)
    let percentages = keywords.pairs.compactMap { pair in
      pair.key.uppercased().wholeMatch(of: /\$DFC([0-9]+)TO([0-9]+)/).map { (Int($0.1), Int($0.2), pair.value) }
    }
    if !percentages.isEmpty {
      parts = dyes.map { _ in dyes.map { _ in 0 } }
      for (from, to, text) in percentages {
        guard let from, let to, dyes.indices.contains(from - 1), dyes.indices.contains(to - 1), from != to,
          let percent = Double(text.trimming), percent.isFinite
        else { throw invalid("has a $DFCiTOj of no channel or without a number") }
        parts[from - 1][to - 1] = percent / 100
      }
    } else if let text = keywords.trimmed("$COMP") {
      let tokens = text.split(separator: ",").map(\.trimming)
      guard let size = tokens.first.flatMap({ Int($0) }), size > 0, size <= channels.count,
        tokens.count == 1 + size * size
      else { throw invalid("$COMP is no square of coefficients") }
      guard size == channels.count || size == dyes.count else {
        throw invalid("$COMP is for \(size) channels where the file has \(channels.count)")
      }
      if size == channels.count { names = channels.map(\.name) }
      let values = tokens.dropFirst().compactMap { Double($0) }
      guard values.count == size * size, values.allSatisfy(\.isFinite) else { throw invalid("$COMP is not of numbers") }
      parts = (0..<size).map { i in
        (0..<size).map { j in i == j ? 0 : abs(values[i * size + j]) }
      }
      guard (0..<size).allSatisfy({ values[$0 * size + $0] == 1 }) else {
        throw invalid("$COMP has no 1 on its diagonal")
      }
    } else {
      return nil
    }
    let subtraction = parts.indices.map { i in parts.indices.map { j in i == j ? 1 : -parts[i][j] } }
    guard let spillover = squareInverse(subtraction) else { throw invalid("is singular") }
    return try SpilloverMatrix(fluorochromes: names, detectors: names, rows: spillover)
  }
}
