import Foundation

/// Finds room for labels among lines, points and other labels.
struct LabelPlacer {
  let bounds: Box
  private var boxes: [Box] = []
  private var obstacles: [Spot] = []

  init(bounds: Box) { self.bounds = bounds }

  mutating func avoid(_ label: Label) { boxes.append(label.box) }

  mutating func avoid(_ box: Box) { boxes.append(box) }

  /// Labels keep off this line as far as there is room elsewhere.
  mutating func avoid(line: [Spot]) {
    for (a, b) in zip(line, line.dropFirst()) {
      let pieces = max(1, Int((hypot(b.x - a.x, b.y - a.y) / 3).rounded(.up)))
      for k in 0...min(pieces, 500) {
        let t = Double(k) / Double(pieces)
        obstacles.append(Spot(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)))
      }
    }
  }

  /// The lines of one label, each below the last, at the best of some places; a place is the first baseline.
  ///
  /// When every candidate collides with another label, the nearest free place of the picture is taken.
  mutating func place(_ lines: [Label], at candidates: [(Spot, Label.Anchor)]) -> [Label] {
    var best = (cost: Double.infinity, labels: lines)
    func consider(_ spot: Spot, _ anchor: Label.Anchor, extra: Double) {
      let labels = Self.stack(lines, spot, anchor)
      var cost = labels.reduce(extra) { $0 + collisionCost($1.box) }
      guard cost < best.cost else { return }
      cost += labels.reduce(0) { $0 + crossingCost($1.box) }
      if cost < best.cost { best = (cost, labels) }
    }
    for (index, candidate) in candidates.enumerated() {
      consider(candidate.0, candidate.1, extra: Double(index) * 0.5)
    }
    if best.cost >= Self.collision, let wish = candidates.first {
      for y in stride(from: bounds.top + 10, to: bounds.bottom, by: 6) {
        for x in stride(from: bounds.left, to: bounds.right, by: 8) {
          consider(Spot(x, y), wish.1, extra: hypot(x - wish.0.x, y - wish.0.y) * 0.2)
        }
      }
    }
    boxes += best.labels.map(\.box)
    return best.labels
  }

  private static let collision = 1000.0

  private static func stack(_ lines: [Label], _ spot: Spot, _ anchor: Label.Anchor) -> [Label] {
    var y = spot.y
    return lines.map { line in
      var label = line
      (label.x, label.y, label.anchor) = (spot.x, y, anchor)
      y += line.voice.size + 2
      return label
    }
  }

  /// What leaving the picture or touching another label costs.
  private func collisionCost(_ box: Box) -> Double {
    let area = (box.right - box.left) * (box.bottom - box.top)
    var cost = 0.0
    let outside = area - box.overlap(bounds)
    if outside > 0.01 { cost += 10 * Self.collision + outside }
    let near = box.widened(by: 2)
    for other in boxes where near.overlap(other) > 0 { cost += Self.collision + near.overlap(other) }
    return cost
  }

  /// What lying on a line costs.
  private func crossingCost(_ box: Box) -> Double {
    3 * Double(obstacles.count { box.contains($0) })
  }
}
