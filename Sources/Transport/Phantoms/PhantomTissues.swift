import Provenance
import Quantities

extension Material {
  private static let ornl = Source("ORNL/TM-8381: adult tissues without trace metals; I by Bragg's rule of ICRU 37")

  /// The soft tissue of the stylised phantoms.
  static let phantomSoftTissue = Material(
    "phantom soft tissue", .gramsPerMillilitre(1.04),
    [
      1: 10.454, 6: 22.663, 7: 2.49, 8: 63.525, 11: 0.112, 12: 0.013, 14: 0.03, 15: 0.134, 16: 0.204, 17: 0.133,
      19: 0.208, 20: 0.024, 26: 0.005, 30: 0.003,
    ], ornl)

  /// The lung of the stylised phantoms.
  static let phantomLung = Material(
    "phantom lung", .gramsPerMillilitre(0.296),
    [
      1: 10.134, 6: 10.238, 7: 2.866, 8: 75.752, 11: 0.184, 12: 0.007, 14: 0.006, 15: 0.08, 16: 0.225, 17: 0.266,
      19: 0.194, 20: 0.009, 26: 0.037, 30: 0.001,
    ], ornl)
}
