import Foundation
import Quantities
import Testing

@testable import Radionuclides

@Suite("Chains in time")
struct IngrowthTests {
  let table: NuclideTable

  init() throws { table = try NuclideTable.icrp107() }

  @Test("²¹²Bi grows in ²¹²Pb as the two-member formula of Bateman says", arguments: [0.0, 0.1, 1, 3.7, 20, 100])
  func two(hours: Double) throws {
    let activities = try table.activities(after: .hours(hours), of: "Pb-212")
    let (lead, bismuth) = (0.6931471805599453 / 10.64, 0.6931471805599453 / (60.55 / 60))
    #expect(isClose(activities[0].relative, exp(-lead * hours), relative: 1e-12))
    let expected = bismuth / (bismuth - lead) * (exp(-lead * hours) - exp(-bismuth * hours))
    #expect(abs(activities[1].relative - expected) < 1e-12)
  }

  @Test("⁹⁹Tc grows in ⁹⁹ᵐTc as atoms, and its decays after the patient's life are not the chain's")
  func technetium() throws {
    let late = try table.activities(after: .days(10), of: "Tc-99m")
    let ground = try #require(late.first { $0.nuclide.name == "Tc-99" })
    // All atoms have become ⁹⁹Tc: the ratio of activities is that of the decay constants.
    #expect(isClose(ground.relative, 0.99996 * 6.015 / (211_100 * 365.25 * 24), relative: 1e-5))
    #expect(try table.chain(of: "Tc-99m").members.map(\.nuclide.name) == ["Tc-99m"])
    #expect(try table.chain(of: "Tc-99m").ends == ["Ru-99", "Tc-99"])
    let all = try table.chain(of: "Tc-99m", longest: nil)
    #expect(all.members.map(\.decaysPerParentDecay) == [1, 0.99996])
    #expect(isClose(try table.nuclide("Tc-99").emitted.electrons.kiloelectronvolts, 101, relative: 0.01))
  }

  @Test(
    "In the equilibrium of ²²⁵Ac each daughter has T/(T − Tᵢ) of its activity, and time integrals are the chain's decays"
  )
  func actinium() throws {
    let day = try table.activities(after: .days(1), of: "Ac-225")
    let francium = try #require(day.first { $0.nuclide.name == "Fr-221" })
    #expect(isClose(francium.relative / day[0].relative, 1 / (1 - 4.9 / 14400), relative: 1e-9))
    // Simpson's rule over 300 days.
    let chain = try table.chain(of: "Ac-225")
    let steps = 3000
    var integrals = [Double](repeating: 0, count: chain.members.count)
    for k in 0...steps {
      let weight = k == 0 || k == steps ? 1.0 : k % 2 == 1 ? 4 : 2
      let activities = try table.activities(after: .days(300 * Double(k) / Double(steps)), of: "Ac-225")
      for (i, activity) in activities.enumerated() { integrals[i] += weight * activity.relative }
    }
    for (member, integral) in zip(chain.members, integrals) {
      let decays = integral * 300 / Double(steps) / 3 * 0.6931471805599453 / 10
      #expect(isClose(decays, member.decaysPerParentDecay, relative: 3e-3), "\(member.nuclide.name)")
    }
  }

  @Test("Half of ²¹³Bi that leaves takes half of all that follows with it, and nothing of what comes before")
  func migration() throws {
    let whole = try table.chain(of: "Ac-225")
    let part = try table.chain(of: "Ac-225", retained: ["213Bi": 0.5])
    for (a, b) in zip(whole.members, part.members) {
      let follows = ["Bi-213", "Po-213", "Tl-209", "Pb-209"].contains(a.nuclide.name)
      #expect(isClose(b.decaysPerParentDecay, a.decaysPerParentDecay * (follows ? 0.5 : 1), relative: 1e-12))
    }
    let late = try table.activities(after: .days(2), of: "Ac-225", retained: ["Bi-213": 0.5])
    let all = try table.activities(after: .days(2), of: "Ac-225")
    for (a, b) in zip(all, late) where a.nuclide.name == "Pb-209" {
      #expect(isClose(b.relative, a.relative / 2, relative: 1e-9))
    }
  }

  @Test("Retained fractions outside 0 to 1, of strangers and of the parent, and times before zero are refused")
  func refusals() {
    for retained in [["Bi-213": 1.1], ["Bi-213": -0.1], ["Bi-213": .nan], ["Y-90": 0.5], ["Ac-225": 0.5]] {
      #expect(throws: RadionuclideError.self) { try table.chain(of: "Ac-225", retained: retained) }
    }
    for time in [Time.days(-1), .seconds(.nan), .seconds(.infinity)] {
      #expect(throws: RadionuclideError.self) { try table.activities(after: time, of: "Ac-225") }
    }
  }
}
