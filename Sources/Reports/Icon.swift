import Provenance

/// The signs that stand before a state's word.
enum Icon: Sendable {
  case serious, caution, info, passed, refused, brand

  init(_ severity: Finding.Severity) {
    switch severity {
    case .serious: self = .serious
    case .caution: self = .caution
    case .info: self = .info
    }
  }

  /// Drawn in a square of 16 px, the brand's of 24.
  var figure: Figure {
    let side = self == .brand ? 24.0 : 16.0
    var figure = Figure(width: side, height: side, label: "")
    switch self {
    case .serious:
      let corners = [(5.0, 1.0), (11, 1), (15, 5), (15, 11), (11, 15), (5, 15), (1, 11), (1, 5)]
      figure.add(Path(corners.map { Spot($0.0, $0.1) }, closed: true), .icon, .serious)
      figure.addRectangle(7.1, 3.8, width: 1.8, height: 5.2, .sign)
      figure.addRectangle(7.1, 10.4, width: 1.8, height: 1.8, .sign)
    case .caution:
      figure.add(Path([Spot(8, 1.2), Spot(15.4, 14.6), Spot(0.6, 14.6)], closed: true), .icon, .caution)
      figure.addRectangle(7.1, 6, width: 1.8, height: 4.3, .sign)
      figure.addRectangle(7.1, 11.4, width: 1.8, height: 1.7, .sign)
    case .info:
      figure.addCircle(8, 8, radius: 7, .icon, .info)
      figure.addRectangle(7.1, 7, width: 1.8, height: 5, .sign)
      figure.addRectangle(7.1, 4, width: 1.8, height: 1.8, .sign)
    case .passed:
      figure.addCircle(8, 8, radius: 7, .icon, .ok)
      let tick = [(11.3, 4.9), (7.0, 9.2), (4.8, 7.0), (3.6, 8.2), (7.0, 11.6), (12.5, 6.1)]
      figure.add(Path(tick.map { Spot($0.0, $0.1) }, closed: true), .sign)
    case .refused:
      figure.addCircle(8, 8, radius: 6.2, .outline, .neutral)
      figure.add(Path([Spot(3.6, 3.6), Spot(12.4, 12.4)]), .outline, .neutral)
    case .brand:
      figure.addCircle(12, 12, radius: 10, .outline, .accent)
      var curve = Path()
      curve.move(4.5, 16.5)
      curve.curve(6.5, 16, 7, 7, 9, 7)
      curve.curve(11, 7, 12, 15, 19.5, 16)
      figure.add(curve, .outline, .accent)
      figure.addCircle(9, 7, radius: 1.9, .icon, .accent)
    }
    return figure
  }
}
