import JSON
import Reports
import Statistics

/// Values of named groups with their description, the exact tests of every pair, and the picture.
struct SampleComparison {
  let title: String
  let groups: [(name: String, values: [Double])]
  let centre: GroupCentre
  let isPaired: Bool

  /// One test of two groups.
  struct Test {
    let first: Int
    let second: Int
    let mannWhitney: MannWhitney
    /// `nil` where a t test cannot be made.
    let welch: TTest?
  }

  init(
    _ title: String, _ groups: [(name: String, values: [Double])], centre: GroupCentre, isPaired: Bool = false
  ) {
    self.title = title
    self.groups = groups.filter { !$0.values.isEmpty }
    (self.centre, self.isPaired) = (centre, isPaired)
  }

  var tests: [Test] {
    guard !isPaired else { return [] }
    return groups.indices.flatMap { a in
      groups.indices.dropFirst(a + 1).compactMap { b in
        (try? MannWhitney(groups[a].values, groups[b].values)).map { test in
          Test(first: a, second: b, mannWhitney: test, welch: try? TTest.welch(groups[a].values, groups[b].values))
        }
      }
    }
  }

  private var pairedTest: SignedRank? {
    isPaired && groups.count == 2 ? try? SignedRank(groups[0].values, groups[1].values) : nil
  }

  func document() throws -> JSONValue {
    [
      "title": JSONValue(title),
      "groups": JSONValue(
        try groups.map { name, values in
          let d = try Description(values)
          return [
            "group": JSONValue(name), "n": JSONValue(d.count), "mean": JSONValue(d.mean),
            "sem": JSONValue(d.standardError),
            "median": JSONValue(d.median), "quartiles": [JSONValue(d.lowerQuartile), JSONValue(d.upperQuartile)],
          ]
        }),
      "tests": JSONValue(
        tests.map { test in
          [
            "first": JSONValue(groups[test.first].name), "second": JSONValue(groups[test.second].name),
            "mannWhitneyP": JSONValue(test.mannWhitney.p), "method": JSONValue(test.mannWhitney.method.rawValue),
            "smallestAttainable": JSONValue(test.mannWhitney.smallestAttainable), "welchP": JSONValue(test.welch?.p),
          ]
        }),
      "paired": pairedTest.map {
        ["wilcoxonP": JSONValue($0.p), "method": JSONValue($0.method.rawValue), "pairs": JSONValue($0.count)]
      } ?? nil,
    ]
  }

  var lines: [String] {
    var lines = [title]
    for (name, values) in groups {
      guard let d = try? Description(values) else { continue }
      lines.append(
        "  \(name): n \(d.count), median \(short(d.median)) (\(short(d.lowerQuartile)) to \(short(d.upperQuartile))), "
          + "mean \(short(d.mean))" + (d.standardError.map { " ± SEM \(short($0))" } ?? ""))
    }
    for test in tests {
      lines.append(
        "  \(groups[test.first].name) against \(groups[test.second].name): Mann-Whitney p = \(short(test.mannWhitney.p)) "
          + "(\(test.mannWhitney.method.rawValue))" + (test.welch.map { ", Welch p = \(short($0.p))" } ?? ""))
    }
    if let paired = pairedTest {
      lines.append(
        "  paired: Wilcoxon p = \(short(paired.p)) (\(paired.method.rawValue)), \(paired.count) pairs that differ")
    }
    return lines
  }

  func figure(quantity: String) throws -> Figure {
    let exact = tests.allSatisfy { $0.mannWhitney.method == .exact }
    let kind = centre == .mean ? "mean ± SEM" : "median and quartiles"
    let test =
      if isPaired {
        pairedTest.map { "Wilcoxon's signed ranks, \($0.method.rawValue), p = \(short($0.p))." } ?? ""
      } else {
        tests.isEmpty ? "" : "Mann-Whitney, two-sided\(exact ? ", exact" : ""), for each pair alone."
      }
    return .samples(
      SamplePlot(
        title: title, quantity: quantity,
        groups: try groups.map { name, values in
          let d = try Description(values)
          let error = d.standardError ?? .nan
          return centre == .mean
            ? .init(name: name, values: values, centre: d.mean, lower: d.mean - error, upper: d.mean + error)
            : .init(name: name, values: values, centre: d.median, lower: d.lowerQuartile, upper: d.upperQuartile)
        },
        comparisons: tests.map { .init(first: $0.first, second: $0.second, p: $0.mannWhitney.p) }, isPaired: isPaired,
        note: "Bars: \(kind). \(test)"))
  }
}

/// What the bars of a group show.
public enum GroupCentre: String, CaseIterable, Sendable { case median, mean }
