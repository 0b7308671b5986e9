/// This release of Endora, as results and reports name it.
public enum Release {
  /// The version by semantic versioning.
  public static let version = "0.1.0"
  /// What every page says once.
  public static let disclaimer = "Research use only. Not a medical device."
}
