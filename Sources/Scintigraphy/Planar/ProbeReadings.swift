import Glibc
public import Provenance
public import Quantities

/// Readings of a probe at a fixed distance of the patient, which tell the activity in the whole body.
public struct ProbeReadings: Hashable, Sendable {
  /// One reading from the front and the back, and of the empty room.
  public struct Reading: Hashable, Sendable {
    /// After the administration.
    public let time: Time
    public let front: CountRate
    public let back: CountRate
    public let background: CountRate
    /// How long each side was counted.
    public let duration: Time

    public init(time: Time, front: CountRate, back: CountRate, background: CountRate, duration: Time) {
      self.time = time
      self.front = front
      self.back = back
      self.background = background
      self.duration = duration
    }

    /// √((front − background)·(back − background)).
    var net: CountRate { CountRate(base: ((front - background).base * (back - background).base).squareRoot()) }

    /// u²(ln net), by counting.
    var relativeVariance: Double {
      let sides = [front, back].map { side in
        let net = (side - background).base
        return (side.base + background.base) / duration.seconds / (net * net)
      }
      return (sides[0] + sides[1]) / 4
    }
  }

  /// The readings, first the one before voiding.
  public let readings: [Reading]
  /// What is worth knowing.
  public let findings: [Finding]

  /// - Throws: ``ScintigraphyError`` when there is no reading, one was taken before the administration, the distance is below 2 m,
  ///   times do not rise, a reading is not above its background, or the activity rises by more than 3 % from one reading to the next.
  public init(_ readings: [Reading], distance: Length, firstIsBeforeVoiding: Bool) throws(ScintigraphyError) {
    guard !readings.isEmpty, zip(readings, readings.dropFirst()).allSatisfy({ $0.time < $1.time }) else {
      throw ScintigraphyError(
        "probe-times", "The probe has no readings, or their times do not rise.",
        remedy: "List the readings in the order of their times.")
    }
    guard readings.allSatisfy({ $0.time >= .zero }) else {
      throw ScintigraphyError(
        "probe-before-administration", "The probe was read before the administration.",
        remedy: "Check the times of the readings and the administration, with their time zones.")
    }
    guard distance >= .centimetres(200) else {
      throw ScintigraphyError(
        "probe-distance", "The probe stood \(distance.centimetres) cm from the patient.",
        remedy: "At less than 2 m a reading depends on where the activity is; use readings from 2 m on.")
    }
    for reading in readings
    where reading.background < .zero || reading.front <= reading.background || reading.back <= reading.background
      || reading.duration <= .zero
    {
      throw ScintigraphyError(
        "probe-reading",
        "The probe reading at \(hours(reading.time)) is not above its background, or has no duration.",
        remedy: "Check its counts and that of the empty room.")
    }
    for (a, b) in zip(readings, readings.dropFirst()) where b.net > a.net * 1.03 {
      throw ScintigraphyError(
        "retention-rises", "The probe shows \(percent(b.net / a.net - 1)) more at \(hours(b.time)) than before.",
        remedy: "Check the distance, the geometry and the background of both readings.")
    }
    self.readings = readings
    findings =
      firstIsBeforeVoiding
      ? []
      : [
        Finding(
          .serious, code: "first-reading-after-voiding", title: "First probe reading after voiding.",
          "The first reading stands for all of the administered activity, but some had been voided: every activity is too "
            + "high by as much.", origin: "Scintigraphy · probe")
      ]
  }

  /// Whether a reading was taken within ``slack`` of a time.
  func isRead(near time: Time) -> Bool {
    readings.contains { ($0.time - time).seconds.magnitude <= Self.slack.seconds }
  }

  /// How far from a scan a reading may be.
  static let slack = Time.hours(2)

  /// R(t) = P(t)/P(0), the fraction of the administered activity still present, physical decay included, with its
  /// relative uncertainty by counting. Between readings ln R is interpolated.
  ///
  /// - Throws: ``ScintigraphyError`` for a time more than 2 h outside the readings.
  public func retention(at time: Time) throws(ScintigraphyError) -> (value: Double, relativeUncertainty: Double) {
    guard let first = readings.first, let last = readings.last, time >= first.time - Self.slack,
      time <= last.time + Self.slack
    else {
      throw ScintigraphyError(
        "probe-missing", "There is no probe reading near \(hours(time)).", remedy: "Read the probe before every scan.")
    }
    let clamped = min(max(time, first.time), last.time)
    let next = readings.firstIndex { $0.time >= clamped } ?? readings.count - 1
    let (a, b) = (readings[max(0, next - 1)], readings[next])
    let part = b.time > a.time ? (clamped - a.time) / (b.time - a.time) : 1
    let logarithm = (1 - part) * log(a.net / first.net) + part * log(b.net / first.net)
    let variance =
      (1 - part) * (1 - part) * a.relativeVariance + part * part * b.relativeVariance + first.relativeVariance
    let isFirst = clamped == first.time
    return (exp(logarithm), isFirst ? 0 : variance.squareRoot())
  }

  /// R with the physical decay taken out, e^(λt)·R.
  public static func biological(_ retention: Double, at time: Time, decay: RateConstant) -> Double {
    retention * exp(decay.perSecond * time.seconds)
  }
}
