import Numerics
import Quantities
import Statistics
import Testing

@testable import Laboratory

@Suite struct AssayTests {
  @Test("Migrated cells are counted cells over beads times added beads")
  func migration() throws {
    let well = try MigrationWell(cells: 810, beads: 4000, addedBeads: 25000)
    #expect(well.total == 5062.5)
    #expect(abs(try #require(well.standardUncertainty) / 195.07 - 1) < 1e-3)
    #expect(throws: LaboratoryError.self) { try MigrationWell(cells: 10, beads: 0, addedBeads: 100) }
  }

  @Test("Scores of stained cells follow their classes")
  func staining() throws {
    let cells = try StainedCells(weak: 20, moderate: 30, strong: 40)
    #expect(cells.hScore == 200)
    #expect(cells.immunoreactiveScore == 8)
    #expect(cells.allredScore == 7)
    let none = try StainedCells(weak: 0, moderate: 0, strong: 0)
    #expect((none.hScore, none.immunoreactiveScore, none.allredScore) == (0, 0, 0))
    let few = try StainedCells(weak: 0, moderate: 0, strong: 9)
    #expect((few.immunoreactiveScore, few.allredScore) == (3, 5))
    #expect(throws: LaboratoryError.self) { try StainedCells(weak: 60, moderate: 30, strong: 40) }
  }

  @Test("Classes of the immunoreactive and Allred scores change at their bounds")
  func classes() {
    #expect([0, 5, 10, 50, 51, 80, 81].map(StainedCells.remmele) == [0, 1, 2, 2, 3, 3, 4])
    #expect([0, 0.5, 1, 10, 33, 34, 66, 67].map(StainedCells.allred) == [0, 1, 2, 2, 3, 4, 4, 5])
  }

  @Test("A tumour that doubles in four days grows with that doubling time")
  func growth() throws {
    let volumes = try [(8.0, 5.0), (8, 5 * 2.0.squareRoot())].map {
      try Xenograft.volume(length: .millimetres($0.0), width: .millimetres($0.1))
    }
    #expect(volumes[0] == .millilitres(0.1))
    let rate = try #require(Xenograft.growthRate(times: [.days(3), .days(7)], volumes: volumes))
    #expect(abs(rate.halfLife.days - 4) < 1e-9)
    #expect(throws: LaboratoryError.self) { try Xenograft.volume(length: .millimetres(3), width: .millimetres(5)) }
  }

  @Test("Uptake is the share of the injected activity over the mass")
  func uptake() throws {
    let value = try Xenograft.uptake(.becquerels(50_000), injected: .megabecquerels(1), mass: .grams(0.25))
    #expect(abs(value - 20) < 1e-12)
  }

  @Test("A dilution series that halves every cycle doubles every cycle")
  func standardCurve() throws {
    let curve = try StandardCurve(inputs: [8, 4, 2, 1], cycles: [20, 21, 22, 23])
    #expect(abs(curve.efficiency - 1) < 1e-12)
    #expect(abs(curve.determination - 1) < 1e-12)
    #expect(throws: LaboratoryError.self) { try StandardCurve(inputs: [1, 0], cycles: [20, 21]) }
  }

  @Test("Droplets that are all positive are refused and none positive is zero")
  func droplets() throws {
    #expect(throws: LaboratoryError.self) { try DropletCount(positives: 100, negatives: 0) }
    let none = try DropletCount(positives: 0, negatives: 100)
    #expect(none.copiesPerDroplet == 0)
    #expect(throws: LaboratoryError.self) { try FractionalAbundance(target: none, reference: none) }
  }

  @Test("The nearest cell is found among many as by looking at every pair")
  func nearest() {
    var stream = RandomStream(seed: 3, stream: "cells")
    let cells = (0..<300).map { i in
      CellPhenotypes.Cell(
        x: 100 * stream.uniform(), y: 100 * stream.uniform(), phenotype: i % 3 == 0 ? "A" : "B", tissue: nil,
        sample: i % 2 == 0 ? "1" : "2")
    }
    let map = CellPhenotypes(cells)
    for (from, to) in [("A", "B"), ("B", "A"), ("A", "A")] {
      let all = cells.indices.filter { cells[$0].phenotype == from }.map { i in
        cells.indices.filter { $0 != i && cells[$0].phenotype == to && cells[$0].sample == cells[i].sample }.map {
          ((cells[$0].x - cells[i].x) * (cells[$0].x - cells[i].x) + (cells[$0].y - cells[i].y)
            * (cells[$0].y - cells[i].y))
            .squareRoot()
        }
      }
      #expect(map.nearest(from: from, to: to).distances == all.map { $0.min()! })
      let near = all.map { $0.count { $0 <= 15 } + (from == to ? 1 : 0) }
      let within = map.within(from: from, to: to, radius: 15)
      #expect(within.fromWith == near.count { $0 > 0 })
      #expect(abs(within.mean - Double(near.reduce(0, +)) / Double(near.count)) < 1e-12)
    }
  }

  @Test("A table is read with its delimiter, quotes and decimal commas, and refused with other columns")
  func tables() throws {
    let table = try DataTable(export: Array("# note\na;b;c\n\"x;y\";1,5;\n".utf8), file: "t.csv")
    #expect(table.columns == ["a", "b", "c"])
    #expect(table[0, 0] == "x;y")
    #expect(try table.number(0, 1) == 1.5)
    #expect(try table.number(0, 2) == nil)
    #expect(throws: StatisticsError.self) { try DataTable(export: Array("a,b\n1,2,3\n".utf8), file: "t.csv") }
    #expect(throws: StatisticsError.self) { try table.number(0, 0) }
  }
}
