public import Quantities

/// What a protocol means for one patient, day by day.
public struct Schedule: Sendable {
  /// What a schedule is made from.
  public struct Request: Sendable {
    public let donor: Donor
    /// The day of the radiopharmaceutical.
    public let therapyDay: Int
    /// The patient, where doses are wanted.
    public let body: BodySize?
    public let surfaceFormula: BodySize.SurfaceFormula
    public let weightChoice: BodySize.WeightChoice
    /// Fractions of 2 Gy, two a day from day −9.
    public let irradiationFractions: Int
    public let confirmations: [Confirmation]

    public init(
      donor: Donor, therapyDay: Int, body: BodySize?, surfaceFormula: BodySize.SurfaceFormula,
      weightChoice: BodySize.WeightChoice, irradiationFractions: Int, confirmations: [Confirmation]
    ) {
      self.donor = donor
      self.therapyDay = therapyDay
      self.body = body
      self.surfaceFormula = surfaceFormula
      self.weightChoice = weightChoice
      self.irradiationFractions = irradiationFractions
      self.confirmations = confirmations
    }
  }

  /// A step with its days.
  public struct Step: Hashable, Sendable {
    public let item: String
    public let kind: ConditioningProtocol.Kind
    public let title: String
    public let days: [Int]
    /// The last day of a step that goes on from its first.
    public let through: Int?
    public let text: String
    /// Of irradiation, two a day.
    public let fractions: Int?
    /// The dose of each of the days; `nil` where none is calculated.
    public let dailyDose: Mass?
    /// The drug's class of the WHO's anatomical therapeutic chemical system.
    public let code: String?
    /// The entry of the ambiguity register that waits for a person, with what is doubted.
    public let toConfirm: String?
    public let doubt: String?
    /// The person and reason where a reading was confirmed.
    public let confirmation: Confirmation?

    /// What happens on one of the days.
    public func text(on day: Int) -> String {
      guard kind == .irradiation, let place = days.firstIndex(of: day), let fractions else { return text }
      return "\(min(2, fractions - 2 * place)) × 2 Gy of \(text)"
    }

    /// The last day of all.
    public var lastDay: Int { max(through ?? Int.min, days.max() ?? 0) }
    /// The first day of all.
    public var firstDay: Int { days.min() ?? 0 }
  }

  public let request: Request
  public let steps: [Step]

  /// - Throws: ``TherapyError`` for a confirmation of a step or reading that the protocol does not have, or two of one
  ///   step, a therapy at or after the graft, or fractions outside 1…12.
  public init(_ plan: ConditioningProtocol, _ request: Request) throws {
    guard (-60..<0).contains(request.therapyDay), (1...12).contains(request.irradiationFractions) else {
      throw TherapyError(
        "schedule-invalid",
        "The radiopharmaceutical is on day \(request.therapyDay), irradiation has \(request.irradiationFractions) fractions.",
        remedy: "Give a day from −60 to −1 and 1 to 12 fractions.")
    }
    for confirmation in request.confirmations {
      guard request.confirmations.count(where: { $0.item == confirmation.item }) == 1,
        let item = plan.items.first(where: { $0.id == confirmation.item }),
        item.readings.contains(where: { $0.id == confirmation.reading })
      else {
        throw TherapyError(
          "confirmation-unknown",
          "“\(confirmation.item)” with the reading “\(confirmation.reading)” cannot be confirmed.",
          remedy: "Confirm each step once, with one of its readings; the schedule lists them.")
      }
    }
    self.request = request
    steps = plan.items.filter { $0.donors.contains(request.donor) }
      .map { Self.step($0, request) }.sorted { ($0.firstDay, $0.lastDay) < ($1.firstDay, $1.lastDay) }
  }

  private static func step(_ item: ConditioningProtocol.Item, _ request: Request) -> Step {
    let confirmation = request.confirmations.first { $0.item == item.id }
    let reading = item.readings.first { $0.id == confirmation?.reading }
    let waits = !item.readings.isEmpty && reading == nil
    var days = reading?.days ?? item.days
    var text = reading?.text ?? item.printed
    var through = item.through
    switch item.kind {
    case .radiopharmaceutical, .support: days = [request.therapyDay]
    case .isolation:
      days = [request.therapyDay]
      through = request.therapyDay + 2
    case .irradiation, .shielding:
      let first = item.days.min() ?? -9
      days = Array(first..<(first + (request.irradiationFractions + 1) / 2))
      guard item.kind == .irradiation else { break }
      text = "\(request.irradiationFractions) × 2 Gy, \(2 * request.irradiationFractions) Gy"
    default: break
    }
    let dose = waits ? nil : reading?.dose ?? item.dose
    return Step(
      item: item.id, kind: item.kind, title: reading?.title ?? item.title, days: days, through: through, text: text,
      fractions: item.kind == .irradiation ? request.irradiationFractions : nil,
      dailyDose: request.body.flatMap { body in
        dose?.daily(
          surface: body.surface(request.surfaceFormula), weight: body.weight(request.weightChoice), days: days.count)
      }, code: reading?.code ?? item.code, toConfirm: waits ? item.flag ?? item.id : nil, doubt: item.doubt,
      confirmation: confirmation)
  }
}
