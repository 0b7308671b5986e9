import Foundation
import Quantities
import Statistics
import Testing

@testable import Laboratory

@Suite struct BenchAssayTests {
  @Test("A quarter of equal alleles with indels cleaves 7/16 of the light, and the control's share is taken off")
  func cleavage() throws {
    // Of random pairs of strands (3/4)² are uncut when every indel differs.
    let lane = try MismatchCleavage(parent: 9, fragments: [4, 3])
    #expect(abs(lane.indelPercent - 25) < 1e-12)
    let noisy = try MismatchCleavage(parent: 0.9 * 9, fragments: [4 + 0.9, 3], background: 0.1)
    #expect(abs(noisy.indelPercent - 25) < 1e-9)
    #expect(try MismatchCleavage(parent: 10, fragments: [0, 0]).indelPercent == 0)
    #expect(throws: LaboratoryError.self) { try MismatchCleavage(parent: 0, fragments: [0]) }
    #expect(throws: LaboratoryError.self) { try MismatchCleavage(parent: 1, fragments: [-1, 3]) }
  }

  @Test("Internalisation that rises to 60 % with a half time of 10 min is found so")
  func internalisation() throws {
    let times = [0.0, 2, 5, 10, 20, 40, 60]
    let shares = times.map { 0.6 * (1 - exp2(-$0 / 10)) }
    let fit = try Internalisation(
      times: times.map { .minutes($0) }, surface: shares.map { 500 * (1 - $0) }, internalised: shares.map { 500 * $0 })
    #expect(abs(fit.plateau.value - 0.6) < 1e-6)
    #expect(abs(fit.rate.halfLife.minutes - 10) < 1e-4)
    #expect(fit.plateau.standardUncertainty < 1e-4)
    #expect(throws: LaboratoryError.self) {
      try Internalisation(times: [.minutes(1), .minutes(2)], surface: [1, 1], internalised: [1, 1])
    }
    #expect(throws: LaboratoryError.self) {
      try Internalisation(
        times: [1, 2, 3, 4].map { .minutes($0) }, surface: [0, 0, 1, 1], internalised: [0, 0, 1, 1])
    }
  }

  @Test("A batch is stable until the last chromatogram before the first below its limit")
  func purity() throws {
    let purity = try RadiochemicalPurity(
      times: [.hours(24), .hours(0), .hours(4), .hours(48)], product: [94, 99, 97, 96], others: [6, 1, 3, 4])
    #expect(purity.points.map(\.percent) == [99, 97, 94, 96])
    #expect(purity.points.map(\.meets) == [true, true, false, true])
    #expect(purity.stableUntil == .hours(4))
    #expect(try RadiochemicalPurity(times: [.hours(0)], product: [90], others: [10]).stableUntil == nil)
    #expect(throws: LaboratoryError.self) { try RadiochemicalPurity(times: [.hours(0)], product: [0], others: [0]) }
  }

  @Test("Antibodies a cell lie on the line of the beads, less those of the isotype")
  func density() throws {
    let capacities = [5000.0, 20_000, 80_000, 320_000]
    let density = try AntigenDensity(capacities: capacities, medians: capacities.map { pow($0 / 20, 1 / 0.95) })
    #expect(abs(density.slope - 0.95) < 1e-12 && abs(density.determination - 1) < 1e-12)
    let stained = pow(50_000.0 / 20, 1 / 0.95)
    let isotype = pow(1_000.0 / 20, 1 / 0.95)
    let found = try #require(density.specific(stained: stained, isotype: isotype))
    #expect(abs(found / 49_000 - 1) < 1e-9)
    #expect(density.specific(stained: -5, isotype: 10) == nil)
    #expect(throws: LaboratoryError.self) { try AntigenDensity(capacities: [1, 2], medians: [1, 2]) }
    #expect(throws: LaboratoryError.self) { try AntigenDensity(capacities: [1, 2, 3], medians: [3, 2, 1]) }
  }

  @Test("Each of Westgard's rules is broken where it should be and nowhere else")
  func control() throws {
    // Mean 0 and deviation 1 of the first twenty.
    let scale = (19.0 / 20).squareRoot()
    let base = (0..<20).map { $0.isMultiple(of: 2) ? scale : -scale }
    func broken(_ more: [Double]) throws -> [[ControlChart.Rule]] {
      try ControlChart(base + more).points.dropFirst(20).map(\.broken)
    }
    #expect(try ControlChart(base).points.allSatisfy { $0.broken.isEmpty })
    #expect(try broken([3.1]) == [[.oneBeyondThree, .rangeOfFour]])
    #expect(try broken([0, 2.5, 2.5]) == [[], [], [.twoBeyondTwo]])
    #expect(try broken([0.5, 2.1, -2.1]) == [[], [], [.rangeOfFour]])
    #expect(try broken([-0.1, 1.2, 1.3, 1.2, 1.1]) == [[], [], [], [], [.fourBeyondOne]])
    #expect(try broken([-0.1] + Array(repeating: 0.2, count: 10)).last == [.tenOnOneSide])
    #expect(throws: LaboratoryError.self) { try ControlChart(Array(base.prefix(19))) }
  }

  private static let rdml = """
    <?xml version="1.0" encoding="UTF-8"?>
    <rdml version="1.1" xmlns:rdml="http://www.rdml.org" xmlns="http://www.rdml.org">
      <sample id="bridge"><type>unkn</type><interRunCalibrator>true</interRunCalibrator></sample>
      <sample id="patient"><type>unkn</type></sample><sample id="water"><type>ntc</type></sample>
      <target id="CXCR4"><type>toi</type><amplificationEfficiency>1.9</amplificationEfficiency></target>
      <target id="HPRT1"><type>ref</type></target>
      <experiment id="e">
        <run id="plate 1">
          <react id="1"><sample id="bridge"/><data><tar id="CXCR4"/><cq>25.0</cq></data><data><tar id="HPRT1"/><cq>22.0</cq></data></react>
          <react id="2"><sample id="water"/><data><tar id="CXCR4"/><cq>39.0</cq></data></react>
        </run>
        <run id="plate 2">
          <react id="1"><sample id="bridge"/><data><tar id="CXCR4"/><cq>26.0</cq></data><data><tar id="HPRT1"/><cq>22.5</cq></data></react>
          <react id="2"><sample id="patient"/><data><tar id="CXCR4"/><cq>24.0</cq></data><data><tar id="HPRT1"/><cq>22.5</cq></data></react>
          <react id="3"><sample id="patient"/><data><tar id="CXCR4"/><cq>-1</cq></data></react>
        </run>
      </experiment>
    </rdml>
    """

  @Test("RDML gives cycles by run, references, calibrators and efficiencies, without water controls")
  func rdml() throws {
    let document = try RDMLDocument(xml: Array(Self.rdml.utf8))
    #expect(document.references == ["HPRT1"] && document.runCalibrators == ["bridge"])
    #expect(document.efficiencies == ["CXCR4": 1.9])
    #expect(document.cycles.count == 7 && !document.cycles.contains { $0.cycle.group == "water" })
    #expect(document.cycles.last?.cycle.value == nil)
    #expect(throws: LaboratoryError.self) { try RDMLDocument(xml: Array("<rdml/>".utf8)) }
  }

  @Test("Runs are shifted so that their calibrators agree, each gene by itself")
  func runs() throws {
    let document = try RDMLDocument(xml: Array(Self.rdml.utf8))
    let calibration = try InterRunCalibration(document.cycles, calibrators: document.runCalibrators)
    #expect(calibration.shifts["CXCR4"] == ["plate 1": -0.5, "plate 2": 0.5])
    #expect(calibration.shifts["HPRT1"] == ["plate 1": -0.25, "plate 2": 0.25])
    #expect(calibration.cycles.filter { $0.gene == "CXCR4" }.map(\.value) == [25.5, 25.5, 23.5, nil])
    #expect(throws: LaboratoryError.self) { try InterRunCalibration(document.cycles, calibrators: ["patient"]) }
  }

  @Test("A line's interval has the width of its standard error at the mean and grows away from it")
  func line() throws {
    let trend = try LinearTrend([1, 2, 3, 4, 5], [1.1, 1.9, 3.2, 3.9, 5.4])
    #expect(abs(trend.value(at: 3) - 3.1) < 1e-12)
    // The residuals' squares sum to 0.144; t is 3.182446 for three degrees of freedom.
    let middle = try #require(trend.interval(at: 3))
    #expect(abs((middle.upper - middle.lower) / 2 - 3.182446305284263 * (0.144 / 3 / 5).squareRoot()) < 1e-9)
    let end = try #require(trend.interval(at: 5))
    #expect(abs((end.upper - end.lower) / 2 - 3.182446305284263 * (0.144 / 3 * (0.2 + 0.4)).squareRoot()) < 1e-9)
  }
}
