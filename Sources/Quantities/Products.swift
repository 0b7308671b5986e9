// The products and quotients of different kinds that dosimetry uses.

extension Activity {
  /// Activity integrated over a time during which it is constant.
  public static func * (a: Activity, t: Time) -> TimeIntegratedActivity {
    .becquerelSeconds(a.becquerels * t.seconds)
  }
}

extension ActivityConcentration {
  /// The activity of a volume that holds this concentration throughout.
  public static func * (c: ActivityConcentration, v: Volume) -> Activity {
    .becquerels(c.becquerelsPerMillilitre * v.millilitres)
  }
}

extension TimeIntegratedActivity {
  /// The coefficient ã = Ã / A of an administered activity A.
  public static func / (a: TimeIntegratedActivity, administered: Activity) -> TimeIntegratedActivityCoefficient {
    .seconds(a.becquerelSeconds / administered.becquerels)
  }

  /// The absorbed dose D = Ã S.
  public static func * (a: TimeIntegratedActivity, s: SValue) -> AbsorbedDose {
    .grays(a.becquerelSeconds * s.graysPerBecquerelSecond)
  }
}

extension TimeIntegratedActivityCoefficient {
  /// The absorbed dose per administered activity, d = ã S.
  public static func * (a: TimeIntegratedActivityCoefficient, s: SValue) -> AbsorbedDosePerActivity {
    .graysPerBecquerel(a.seconds * s.graysPerBecquerelSecond)
  }
}

extension AbsorbedDosePerActivity {
  /// The absorbed dose of an activity.
  public static func * (d: AbsorbedDosePerActivity, a: Activity) -> AbsorbedDose {
    .grays(d.graysPerBecquerel * a.becquerels)
  }
}

extension AbsorbedDose {
  /// The activity that gives this dose.
  public static func / (dose: AbsorbedDose, d: AbsorbedDosePerActivity) -> Activity {
    .becquerels(dose.grays / d.graysPerBecquerel)
  }

  /// The dose per activity of a dose that an activity gave.
  public static func / (dose: AbsorbedDose, a: Activity) -> AbsorbedDosePerActivity {
    .graysPerBecquerel(dose.grays / a.becquerels)
  }
}

extension Volume {
  /// The mass of a volume of uniform density.
  public static func * (v: Volume, density: Density) -> Mass {
    .grams(v.millilitres * density.gramsPerMillilitre)
  }
}

extension RateConstant {
  /// The rate constant ln 2 / T of a half-life.
  public init(halfLife: Time) { self.init(base: 0.693_147_180_559_945_3 / halfLife.seconds) }

  /// The half-life ln 2 / λ.
  public var halfLife: Time { .seconds(0.693_147_180_559_945_3 / perSecond) }
}
