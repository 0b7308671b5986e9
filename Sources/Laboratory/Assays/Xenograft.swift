import Glibc
public import Quantities

/// Measures of xenografts.
public enum Xenograft {
  /// The volume of a tumour, length · width² / 2 (Tomayko and Reynolds 1989).
  ///
  /// - Throws: ``LaboratoryError`` unless length ≥ width > 0.
  public static func volume(length: Length, width: Length) throws -> Volume {
    guard width > .zero, length >= width, length.isFinite else {
      throw LaboratoryError(
        "tumour-size", "A tumour is \(length.millimetres) mm long and \(width.millimetres) mm wide.",
        remedy: "Give the longer extent as length, both above 0.")
    }
    return .millilitres(length.millimetres * width.millimetres * width.millimetres / 2 / 1000)
  }

  /// The uptake in % of the injected activity per gram, both activities at the same time.
  ///
  /// - Throws: ``LaboratoryError`` unless mass and injected activity are above 0.
  public static func uptake(_ activity: Activity, injected: Activity, mass: Mass) throws -> Double {
    guard mass > .zero, injected > .zero, activity >= .zero, (activity + injected).isFinite, mass.isFinite else {
      throw LaboratoryError(
        "uptake-invalid", "A sample has \(activity) of \(injected) in \(mass).",
        remedy: "Give mass and injected activity above 0.")
    }
    return 100 * (activity / injected) / mass.grams
  }

  /// The exponential growth rate of a tumour by least squares of ln volume over time; `nil` for fewer than two times.
  public static func growthRate(times: [Time], volumes: [Volume]) -> RateConstant? {
    let points = zip(times, volumes).filter { $0.1 > .zero }
    let count = Double(points.count)
    let mx = points.reduce(0) { $0 + $1.0.seconds } / count
    let my = points.reduce(0) { $0 + log($1.1.millilitres) } / count
    let xx = points.reduce(0) { $0 + ($1.0.seconds - mx) * ($1.0.seconds - mx) }
    guard points.count >= 2, xx > 0 else { return nil }
    return .perSecond(points.reduce(0) { $0 + ($1.0.seconds - mx) * (log($1.1.millilitres) - my) } / xx)
  }
}
