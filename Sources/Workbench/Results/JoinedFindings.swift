import Provenance

extension [Finding] {
  /// One finding where several regions have the same, in the order of the worst first.
  func joiningRegions() -> [Finding] {
    var joined: [Finding] = []
    var others: [Int: [String]] = [:]
    for finding in self {
      if let subject = finding.subject,
        let index = joined.firstIndex(where: {
          $0.code == finding.code && $0.title == finding.title && $0.severity == finding.severity && $0.subject != nil
        })
      {
        // A region's own figures at several times stand once, as at the first.
        if subject != joined[index].subject, !others[index, default: []].contains(subject) {
          others[index, default: []].append(subject)
        }
      } else {
        joined.append(finding)
      }
    }
    return joined.enumerated().map { index, finding in
      guard let rest = others[index] else { return finding }
      return Finding(
        finding.severity, code: finding.code, title: finding.title,
        "\(finding.text) The same, with figures of their own: \(rest.joined(separator: ", ")).", origin: finding.origin)
    }
  }
}
