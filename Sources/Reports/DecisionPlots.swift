public import Quantities

/// How far each input and each open setting moves the activity.
public struct TornadoPlot: Sendable {
  /// One bar.
  public struct Row: Sendable {
    public var name: String
    /// `u 5.0 %`, `A7-3`.
    public var aside: String
    public var least: Activity
    public var most: Activity
    /// Another choice of a setting, drawn open; an input over its 95 % interval otherwise.
    public var isSetting: Bool

    public init(name: String, aside: String, least: Activity, most: Activity, isSetting: Bool) {
      self.name = name
      self.aside = aside
      self.least = least
      self.most = most
      self.isSetting = isSetting
    }
  }

  /// The activity that is moved.
  public var activity: Activity
  public var rows: [Row]

  public init(activity: Activity, rows: [Row]) {
    self.activity = activity
    self.rows = rows
  }
}

/// What other labels would mean: doses and wait at each label's own activity, and less of it.
public struct LabelPlot: Sendable {
  /// Marrow and kidney dose at one activity of a label.
  public struct Point: Sendable {
    public var wait: Time
    public var marrow: AbsorbedDose
    public var kidneys: AbsorbedDose
    /// Whether nothing is better in one respect and as good in the others.
    public var isOnFront: Bool

    public init(wait: Time, marrow: AbsorbedDose, kidneys: AbsorbedDose, isOnFront: Bool) {
      self.wait = wait
      self.marrow = marrow
      self.kidneys = kidneys
      self.isOnFront = isOnFront
    }
  }

  /// One label at its own activity.
  public struct Row: Sendable {
    /// `¹⁷⁷Lu`
    public var name: String
    /// `16.71 GBq`; `refused` when there is none.
    public var activity: String
    public var governing: String
    public var kidneys: AbsorbedDose?
    public var marrow: AbsorbedDose?
    public var lesion: AbsorbedDose?
    public var earliestGraft: Time?
    public var recovery: Time?
    /// Whether alpha particles take part, whose dose counts more against limits.
    public var isAlpha: Bool
    /// By rising activity up to the label's own.
    public var points: [Point]
    /// Whether it is the label that was measured.
    public var isMeasured: Bool

    public init(
      name: String, activity: String, governing: String, kidneys: AbsorbedDose?, marrow: AbsorbedDose?,
      lesion: AbsorbedDose?, earliestGraft: Time?, recovery: Time?, isAlpha: Bool, points: [Point], isMeasured: Bool
    ) {
      self.name = name
      self.activity = activity
      self.governing = governing
      self.kidneys = kidneys
      self.marrow = marrow
      self.lesion = lesion
      self.earliestGraft = earliestGraft
      self.recovery = recovery
      self.isAlpha = isAlpha
      self.points = points
      self.isMeasured = isMeasured
    }
  }

  public var rows: [Row]
  /// The planned day of the graft.
  public var graft: Time

  public init(rows: [Row], graft: Time) {
    self.rows = rows
    self.graft = graft
  }
}

/// A part of the reporting checklist.
public struct AnnexSection: Sendable {
  /// One item; `nil` when it was not provided.
  public struct Item: Sendable {
    public var number: Int
    public var name: String
    public var text: String?

    public init(number: Int, name: String, text: String?) {
      self.number = number
      self.name = name
      self.text = text
    }
  }

  /// `A  Radiopharmaceutical`
  public var title: String
  public var items: [Item]

  public init(title: String, items: [Item]) {
    self.title = title
    self.items = items
  }
}
