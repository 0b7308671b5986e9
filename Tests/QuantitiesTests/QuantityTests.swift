import Quantities
import Testing

func isClose(_ a: Double, _ b: Double, relative: Double = 1e-14) -> Bool { abs(a - b) <= relative * abs(b) }

@Suite("Quantities")
struct QuantityTests {
  @Test("A value comes back from every unit", arguments: [1.0, -3.7, 6.02e23, 1e-30, 0])
  func roundTrips(x: Double) {
    let values = [
      Time.seconds(x).seconds, Time.minutes(x).minutes, Time.hours(x).hours, Time.days(x).days,
      RateConstant.perSecond(x).perSecond, RateConstant.perHour(x).perHour, Length.millimetres(x).millimetres,
      Length.centimetres(x).centimetres, Volume.millilitres(x).millilitres, Mass.grams(x).grams,
      Mass.kilograms(x).kilograms, Density.gramsPerMillilitre(x).gramsPerMillilitre,
      Energy.megaelectronvolts(x).megaelectronvolts, Energy.kiloelectronvolts(x).kiloelectronvolts,
      Activity.becquerels(x).becquerels, Activity.megabecquerels(x).megabecquerels,
      Activity.gigabecquerels(x).gigabecquerels,
      ActivityConcentration.becquerelsPerMillilitre(x).becquerelsPerMillilitre,
      ActivityConcentration.megabecquerelsPerMillilitre(x).megabecquerelsPerMillilitre,
      TimeIntegratedActivity.becquerelSeconds(x).becquerelSeconds,
      TimeIntegratedActivity.megabecquerelHours(x).megabecquerelHours,
      TimeIntegratedActivityCoefficient.seconds(x).seconds, TimeIntegratedActivityCoefficient.hours(x).hours,
      AbsorbedDose.grays(x).grays, AbsorbedDose.milligrays(x).milligrays,
      AbsorbedDoseRate.graysPerSecond(x).graysPerSecond, AbsorbedDoseRate.milligraysPerHour(x).milligraysPerHour,
      AbsorbedDosePerActivity.graysPerBecquerel(x).graysPerBecquerel,
      AbsorbedDosePerActivity.graysPerGigabecquerel(x).graysPerGigabecquerel, BiologicallyEffectiveDose.grays(x).grays,
      EquieffectiveDose.grays(x).grays, SValue.graysPerBecquerelSecond(x).graysPerBecquerelSecond,
      SValue.milligraysPerMegabecquerelSecond(x).milligraysPerMegabecquerelSecond,
    ]
    for value in values { #expect(isClose(value, x)) }
  }

  @Test("Units of one kind stand in the right ratio")
  func ratios() {
    #expect(Time.days(1).hours == 24 && Time.hours(1).minutes == 60 && Time.minutes(1).seconds == 60)
    #expect(isClose(RateConstant.perHour(3600).perSecond, 1))
    #expect(Length.centimetres(1).millimetres == 10 && Mass.kilograms(1).grams == 1000)
    #expect(isClose(Energy.kiloelectronvolts(1000).megaelectronvolts, 1))
    #expect(Activity.gigabecquerels(1).megabecquerels == 1000 && Activity.megabecquerels(1).becquerels == 1e6)
    #expect(ActivityConcentration.megabecquerelsPerMillilitre(1).becquerelsPerMillilitre == 1e6)
    #expect(TimeIntegratedActivity.megabecquerelHours(1).becquerelSeconds == 3.6e9)
    #expect(TimeIntegratedActivityCoefficient.hours(1).seconds == 3600)
    #expect(isClose(AbsorbedDose.milligrays(1000).grays, 1))
    #expect(isClose(AbsorbedDoseRate.milligraysPerHour(3.6e6).graysPerSecond, 1))
    #expect(isClose(AbsorbedDosePerActivity.graysPerGigabecquerel(1e9).graysPerBecquerel, 1))
    #expect(isClose(SValue.milligraysPerMegabecquerelSecond(1e9).graysPerBecquerelSecond, 1))
  }

  @Test("Products of kinds agree with hand calculation")
  func products() {
    #expect((Activity.megabecquerels(2) * Time.hours(3)).megabecquerelHours == 6)
    let activity = ActivityConcentration.becquerelsPerMillilitre(5) * Volume.millilitres(4)
    #expect(activity == .becquerels(20))
    #expect(TimeIntegratedActivity.megabecquerelHours(6) / Activity.megabecquerels(3) == .hours(2))
    let s = SValue.graysPerBecquerelSecond(2e-12)
    #expect(isClose((TimeIntegratedActivity.becquerelSeconds(5e12) * s).grays, 10))
    let perActivity = TimeIntegratedActivityCoefficient.seconds(100) * s
    #expect(isClose(perActivity.graysPerBecquerel, 2e-10))
    #expect(isClose((perActivity * Activity.gigabecquerels(5)).grays, 1))
    #expect(isClose((AbsorbedDose.grays(1) / perActivity).gigabecquerels, 5))
    #expect(isClose((AbsorbedDose.grays(1) / Activity.gigabecquerels(5)).graysPerGigabecquerel, 0.2))
    #expect(isClose((Volume.millilitres(10) * Density.gramsPerMillilitre(1.04)).grams, 10.4))
    #expect(isClose(RateConstant(halfLife: .hours(6.0)).halfLife.hours, 6))
    #expect(isClose(RateConstant(halfLife: .seconds(1)).perSecond, 0.693_147_180_559_945_3))
  }

  @Test("Quantities of one kind add, compare and divide")
  func arithmetic() {
    #expect(Time.hours(1) + .minutes(30) == .minutes(90) && Time.hours(1) - .minutes(30) == .minutes(30))
    #expect(Time.hours(3) / Time.hours(2) == 1.5 && 2 * Time.hours(3) == .hours(6) && Time.hours(3) / 3 == .hours(1))
    #expect(Time.minutes(59) < .hours(1) && -Time.seconds(1) < .zero)
    #expect([Mass.grams(1), .grams(2)].total() == .grams(3) && [Mass]().total() == .zero)
    #expect(!Mass.grams(.nan).isFinite && !Mass.grams(.infinity).isFinite && Mass.grams(1).isFinite)
    #expect(Mass.grams(2.5).description == "2.5 g")
  }

  @Test("A relative uncertainty is a fraction of the value, without a sign")
  func uncertain() {
    let value = Uncertain(AbsorbedDose.grays(-4), relative: 0.25)
    #expect(value.standardUncertainty == .grays(1) && value.relativeUncertainty == 0.25)
    #expect(Uncertain(AbsorbedDose.grays(2), standardUncertainty: .grays(0.5)).relativeUncertainty == 0.25)
    #expect(Uncertain(AbsorbedDose.grays(2), relative: nil).standardUncertainty == nil)
    #expect(Uncertain(AbsorbedDose.grays(2), relative: nil).relativeUncertainty == nil)
    #expect(Uncertain(AbsorbedDose.zero, standardUncertainty: .grays(0.5)).relativeUncertainty == nil)
  }
}
