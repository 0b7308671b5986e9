import Foundation
import JSON
public import Provenance
public import Quantities

/// How the masses of organs are counted.
public enum MassConvention: String, CaseIterable, Hashable, Sendable {
  /// Parenchyma alone (ICRP Publication 89), as OLINDA/EXM 2 takes it.
  case withoutBlood = "without-blood"
  /// With the blood in the organ (ICRP Publication 133), as IDAC-Dose takes it.
  case withBlood = "with-blood"
}

/// A reference adult made of equations (Cristy and Eckerman, ORNL/TM-8381; Stabin et al., ORNL/TM-12907).
public struct StylisedPhantom: Sendable {
  /// What fills an organ.
  enum Tissue: String, Sendable { case soft, lung, skeleton }

  /// One organ; organs do not overlap.
  struct Organ: Sendable {
    let region: String
    let tissue: Tissue
    let shape: Shape
    let box: Box
  }

  /// `adult-male` or `adult-female`.
  public let name: String
  /// Where its dimensions come from.
  public let source: Source
  let organs: [Organ]
  let body: Shape
  private let bodyBox: Box
  /// The skin, which is looked at last: its block holds everything.
  private let skin: Int
  private let masses: [String: [MassConvention: Double]]

  /// The names of the phantoms.
  public static let names = ["adult-male", "adult-female"]

  /// The phantom of a name.
  ///
  /// - Throws: ``TransportError`` for an unknown name and when the file is missing or altered.
  public static func named(_ name: String) throws(TransportError) -> StylisedPhantom {
    guard names.contains(name) else {
      throw TransportError(
        "unknown-phantom", "There is no phantom '\(name.prefix(20))'.",
        remedy: "Choose \(names.joined(separator: " or ")).")
    }
    do {
      let root = try JSONDocument(try TransportResource.bytes("stylised-phantoms", "json"), dialect: .strict).root
      let source = Source(try root.required("source").string())
      for node in try root.required("phantoms").list() where try node.required("name").string() == name {
        return try StylisedPhantom(node, name: name, source: source)
      }
    } catch {
      throw TransportResource.broken("stylised-phantoms", error)
    }
    throw TransportError(
      "resource-broken", "The file of the phantoms lacks \(name).", remedy: "Install Endora again.",
      category: .internalFault)
  }

  /// The names of the regions that have shapes, in the order in which voxels are filled.
  public var regions: [String] { organs.map(\.region) }

  /// The reference mass of a region, of an organ or of a distributed tissue such as `red marrow`; with blood it falls
  /// back on the mass without where no other is known. `nil` for what has no reference mass.
  public func referenceMass(of region: String, _ convention: MassConvention) -> Mass? {
    guard let known = masses[region] else { return nil }
    return (known[convention] ?? known[.withoutBlood]).map { .grams($0) }
  }

  static let otherTissue = -1
  static let outside = -2

  /// The index in ``regions`` of the organ at a place in cm, ``otherTissue`` or ``outside``.
  func place(at p: SIMD3<Double>) -> Int {
    guard bodyBox.contains(p), body.contains(p) else { return Self.outside }
    for index in organs.indices where index != skin && organs[index].box.contains(p) {
      if organs[index].shape.contains(p) { return index }
    }
    return organs[skin].shape.contains(p) ? skin : Self.otherTissue
  }

  private init(_ node: JSONNode, name: String, source: Source) throws {
    self.name = name
    self.source = source
    body = try Shape(try node.required("body"))
    var organs: [Organ] = []
    var masses: [String: [MassConvention: Double]] = [:]
    func read(_ organ: JSONNode) throws -> String {
      let region = try organ.required("region").string()
      var known: [MassConvention: Double] = [:]
      known[.withoutBlood] = try organ["withoutBlood_g"]?.double()
      known[.withBlood] = try organ["withBlood_g"]?.double()
      if !known.isEmpty { masses[region] = known }
      return region
    }
    for organ in try node.required("organs").list() {
      let shape = try Shape(try organ.required("shape"))
      let tissue = try organ.required("tissue")
      guard let filling = Tissue(rawValue: try tissue.string()) else {
        throw tissue.refusal("tissue", found: "the tissue is unknown", remedy: "Use soft, lung or skeleton.")
      }
      organs.append(Organ(region: try read(organ), tissue: filling, shape: shape, box: shape.box))
    }
    for tissue in try node.required("distributed").list() { _ = try read(tissue) }
    guard let skin = organs.firstIndex(where: { $0.region == "skin" }) else {
      throw node.refusal("skin", found: "the phantom has no skin", remedy: "Add it.")
    }
    self.organs = organs
    self.masses = masses
    self.skin = skin
    bodyBox = body.box
  }
}
