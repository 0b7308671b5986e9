/// Ranks from 1, with equal values sharing the mean of their ranks.
struct Ranks {
  /// In the order of the values.
  let ranks: [Double]
  /// Σ (t³ − t) over groups of t equal values.
  let tieTerm: Double

  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var term = 0.0
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for k in start...end { ranks[order[k]] = Double(start + end) / 2 + 1 }
      let t = Double(end - start + 1)
      term += t * t * t - t
      start = end + 1
    }
    self.ranks = ranks
    tieTerm = term
  }

  var hasTies: Bool { tieTerm > 0 }
}
