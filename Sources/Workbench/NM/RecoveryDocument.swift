import Foundation
public import JSON
import Quantities
import Scintigraphy

/// What `endora nm recovery` finds: the recovery curve of a phantom's spheres, and what it makes of measured objects.
public struct RecoveryDocument: Sendable {
  private struct Applied: Sendable {
    let name: String
    let volume: Volume
    let recovery: (value: Double, byCurve: Double, byForm: Double, byVolume: Double)
    let concentration: Uncertain<ActivityConcentration>
    let isInRange: Bool

    var recoveryUncertainty: Double { hypot(hypot(recovery.byCurve, recovery.byForm), recovery.byVolume) }
  }

  private let curve: RecoveryCurve
  private let spheres: [RecoveryCurve.Sphere]
  private let applied: [Applied]

  /// Reads a file of spheres.
  public init(path: String) throws {
    let document = try JSONDocument(try readFile(path))
    try Schema.recovery.read().check(document)
    let root = document.root
    let background = ActivityConcentration.becquerelsPerMillilitre(try root["background_Bq_per_mL"]?.double() ?? 0)
    let spheres = try root.required("spheres").list().map { node in
      let volume = Volume.millilitres(try node.required("volume_mL").double())
      let uncertainty = try node["uncertainty"]?.double()
      if let value = node["recovery"] {
        return RecoveryCurve.Sphere(
          volume: volume,
          recovery: Uncertain(
            Ratio(base: try value.double()), standardUncertainty: uncertainty.map { Ratio(base: $0) }))
      }
      guard let truth = root["truth_Bq_per_mL"] else {
        throw node.refusal(
          "sphere-without-recovery", found: "there is neither a recovery nor the phantom's truth_Bq_per_mL",
          remedy: "Give one of them.")
      }
      return try RecoveryCurve.Sphere(
        volume: volume,
        measured: Uncertain(
          .becquerelsPerMillilitre(try node.required("measured_Bq_per_mL").double()),
          standardUncertainty: uncertainty.map { .becquerelsPerMillilitre($0) }), background: background,
        truth: .becquerelsPerMillilitre(try truth.double()))
    }
    let curve = try RecoveryCurve(spheres)
    applied =
      try root["apply"]?.list().map { node in
        let volume = Uncertain(
          Volume.millilitres(try node.required("volume_mL").double()),
          standardUncertainty: .millilitres(try node["volumeUncertainty_mL"]?.double() ?? 0))
        let recovery = curve.recovery(of: volume)
        let measured = ActivityConcentration.becquerelsPerMillilitre(try node.required("measured_Bq_per_mL").double())
        guard node["background_Bq_per_mL"] != nil || background == .zero else {
          throw node.refusal(
            "object-background", found: "there is no background_Bq_per_mL, and the spheres lay in warm surroundings",
            remedy: "Give that around the object, 0 for cold surroundings.")
        }
        let around = ActivityConcentration.becquerelsPerMillilitre(try node["background_Bq_per_mL"]?.double() ?? 0)
        guard measured > around else {
          throw node.refusal(
            "object-not-hot", found: "it is not hotter than its surroundings",
            remedy: "Check both concentrations; recovery is not defined there.")
        }
        let value = RecoveryCurve.hotInWarm(measured: measured, background: around, recovery: recovery.value)
        // d C_t/d RC = −(C_m − C_bg)/RC².
        let slope = (measured - around) / (recovery.value * recovery.value)
        return Applied(
          name: try node.required("name").string(), volume: volume.value, recovery: recovery,
          concentration: Uncertain(
            value,
            standardUncertainty: slope * hypot(hypot(recovery.byCurve, recovery.byForm), recovery.byVolume)),
          isInRange: curve.range.contains(volume.value))
      } ?? []
    self.curve = curve
    self.spheres = spheres
  }

  /// The document of the contract.
  public var document: JSONValue {
    [
      "form": "RC(V) = 1/(1 + (b/V)^g)",
      "b": amount(curve.b.value.millilitres, "mL", curve.b.standardUncertainty?.millilitres),
      "g": amount(curve.g.value.base, "1", curve.g.standardUncertainty?.base),
      "logarithmicCovariance": .array(
        (0..<2).map { row in .array((0..<2).map { digits(curve.logarithmicCovariance[row, $0]) }) }),
      "reducedChiSquared": digits(curve.reducedChiSquared), "formUncertainty": digits(curve.formUncertainty),
      "rangeMl": [digits(curve.range.lowerBound.millilitres), digits(curve.range.upperBound.millilitres)],
      "spheres": .array(
        zip(spheres, curve.residuals).map { sphere, residual in
          [
            "volume": amount(sphere.volume.millilitres, "mL"),
            "recovery": amount(sphere.recovery.value.base, "1", sphere.recovery.standardUncertainty?.base),
            "residual": digits(residual),
          ]
        }),
      "applied": .array(
        applied.map {
          [
            "name": JSONValue($0.name), "volume": amount($0.volume.millilitres, "mL"),
            "recovery": amount($0.recovery.value, "1", $0.recoveryUncertainty),
            "budget": [
              "curve": digits($0.recovery.byCurve), "form": digits($0.recovery.byForm),
              "volume": digits($0.recovery.byVolume),
            ],
            "concentration": amount(
              $0.concentration.value.becquerelsPerMillilitre, "Bq/mL",
              $0.concentration.standardUncertainty?.becquerelsPerMillilitre),
            "isInRange": JSONValue($0.isInRange),
          ]
        }),
    ]
  }

  /// The parameters and a table.
  public var summary: String {
    var table = TextTable(["Sphere mL", "Recovery", "Curve", "Residual"], numbers: [0, 1, 2, 3])
    for (sphere, residual) in zip(spheres, curve.residuals) {
      let value = sphere.recovery.value.base
      table.add([
        String(format: "%.2f", sphere.volume.millilitres), String(format: "%.3f", value),
        String(format: "%.3f", value - residual), String(format: "%+.3f", residual),
      ])
    }
    var objects = TextTable(["Object", "Volume mL", "Recovery", "u", "Bq/mL", "u"], numbers: [1, 2, 3, 4, 5])
    for one in applied {
      objects.add([
        one.name + (one.isInRange ? "" : " (outside the spheres)"), String(format: "%.2f", one.volume.millilitres),
        String(format: "%.3f", one.recovery.value), String(format: "%.3f", one.recoveryUncertainty),
        String(format: "%.1f", one.concentration.value.becquerelsPerMillilitre),
        String(format: "%.1f", one.concentration.standardUncertainty?.becquerelsPerMillilitre ?? 0),
      ])
    }
    return String(
      format: "b %.3f ± %.3f mL, g %.3f ± %.3f, reduced χ² %.2f, form of the curve ± %.3f\n\n",
      curve.b.value.millilitres,
      curve.b.standardUncertainty?.millilitres ?? 0, curve.g.value.base, curve.g.standardUncertainty?.base ?? 0,
      curve.reducedChiSquared, curve.formUncertainty) + table.text + (applied.isEmpty ? "" : "\n" + objects.text)
  }
}
