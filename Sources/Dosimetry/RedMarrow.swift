public import Provenance
public import Quantities

/// How the activity of the red marrow follows from a measurement in the vertebrae L2–L4.
public enum RedMarrow {
  /// The share of the red marrow that lies in L2–L4 (register A4-2).
  ///
  /// 0.0734 (male) and 0.0716 (female) follow from ICRP 110 and 70 with equal vertebral heights (SCIENCE 16, A5). The
  /// papers use 0.067, attributed to Shen 2002 and not found there: ask for it only to reproduce them.
  public static func lumbarShare(_ sex: Sex) -> Sourced<Double> {
    Sourced(
      sex == .male ? 0.0734 : 0.0716, Source("ICRP 110 and 70: L2–L4 hold 7.34 % (M), 7.16 % (F) of the red marrow"))
  }

  /// The share the papers use.
  public static let paperShare = Sourced(0.067, Source("Attributed to Shen 2002 by the source papers", .unverified))

  /// The relative standard uncertainty of the share in one patient: age, irradiation and disease move marrow.
  public static let shareUncertainty = Sourced(
    0.10, Source("SCIENCE 4.1: uncertain by ± 10 % by definition alone", .unverified))

  /// The volume fraction of active marrow in lumbar spongiosa: 0.514 (male), 0.482 (female) (SCIENCE 16, A3).
  public static func lumbarMarrowFraction(_ sex: Sex) -> Sourced<Double> {
    Sourced(sex == .male ? 0.514 : 0.482, Source("ICRP 110: active marrow in lumbar spongiosa"))
  }

  /// The density of red marrow, 1.03 g/mL.
  public static let density = Sourced(Density.gramsPerMillilitre(1.03), Source("ICRP 110: red marrow 1.03 g/cm³"))

  /// Reading A of register A4-1: activity of the three vertebral bodies over their share of the marrow.
  public static func activity(inVertebrae activity: Activity, share: Double) -> Activity { activity / share }

  /// Reading B: concentration in the spongiosa over its marrow fraction, times the marrow's volume.
  public static func activity(
    concentration: ActivityConcentration, marrowFraction: Double, marrow: Mass
  ) -> Activity {
    .becquerels(
      concentration.becquerelsPerMillilitre / marrowFraction * (marrow.grams / density.value.gramsPerMillilitre))
  }
}
