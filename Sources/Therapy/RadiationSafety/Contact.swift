import Foundation
import Numerics
public import Quantities

/// Somebody near the patient: how far, for what share of the time, and how much dose is acceptable.
public struct Contact: Hashable, Sendable {
  public let name: String
  public let distance: Length
  /// Hours a day at that distance.
  public let hoursPerDay: Double
  public let limit: DoseEquivalent

  public init(name: String, distance: Length, hoursPerDay: Double, limit: DoseEquivalent) {
    self.name = name
    self.distance = distance
    self.hoursPerDay = hoursPerDay
    self.limit = limit
  }

  /// Situations at home, each with 1 mSv, the limit of the public (StrlSchG 80).
  public static let atHome = [
    Contact(
      name: "same room, 2 m, 6 h a day", distance: .centimetres(200), hoursPerDay: 6, limit: .microsieverts(1000)),
    Contact(
      name: "shared bed, 1 m, 8 h a day", distance: .centimetres(100), hoursPerDay: 8, limit: .microsieverts(1000)),
    Contact(name: "at work, 1 m, 8 h a day", distance: .centimetres(100), hoursPerDay: 8, limit: .microsieverts(1000)),
    Contact(
      name: "child or pregnant person, 1 m, 3 h a day", distance: .centimetres(100), hoursPerDay: 3,
      limit: .microsieverts(1000)),
  ]
}

extension PatientDoseRate {
  /// What somebody receives from a time on.
  public func dose(of contact: Contact, from time: Time) throws -> DoseEquivalent {
    try dose(at: contact.distance, from: time) * (contact.hoursPerDay / 24)
  }

  /// The time until which the contact is avoided so that what follows stays within its limit; `nil` beyond ten years.
  public func avoided(_ contact: Contact) throws -> Time? {
    guard try dose(of: contact, from: .zero) > contact.limit else { return .zero }
    let whole = Time.days(3650).hours
    var failure: (any Error)?
    let root = Root.bisect(0, whole) { hours in
      do {
        return try (dose(of: contact, from: .hours(hours)) - contact.limit).base
      } catch {
        failure = error
        return -1
      }
    }
    if let failure { throw failure }
    return root.map { .hours($0) }
  }

  /// What a stay of a certain length at a distance gives, begun at a time.
  public func dose(at distance: Length, from time: Time, lasting duration: Time) throws -> DoseEquivalent {
    try dose(at: distance, from: time) - dose(at: distance, from: time + duration)
  }

  /// What has left the body by a time, with its decay: A₀ (e^(−λt) − R(t)); urine in the main.
  public func excreted(until time: Time, decay: RateConstant) -> Activity {
    max(.zero, administered * (exp(-decay.perSecond * time.seconds) - retention.share(at: time)))
  }
}
