public import Quantities

/// The decays that follow from one decay of a parent in the same place.
public struct DecayChain: Hashable, Sendable {
  /// The decays of one nuclide of the chain.
  public struct Member: Hashable, Sendable {
    public let nuclide: Nuclide
    /// The decays of this nuclide per decay of the parent.
    public let decaysPerParentDecay: Double
  }

  /// The fraction of a nuclide's decays that leave one product.
  public struct Branch: Hashable, Sendable {
    /// The nuclide that decays.
    public let nuclide: String
    /// What it leaves.
    public let product: String
    /// The fraction of its decays, 0 to 1.
    public let fraction: Double

    public init(_ nuclide: String, to product: String, _ fraction: Double) {
      (self.nuclide, self.product, self.fraction) = (nuclide, product, fraction)
    }
  }

  /// A succession of decays from the parent on and the fraction of parent atoms that go it and stay in place.
  struct Way: Hashable, Sendable {
    let nuclides: [Nuclide]
    let fraction: Double
  }

  /// The parent first, then the progeny in the order of decay.
  public let members: [Member]
  /// The ways from the parent to each member, the parent's own first.
  let ways: [Way]
  /// Products at which the chain ends: stable ones, those that the table lacks, and those that outlive the patient.
  public let ends: [String]

  /// The decays of a nuclide alone, as if nothing followed.
  public init(of nuclide: Nuclide) {
    self.init(
      members: [Member(nuclide: nuclide, decaysPerParentDecay: 1)], ways: [Way(nuclides: [nuclide], fraction: 1)],
      ends: nuclide.products.map(\.name))
  }

  init(members: [Member], ways: [Way], ends: [String]) {
    (self.members, self.ways, self.ends) = (members, ways, ends)
  }

  /// The mean energy emitted per decay of the parent, Σ nᵢ Δᵢ.
  public var emitted: EmittedEnergy {
    members.reduce(EmittedEnergy()) { $0.adding($1.nuclide.emitted, times: $1.decaysPerParentDecay) }
  }

  /// The dose constant of electrons, alpha particles and recoil nuclei of the whole chain.
  public var localDose: DoseConstant { DoseConstant(energyPerDecay: emitted.locallyAbsorbed) }
}

extension NuclideTable {
  /// The chain of a parent and what decays in the same place.
  ///
  /// The number of decays of each member per decay of the parent is the sum over the ways to it of the products of
  /// branching fractions. It holds in secular equilibrium, and summed over all time for any half-lives.
  /// - Parameters:
  ///   - branching: fractions that replace those of the table.
  ///   - retained: the fraction of atoms of a daughter, 0 to 1, that stay where they arise. What leaves decays elsewhere
  ///     with all that follows from it and is not counted. A daughter that is not named stays.
  ///   - longest: the half-life above which a daughter ends the chain, since hardly any of it decays in a patient: ⁹⁹Tc of
  ///     211 100 y would give six times the electrons of ⁹⁹ᵐTc, in a million years. `nil` counts all decays.
  /// - Throws: ``RadionuclideError`` for an unknown nuclide, a fraction outside 0 to 1 or of a product that the nuclide
  ///   does not have, fractions of one nuclide above 1 together, a chain that never ends.
  public func chain(
    of parent: String, branching: [DecayChain.Branch] = [], retained: [String: Double] = [:],
    longest: Time? = .days(36525)
  ) throws(RadionuclideError) -> DecayChain {
    let replaced = try fractions(branching)
    let staying = try retentions(retained)
    var ways: [DecayChain.Way] = []
    var decays: [String: Double] = [:]
    var deepest: [String: Int] = [:]
    var ends: Set<String> = []

    func visit(_ nuclide: Nuclide, after: [Nuclide], decaysPerParent: Double, depth: Int) throws(RadionuclideError) {
      guard depth <= 16 else {
        throw RadionuclideError(
          "endless-chain", "The decay chain of \(parent) does not end.", remedy: "Check the products in the table.")
      }
      decays[nuclide.name, default: 0] += decaysPerParent
      deepest[nuclide.name] = max(depth, deepest[nuclide.name] ?? 0)
      ways.append(.init(nuclides: after + [nuclide], fraction: decaysPerParent))
      for product in nuclide.products {
        let fraction = replaced[nuclide.name]?[product.name] ?? product.branching
        if let next = find(product.name), longest.map({ next.halfLife <= $0 }) ?? true {
          try visit(
            next, after: after + [nuclide],
            decaysPerParent: decaysPerParent * fraction * (staying[next.name] ?? 1), depth: depth + 1)
        } else {
          ends.insert(product.name)
        }
      }
    }

    let first = try nuclide(parent)
    try visit(first, after: [], decaysPerParent: 1, depth: 0)
    if let stranger = staying.keys.sorted().first(where: { $0 == first.name || deepest[$0] == nil }) {
      throw RadionuclideError(
        "no-daughter", "\(stranger) is no daughter of \(first.name).",
        remedy: "Name nuclides that follow from \(first.name).")
    }
    let members = nuclides.filter { deepest[$0.name] != nil }
      .sorted { (deepest[$0.name] ?? 0, $0.name) < (deepest[$1.name] ?? 0, $1.name) }
      .map { DecayChain.Member(nuclide: $0, decaysPerParentDecay: decays[$0.name] ?? 0) }
    return DecayChain(members: members, ways: ways, ends: ends.sorted())
  }

  private func retentions(_ retained: [String: Double]) throws(RadionuclideError) -> [String: Double] {
    var staying: [String: Double] = [:]
    for (name, fraction) in retained.sorted(by: { $0.key < $1.key }) {
      let nuclide = try nuclide(name)
      guard (0...1).contains(fraction) else {
        throw RadionuclideError(
          "retention-range", "The fraction of \(nuclide.name) that stays is \(fraction).",
          remedy: "Give a fraction from 0 to 1.")
      }
      staying[nuclide.name] = fraction
    }
    return staying
  }

  private func fractions(_ branching: [DecayChain.Branch]) throws(RadionuclideError) -> [String: [String: Double]] {
    var replaced: [String: [String: Double]] = [:]
    for branch in branching {
      let nuclide = try nuclide(branch.nuclide)
      let product = NuclideName(branch.product)?.name ?? branch.product
      guard nuclide.products.contains(where: { $0.name == product }) else {
        throw RadionuclideError(
          "unknown-branch", "\(nuclide.name) does not decay to \(product).",
          remedy: "Choose from \(nuclide.products.map(\.name).joined(separator: ", ")).")
      }
      guard (0...1).contains(branch.fraction) else {
        throw RadionuclideError(
          "branching-range", "The branching from \(nuclide.name) to \(product) is \(branch.fraction).",
          remedy: "Give a fraction from 0 to 1.")
      }
      replaced[nuclide.name, default: [:]][product] = branch.fraction
    }
    for (name, fractions) in replaced {
      let sum = try nuclide(name).products.reduce(0) { $0 + (fractions[$1.name] ?? $1.branching) }
      guard sum <= 1 + 1e-9 else {
        throw RadionuclideError(
          "branching-sum", "The branching fractions of \(name) sum to \(sum).",
          remedy: "Give the fractions of all its products so that they sum to at most 1.")
      }
    }
    return replaced
  }
}
