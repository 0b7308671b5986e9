import Quantities
import Testing

@testable import Reports

private func plain(_ text: String) -> String {
  text.replacing("\u{00A0}", with: " ").replacing("\u{2009}", with: "'")
}

@Suite("Numbers are written by the design's rules")
struct NumberFormatTests {
  @Test(
    "A dose has three significant digits, its uncertainty the decimals of the value",
    arguments: [
      (1.44, 0.13, "1.44 ± 0.13"), (0.42, 0.06, "0.420 ± 0.060"), (0.0334, 0.008, "0.0334 ± 0.0080"),
      (19.8414, 1.786, "19.8 ± 1.8"), (53.7, 8.9, "53.7 ± 8.9"), (0.11, 0.0068, "0.110 ± 0.007"),
      (9.999, 0.5, "10.0 ± 0.5"), (99.96, 12, "100 ± 12"), (1234, 87, "1'230 ± 90"), (0.07, 0.01, "0.0700 ± 0.0100"),
      (1.44, 0.0001, "1.44 ± < 0.01"), (1.44, 0, "1.44 ± 0.00"), (-1.5, 0.2, "−1.50 ± 0.20"), (0, 0.2, "0 ± 0.200"),
      (1.2e-9, 1e-10, "1.20 × 10⁻⁹ ± 0.10 × 10⁻⁹"), (3.456e8, 2e6, "3.46 × 10⁸ ± 0.02 × 10⁸"),
    ])
  func dose(value: Double, u: Double, expected: String) {
    let dose = Uncertain<AbsorbedDose>(.grays(value), standardUncertainty: .grays(u))
    #expect(plain(NumberFormat.dose(dose).joined) == expected)
  }

  @Test("An uncertainty that is not known is not written")
  func noUncertainty() {
    #expect(NumberFormat.dose(Uncertain(.grays(1.44), standardUncertainty: nil)).joined == "1.44")
  }

  @Test(
    "An activity never rounds up",
    arguments: [
      (13.7785, "13.77"), (13.77, "13.77"), (13.779999, "13.77"), (13.78, "13.78"), (0.07, "0.07"), (0.29, "0.29"),
      (1.13, "1.13"), (4.35, "4.35"), (8.41, "8.41"), (0.0099, "0.00"), (1.1 * 3, "3.30"), (4.59 * 3, "13.77"),
      (1234.567, "1'234.56"),
    ])
  func activity(gigabecquerels: Double, expected: String) {
    #expect(plain(NumberFormat.prescribable(.gigabecquerels(gigabecquerels))) == expected)
  }

  @Test("Every hundredth of a GBq up to 40 stays itself")
  func hundredths() {
    for k in 0...4000 {
      let text = "\(k / 100)." + (k % 100 < 10 ? "0" : "") + "\(k % 100)"
      #expect(NumberFormat.prescribable(.gigabecquerels(Double(k) / 100)) == text)
      #expect(NumberFormat.prescribable(.gigabecquerels(Double(k) * 0.01)) == text)
    }
  }

  @Test("A limit never rounds up", arguments: [(23, "23 Gy"), (1, "1 Gy"), (0.5, "0.5 Gy"), (28.9999, "28.99 Gy")])
  func limit(grays: Double, expected: String) { #expect(plain(NumberFormat.limit(.grays(grays))) == expected) }

  @Test(
    "An earliest day never rounds down",
    arguments: [(9.703, "9.8"), (9.7, "9.7"), (9.61, "9.7"), (10, "10.0"), (0.1 + 0.2, "0.3")])
  func earliest(days: Double, expected: String) { #expect(NumberFormat.earliestDay(.days(days)) == expected) }

  @Test(
    "The first whole day is never before the limit is met", arguments: [(9.703, "10"), (10, "10"), (10.0001, "11")])
  func wholeDay(days: Double, expected: String) { #expect(NumberFormat.earliestWholeDay(.days(days)) == expected) }

  @Test("Times in hours have one decimal below ten", arguments: [(7.04, "7.0 h"), (9.96, "10 h"), (167.3, "167 h")])
  func hours(hours: Double, expected: String) { #expect(plain(NumberFormat.hours(.hours(hours))) == expected) }

  @Test(
    "Probabilities have one decimal and bounds at the extremes",
    arguments: [
      (0.0493, "4.9 %"), (0.0005, "< 0.1 %"), (0, "< 0.1 %"), (0.001, "0.1 %"), (0.5, "50.0 %"), (0.999, "99.9 %"),
      (0.9995, "> 99.9 %"), (1, "> 99.9 %"), (0.0285, "2.9 %"),
    ])
  func probability(p: Double, expected: String) { #expect(plain(NumberFormat.probability(p)) == expected) }

  @Test("What is not a number is an en dash, never zero")
  func missing() {
    #expect(NumberFormat.prescribable(.gigabecquerels(.nan)) == "–")
    #expect(NumberFormat.dose(.grays(.infinity)) == "–")
    #expect(NumberFormat.probability(.nan) == "–")
    #expect(NumberFormat.probability(1.2) == "–")
    #expect(NumberFormat.earliestDay(.days(.infinity)) == "–")
    #expect(NumberFormat.dose(Uncertain(.grays(2), standardUncertainty: .grays(.nan))).joined == "2.00")
  }

  @Test("Value and unit are bound by a no-break space, also in sentences")
  func binding() {
    #expect(NumberFormat.grays(.grays(0.4603)) == "0.460\u{00A0}Gy")
    #expect(
      TextRun.bindingUnits("With 7.4 % it is 9 Gy, at 14 days.") == "With 7.4\u{00A0}% it is 9\u{00A0}Gy, at 14 days.")
    #expect(TextRun.bindingUnits("1.2 ± 0.1 h") == "1.2\u{00A0}±\u{00A0}0.1\u{00A0}h")
  }

  @Test("Rounding meets decimal digits, not binary fractions")
  func decimals() throws {
    for (number, expected) in [
      (1.005, "1.01"), (2.675, "2.68"), (0.125, "0.13"), (-0.004, "0.00"), (1e21, "1'000'000'000'000'000'000'000.00"),
    ] {
      #expect(plain(NumberFormat.fixed(number, decimals: 2, .nearest)) == expected)
    }
    #expect(plain(NumberFormat.fixed(.leastNonzeroMagnitude, decimals: 1, .up)) == "0.1")
    #expect(NumberFormat.fixed(.greatestFiniteMagnitude, decimals: 0, .nearest).count == 309 + 102)
  }
}
