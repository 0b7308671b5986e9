extension CaseReport {
  /// Every plot of the report as a stand-alone SVG file; the same case gives the same names and texts.
  public func figureFiles() -> [(fileName: String, svg: String)] {
    var files: [(fileName: String, svg: String)] = []
    func add(_ stem: String, _ figure: Figure?) {
      guard let figure else { return }
      var name = stem
      var count = 1
      while files.contains(where: { $0.fileName == name + ".svg" }) {
        count += 1
        name = "\(stem)-\(count)"
      }
      files.append((name + ".svg", figure.standaloneSVG()))
    }
    add("risk", risk.flatMap(Figure.risk))
    let end = CurvePanel.sharedEnd(of: curves)
    for panel in curves { add("curve-" + Self.fileStem(panel.slug), Figure.curve(panel, until: end)) }
    for row in doses.rows { add("dose-" + Self.fileStem(row.name), doses.bar(of: row)) }
    add("graft", graft.flatMap(Figure.graft))
    add("tornado", tornado.flatMap(Figure.tornado))
    add("budget", budget.flatMap(Figure.budget))
    add("labels", labels.flatMap(Figure.labels))
    add("pareto", labels.flatMap(Figure.pareto))
    return files
  }

  /// Lower-case letters, digits and hyphens only: no text of a case reaches a path.
  static func fileStem(_ text: String) -> String {
    let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return words.isEmpty ? "region" : String(words.joined(separator: "-").prefix(60))
  }
}
